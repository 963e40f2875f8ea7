import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { ChatId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer({ OTHER_KEY: 'sk-from-the-environment' });
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

it('a model server is added, used, tested and removed without a restart, and its key is never shown', async () => {
  const other = await startDemoModel();
  const { api } = server;
  await stat(opened.home);
  await writeFile(join(opened.home, 'config.json'), '{\n  // my own\n  "limits": { "maxSteps": 9 }\n}\n');
  const view = await api.patchModelServers({ body: { id: 'other', server: { url: other.url, key: 'sk-very-secret' } } });
  expect(view.modelServers).toEqual([
    { id: 'other', url: other.url, key: '••••••••', headers: [], contextSize: null, slots: null, source: 'config' },
    { id: 'default', url: opened.model.url, key: null, headers: [], contextSize: null, slots: null, source: 'environment' },
  ]);
  expect(await readFile(join(opened.home, 'config.json'), 'utf8')).toContain('// my own');
  expect((await stat(join(opened.home, 'config.json'))).mode & 0o077).toBe(0);
  await api.patchModelServers({ body: { id: 'other', server: { key: '{env:OTHER_KEY}', contextSize: 4096 } } });
  const shown = JSON.stringify(await api.getConfig());
  expect(shown).toContain('{env:OTHER_KEY}');
  expect(shown).not.toMatch(/very-secret|from-the-environment/);
  expect(await api.testModelServer({ params: { id: 'other' } })).toMatchObject({ ok: true, message: null, models: [{ id: 'demo' }] });
  expect(await api.testModelServer({ params: { id: 'new-one' }, body: { server: { url: 'http://127.0.0.1:9/v1' } } })).toMatchObject({ ok: false, models: [] });
  await expect(api.testModelServer({ params: { id: 'nobody' } })).rejects.toMatchObject({ code: 'not_found' });
  await expect(api.patchModelServers({ body: { id: 'default', server: null } })).rejects.toMatchObject({ code: 'conflict' });
  expect((await api.listModels()).servers.map(({ id }) => id)).toContain('other');
  await api.patchModelServers({ body: { id: 'other', server: null } });
  expect((await api.listModels()).servers.map(({ id }) => id)).not.toContain('other');

  const broken = '{ "modelServers": ';
  await writeFile(join(opened.home, 'config.json'), broken);
  expect((await api.getConfig()).editable).toMatch(/not valid JSON/);
  await expect(api.patchModelServers({ body: { id: 'other', server: { url: other.url } } })).rejects.toMatchObject({ code: 'conflict' });
  expect(await readFile(join(opened.home, 'config.json'), 'utf8')).toBe(broken);
  await other.close();
});

it('a message that waits is steered into the turn that runs, and the model hears it after the step', async () => {
  const { api } = server;
  const path = await opened.newRepository({ 'a.txt': 'alpha\n' });
  const input = 'demo: call shell {"command":"while [ ! -e go ]; do sleep 0.05; done"}\ndemo: say Not heard.';
  const task = await api.createTask({ body: { input, projectPath: path, access: 'full' } });
  const watcher = await watchChat(server, task.chatId);
  await watcher.until((state) => state.messages.some((message) => message.parts.some((part) => part.type === 'tool' && part.status === 'running')));
  const waiting = await api.sendMessage({ params: { id: task.chatId }, body: { text: 'demo: say Heard in the middle.' } });
  const steered = api.steerMessage({ params: { id: waiting.messageId } });
  const worktree = (await api.listWorktrees()).items.find((one) => one.sessionId === task.sessionId)!;
  await writeFile(join(worktree.path, 'go'), '');
  expect(await steered).toEqual({ result: 'delivered' });
  const state = await watcher.until((now) => now.messages[1]?.status === 'completed' && now.tasks.length === 0);
  watcher.close();
  expect(state.messages.map((message) => message.parts.map((part) => part.type))).toEqual([['text'], ['tool', 'steered', 'text']]);
  expect(state.messages[1]?.parts.at(-1)).toEqual({ type: 'text', text: 'Heard in the middle.' });
  expect((await api.listPrompts({ params: { id: task.chatId } })).items.map((prompt) => prompt.text)).toEqual(['demo: say Heard in the middle.', input]);
  expect((await api.search({ query: { q: 'heard midd' } })).items).toMatchObject([{ chatId: task.chatId, position: 2, role: 'assistant' }]);
});

it("files are shown as a session's agent left them, and as they are in the folder", async () => {
  const { api } = server;
  const path = await opened.newRepository({ 'a.txt': 'alpha\n', 'ünï &.txt': 'odd\n' });
  const input = 'demo: call write {"path":"src/made.ts","content":"export const needle = 1;\\n"}\ndemo: say done';
  const task = await api.createTask({ body: { input, projectPath: path, access: 'edits' } });
  const watcher = await watchChat(server, task.chatId);
  await watcher.until((state) => state.messages[1]?.status === 'completed' && state.tasks.length === 0);
  watcher.close();
  const params = { id: task.projectId };
  const session = task.sessionId;
  const names = async (query: Parameters<typeof api.listFiles>[0]['query']) =>
    (await api.listFiles({ params, query: query ?? {} })).items.map(({ path: name, kind, status }) => [name, kind, status]);
  expect(await names({})).toEqual([
    ['a.txt', 'file', null],
    ['ünï &.txt', 'file', null],
  ]);
  expect((await names({ session }))[0]).toEqual(['src', 'folder', '?']);
  expect(await names({ session, path: 'src' })).toEqual([['src/made.ts', 'file', '?']]);
  expect(await api.getFile({ params, query: { path: 'ünï &.txt' } })).toMatchObject({ text: 'odd\n', lines: 1 });
  await expect(api.getFile({ params, query: { path: 'src/made.ts' } })).rejects.toMatchObject({ code: 'not_found' });
  expect((await api.findFileNames({ params, query: { q: 'mdts', session } })).items.map((file) => file.path)).toEqual(['src/made.ts']);
  expect(await api.searchFiles({ params, query: { q: 'needle', session } })).toMatchObject({
    items: [{ path: 'src/made.ts', line: 1, column: 14 }],
    truncated: false,
  });
  const costs = await api.getCosts({ query: { group_by: 'model' } });
  expect(costs.items).toMatchObject([{ key: 'demo', cost: null }]);
  await expect(api.getCosts({ query: { timezone: 'Nowhere/At-All' } })).rejects.toMatchObject({ code: 'invalid_request' });
});

it('two windows that arrange the same session do not overwrite each other', async () => {
  const { api } = server;
  const project = await api.createProject({ body: { path: opened.folder } });
  const { id } = await api.createSession({ body: { projectId: project.id } });
  const layout = (name: string) => ({ root: { type: 'pane' as const, id: name, tabs: [], active: null }, focused: name, maximised: null });
  expect(await api.getLayout({ params: { id } })).toEqual({ layout: null, version: 0 });
  expect(await api.patchLayout({ params: { id }, body: { layout: layout('a'), version: 0 } })).toEqual({ layout: layout('a'), version: 1 });
  await expect(api.patchLayout({ params: { id }, body: { layout: layout('b'), version: 0 } })).rejects.toMatchObject({
    code: 'conflict',
    details: { layout: layout('a'), version: 1 },
  });
});

it('shortcuts and other choices are kept, and checked', async () => {
  const { api } = server;
  const chosen = {
    shortcuts: { 'pane.split': 'Ctrl+\\', 'chat.find': 'g f', 'palette.open': null },
    notifications: true,
    reduce_motion: 'on',
    wrap: true,
  } as const;
  expect(await api.patchSettings({ body: chosen })).toMatchObject(chosen);
  expect(await api.getSettings()).toMatchObject({ ...chosen, sounds: false, theme_id: 'ember' });
  for (const shortcuts of [{ 'Bad Name': 'x' }, { ok: '' }, { ok: 'a b c d' }]) {
    await expect(api.patchSettings({ body: { shortcuts } })).rejects.toMatchObject({ code: 'invalid_request' });
  }
});

it('a window of a chat is loaded around a hit, and further to both sides', async () => {
  const { api } = server;
  const path = await opened.newRepository({ 'a.txt': 'a\n' });
  const project = await api.createProject({ body: { path } });
  const session = await api.createSession({ body: { projectId: project.id, access: 'read-only' } });
  const id = session.chats[0]!.id;
  const watcher = await watchChat(server, id);
  for (let i = 1; i <= 5; i++) {
    await api.sendMessage({ params: { id }, body: { text: `demo: say answer ${i}` } });
    await watcher.until((state) => state.messages.filter((message) => message.status === 'completed').length === i * 2 && state.tasks.length === 0);
  }
  watcher.close();
  const read = async (query: Parameters<typeof api.listMessages>[0]['query']) => {
    const { items, nextCursor, newerCursor } = await api.listMessages({ params: { id }, query: query ?? {} });
    return [items.map((message) => message.position), nextCursor, newerCursor];
  };
  expect((await api.findInChat({ params: { id }, query: { q: 'ANSWER 3' } })).items.map(({ position }) => position)).toEqual([5, 6]);
  expect(await read({ around: 5, limit: 4 })).toEqual([[3, 4, 5, 6], '3', '6']);
  expect(await read({ after: 6, limit: 2 })).toEqual([[7, 8], '7', '8']);
  expect(await read({ after: 8, limit: 2 })).toEqual([[9, 10], '9', null]);
  expect(await read({ before: 3, limit: 4 })).toEqual([[1, 2], null, '2']);
  expect(await read({ limit: 3 })).toEqual([[8, 9, 10], '8', null]);
  await expect(read({ around: 1, after: 2 })).rejects.toMatchObject({ code: 'invalid_request' });
});

it('a chat that is deleted comes back as it was; one whose turn runs is deleted only when that is meant', async () => {
  const { api } = server;
  const path = await opened.newRepository({ 'a.txt': 'alpha\n' });
  const first = await api.createTask({ body: { input: 'demo: say Kept words.', projectPath: path } });
  const sessionId = first.sessionId;
  const watcher = await watchChat(server, first.chatId);
  await watcher.until((state) => state.messages[1]?.status === 'completed' && state.tasks.length === 0);
  watcher.close();
  const second = await api.createChat({ params: { id: sessionId }, body: { title: 'Other' } });
  await api.deleteChat({ params: { id: first.chatId } });
  expect((await api.getSession({ params: { id: sessionId } })).chats.map((chat) => chat.title)).toEqual(['Other']);
  await expect(api.sendMessage({ params: { id: first.chatId }, body: { text: 'demo: say lost' } })).rejects.toMatchObject({ code: 'not_found' });
  const restored = await api.restoreChat({ params: { id: first.chatId } });
  expect((await api.getSession({ params: { id: sessionId } })).chats.map((chat) => chat.id)).toEqual([first.chatId, second.id]);
  expect((await api.listMessages({ params: { id: restored.id } })).items[1]?.parts).toEqual([{ type: 'text', text: 'Kept words.' }]);

  const running = await api.createTask({ body: { input: 'demo: stream 100000 tokens at 20 per second', chatId: second.id, access: 'read-only' } });
  await expect(api.deleteChat({ params: { id: second.id } })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/a turn of it has not ended/),
  });
  await api.deleteChat({ params: { id: second.id }, query: { force: 'true' } });
  expect((await api.getTask({ params: { id: running.id } })).state).toBe('cancelled');
  await api.restoreChat({ params: { id: second.id } });
  expect((await api.listMessages({ params: { id: second.id } })).items.map((message) => message.status)).toEqual(['completed', 'cancelled']);
  await expect(api.restoreChat({ params: { id: ChatId.parse(crypto.randomUUID()) } })).rejects.toMatchObject({ code: 'not_found' });
});

