import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startDemoModel, type DemoModel } from '@boocode/demo-model/demo-model.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  killServerProgram,
  makeRepository,
  processesWith,
  type ServerProgram,
  startServerProgram,
  stopServerProgram,
  temporaryFolder,
  watchChat,
} from './server-program.ts';

let model: DemoModel;
const servers: ServerProgram[] = [];
beforeAll(async () => {
  model = await startDemoModel();
});
afterAll(async () => {
  for (const server of servers) await stopServerProgram(server);
  await model.close();
});

async function start(home: string): Promise<ServerProgram> {
  const server = await startServerProgram(home, { BOOCODE_MODEL_URL: model.url });
  servers.push(server);
  return server;
}

describe('kill -9 of the server in the middle of a turn', () => {
  it('keeps what was shown, ends every process, and goes on without running a finished tool again', async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'home');
    const repository = join(folder.path, 'project');
    await makeRepository(repository, { 'a.txt': 'a\n' });
    const counter = join(folder.path, 'counter');
    const first = await start(home);
    const script = [
      'Count once, then talk.',
      `demo: call shell ${JSON.stringify({ command: `echo ran >> ${counter}` })}`,
      `demo: call shell ${JSON.stringify({ command: `echo sleeping; sleep 271` })}`,
      'demo: say All done.',
    ].join('\n');
    const task = await first.api.createTask({ body: { input: script, projectPath: repository, access: 'full' } });
    const watcher = await watchChat(first, task.chatId);
    await watcher.until((state) => state.messages[1]?.parts.some((part) => part.type === 'tool' && part.live.includes('sleeping')) === true);
    const shown = watcher.state.messages[1]?.parts ?? [];
    await wait(250); // the promise: what is older than this is kept

    await killServerProgram(first);
    const killedAt = performance.now();
    while ((await processesWith(home)).length > 0 && performance.now() - killedAt < 6_000) await wait(50);
    expect(await processesWith(home)).toEqual([]);
    expect(await processesWith('sleep\x00271')).toEqual([]);
    expect(performance.now() - killedAt).toBeLessThan(5_500);

    const second = await start(home);
    const settled = await second.api.getTask({ params: { id: task.id } });
    expect(settled).toMatchObject({ state: 'interrupted', error: { code: 'interrupted' } });
    const { items } = await second.api.listMessages({ params: { id: task.chatId }, query: {} });
    expect(items[1]?.status).toBe('interrupted');
    expect(items[1]?.parts.map((part) => (part.type === 'tool' ? [part.title, part.status] : part))).toEqual(
      shown.map((part) => (part.type === 'tool' ? [part.title, part.status === 'running' ? 'cancelled' : part.status] : part)),
    );
    expect((await second.api.getInbox({ query: {} })).items).toMatchObject([{ type: 'task', task: { id: task.id } }]);

    const again = await second.api.continueTask({ params: { id: task.id } });
    const after = await watchChat(second, task.chatId);
    await after.until((state) => state.messages.some((message) => message.id === again.answerId && message.status === 'completed'));
    expect(await readFile(counter, 'utf8')).toBe('ran\n');
    const request = JSON.stringify(model.requests.at(-1)?.body);
    expect(request).toContain('sleeping');
    expect((await second.api.getInbox({ query: {} })).items).toEqual([]);
    after.close();
    await stopServerProgram(second);
    expect(await processesWith(home)).toEqual([]);
  });

  it('a turn that is stopped closes the socket to the model and ends its shell', async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'home');
    const repository = join(folder.path, 'project');
    await makeRepository(repository, { 'a.txt': 'a\n' });
    const server = await start(home);
    const talking = await server.api.createTask({
      body: { input: 'demo: stream 100000 tokens at 50 per second', projectPath: repository, access: 'read-only' },
    });
    const watcher = await watchChat(server, talking.chatId);
    await watcher.until((state) => state.messages[1]?.parts.some((part) => part.type === 'text' && part.text.length > 20) === true);
    const request = model.requests.at(-1)!;
    await server.api.cancelTask({ params: { id: talking.id } });
    await watcher.until((state) => state.messages[1]?.status === 'cancelled');
    await request.closed;
    expect(request.closedEarly).toBe(true);

    const marker = `sleep\x004${process.pid}`;
    const running = await server.api.createTask({
      body: {
        input: `demo: call shell ${JSON.stringify({ command: `echo up; sleep 4${process.pid} & sleep 4${process.pid}` })}`,
        projectPath: repository,
        access: 'full',
      },
    });
    const second = await watchChat(server, running.chatId);
    await second.until((state) => state.messages[1]?.parts.some((part) => part.type === 'tool' && part.live.includes('up')) === true);
    expect((await processesWith(marker)).length).toBeGreaterThan(0);
    await server.api.cancelTask({ params: { id: running.id } });
    await second.until((state) => state.messages[1]?.status === 'cancelled');
    expect(await processesWith(marker)).toEqual([]);
    expect(second.state.messages[1]?.parts).toMatchObject([{ type: 'tool', status: 'cancelled' }]);
    await stopServerProgram(server);
  });
});

describe('kill -9 of the server in the middle of "apply all"', () => {
  it('leaves every file old or every file new, and the database says which', async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'home');
    const repository = join(folder.path, 'project');
    const names = Array.from({ length: 120 }, (_, i) => `f${i}.txt`);
    await makeRepository(repository, Object.fromEntries(names.map((name) => [name, 'old\n'])));
    let server = await start(home);
    const script = `demo: call shell ${JSON.stringify({ command: 'for f in f*.txt; do echo new > $f; done' })}\ndemo: say done`;
    const task = await server.api.createTask({ body: { input: script, projectPath: repository, access: 'full' } });
    const watcher = await watchChat(server, task.chatId);
    await watcher.until((state) => state.messages[1]?.status === 'completed');
    const session = { id: task.sessionId };
    for (const delay of [0, 25, 60, 110, 400]) {
      const applying = server.api.applyChanges({ params: session, body: {} }).catch(() => null); // the connection is cut
      await wait(delay);
      await killServerProgram(server);
      await applying;
      server = await start(home);
      const contents = new Set(await Promise.all(names.map((name) => readFile(join(repository, name), 'utf8'))));
      const { items } = await server.api.listChanges({ params: session, query: { state: 'all' } });
      const states = new Set(items.map((change) => change.state));
      expect([contents.size, states.size, items.length]).toEqual([1, 1, names.length]);
      expect([...contents][0] === 'new\n').toBe([...states][0] === 'applied');
      expect((await readdir(repository)).toSorted()).toEqual(['.git', ...names].toSorted());
      if ([...states][0] === 'applied') await server.api.rewindChanges({ params: session, body: {} });
    }
    await stopServerProgram(server);
  });
});
