import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { Model } from '@boocode/contracts/provider.ts';
import type { Command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { formatPatchFitted } from '../changes/format-patch.ts';
import { connectOrStart } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { makeSampleRepository } from '../demo/sample-repository.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { watchTurn } from '../turn/watch-turn.ts';

const TASK = 'Make one small improvement to this project.';
const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 100;

export const demo: Command = {
  name: 'demo',
  group: 'server',
  summary: 'Try BooCode on a small sample repository with the built-in demo model',
  args: [],
  options: {},
  notes: ['The sample is made in a temporary folder. Nothing of yours is touched, and no model server is needed.'],
  async run(context) {
    const connection = await connectOrStart(context);
    const model = await findDemoModel(connection.api);
    const folder = await makeSampleRepository(context.env);
    introduce(context, folder, model);
    const task = await connection.api.createTask({ body: { input: TASK, projectPath: folder, model: model.id } });
    const status = await watchTurn(context, connection, task, { json: false, detach: false });
    if (status !== EXIT.completed) return status;
    const { items } = await connection.api.listChanges({ params: { id: task.sessionId }, query: { state: 'pending' } });
    for (const change of items) context.out.write(`\n${formatPatchFitted(change, context.out)}`);
    if (items.length > 0) explain(context, folder, shortId(task.id));
    return status;
  },
};

function introduce({ out }: Context, folder: string, model: Model): void {
  out.line(wrapText('A demo: the model is a small script that is part of BooCode, and the repository is a sample.', out.width));
  out.line(`The repository: ${folder}`);
  out.line(`The model:      ${model.id}, built in`);
  out.line(`The task:       ${TASK}`);
  out.line('');
}

function explain({ out }: Context, folder: string, id: string): void {
  out.line('');
  out.line(
    wrapText(`Nothing has changed in the repository yet. \`boocode apply ${id}\` takes the change in, \`boocode rewind ${id}\` takes it back out.`, out.width),
  );
  out.line(wrapText('With your own repository and model: `boocode run "what to do"` in its folder.', out.width));
  out.line(`When you are done: rm -r ${folder}`);
}

/** The demo model, which a server that has just started may still be looking for. */
async function findDemoModel(api: ApiClient): Promise<Model> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await api.listModels();
    const model = items.find((one) => one.demo);
    if (model !== undefined) return model;
    if (Date.now() > deadline)
      throw new ExitError(EXIT.failed, 'Cannot run the demo: the server offers no demo model; see `boocode models` and `boocode doctor`');
    await delay(LOOK_AGAIN_MS);
  }
}