it('a session that is deleted comes back with its chats, its changes and its worktree, and what failed in it waits for a decision again', async () => {
  const { api } = server;
  const path = await opened.newRepository({ 'a.txt': 'alpha\n' });
  const input = 'demo: call write {"path":"new.txt","content":"fresh\\n"}\ndemo: fault 400';
  const task = await api.createTask({ body: { input, projectPath: path, access: 'edits' } });
  const watcher = await watchChat(server, task.chatId);
  await watcher.until((state) => state.messages[1]?.status === 'failed' && state.tasks.length === 0);
  watcher.close();
  const id = task.sessionId;
  const before = await api.getSession({ params: { id } });
  // How much it takes on the disk is measured in its own time.
  const mine = async () =>
    (await api.listWorktrees()).items.map((worktree) => ({ ...worktree, disk: null })).find(({ projectId }) => projectId === task.projectId);
  const worktree = await mine();
  const waits = async () => (await api.getInbox()).items.some((item) => item.type === 'task' && item.task.id === task.id);
  expect(await waits()).toBe(true);
  await api.deleteSession({ params: { id }, query: { force: 'true' } });
  expect([await waits(), (await mine())?.sessionId]).toEqual([false, null]);
  await expect(api.restoreChat({ params: { id: task.chatId } })).rejects.toMatchObject({ code: 'not_found' });
  expect(await api.restoreSession({ params: { id } })).toEqual(before);
  expect([await waits(), await mine()]).toEqual([true, worktree]);
  expect((await api.listChanges({ params: { id } })).items.map((change) => [change.path, change.state])).toEqual([['new.txt', 'pending']]);
});
