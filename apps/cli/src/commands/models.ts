import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';
import { formatCount } from '../terminal/quantity.ts';
import { wrapText } from '../terminal/wrap-text.ts';

export const models: Command = {
  name: 'models',
  group: 'look',
  summary: 'List models and their servers',
  args: [],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { items, servers } = await api.listModels();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'MODEL', flexible: true }, { title: 'SERVER' }, { title: 'CONTEXT', align: 'end' }, { title: '' }],
      row: (model) => [
        model.id,
        model.server,
        model.contextSize === null ? '' : formatCount(model.contextSize),
        [model.demo ? 'demo' : '', model.isDefault ? 'default' : ''].filter((mark) => mark !== '').join(', '),
      ],
      empty: 'No models. Start a model server, or name one with BOOCODE_MODEL_URL.',
    });
    for (const server of servers) {
      if (server.status === 'error')
        context.err.line(wrapText(neutraliseLine(`${server.id} (${server.url}): ${server.message ?? 'it does not answer'}`), context.err.width));
    }
    return EXIT.completed;
  },
};
