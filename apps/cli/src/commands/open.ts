import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { openBrowser } from '../connection/open-browser.ts';
import { jsonText } from '../terminal/json-line.ts';

export const open: Command = {
  name: 'open',
  group: 'server',
  summary: 'Print a fresh link to the browser page, and open it where that is possible',
  args: [],
  options: { 'no-open': { summary: 'Only print the link' }, ...JSON_OPTION },
  notes: ['The link holds a one-time code that is good for 10 minutes.'],
  async run(context, given) {
    const { api } = await connect(context);
    const link = await api.createCode();
    if (given.has('json')) context.out.write(jsonText(link));
    else context.out.line(link.url);
    if (!given.has('no-open') && !given.has('json') && context.isInteractive) await openBrowser(link.url, context.env);
    return EXIT.completed;
  },
};
