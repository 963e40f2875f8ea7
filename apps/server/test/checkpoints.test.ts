import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '@boocode/contracts/checkpoint.ts';
import type { MessageId } from '@boocode/contracts/ids.ts';
import { hasEnded } from '@boocode/contracts/task.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureCourier, courierPrompt } from './scripted-provider.ts';
import { git, openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer({}, configureCourier);
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const write = (path: string, content: string): string => `demo: call write ${JSON.stringify({ path, content })}`;

/** A session with one turn behind it: `a.txt` is changed and `new.txt` made. */
async function startedSession(options: { agent?: string; first?: string } = {}) {
  const path = await opened.newRepository({ 'a.txt': 'a\n' });
  const input = options.first ?? [write('a.txt', 'one\n'), write('new.txt', 'new\n'), 'demo: say done'].join('\n');
  const task = await server.api.createTask({
    body: { input, projectPath: path, access: 'full', ...(options.agent === undefined ? {} : { agent: options.agent }) },
  });
  const watcher = await watchChat(server, task.chatId);
  const ended = (id: string) =>
    watcher.until((state) => state.tasks.length === 0 && state.messages.some((message) => message.taskId === id && message.endedAt !== null));
  await ended(task.id);
  const worktree = (await server.api.listWorktrees()).items.find((one) => one.sessionId === task.sessionId)!;
  const send = async (text: string, more: { attachments?: { name: string; mediaType: string; text: string }[] } = {}) => {
    const accepted = await server.api.sendMessage({ params: { id: task.chatId }, body: { text, ...more } });
    await ended(accepted.taskId);
    return accepted;
  };
  const list = async () => (await server.api.listCheckpoints({ params: { id: task.sessionId }, query: {} })).items;
  const before = async (message: MessageId): Promise<Checkpoint> =>
    (await server.api.listCheckpoints({ params: { id: task.sessionId }, query: { message } })).items[0]!;
  const files = async (): Promise<Record<string, string>> => {
    const names = (await readdir(worktree.path)).filter((name) => name !== '.git').toSorted();
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(worktree.path, name), 'utf8')] as const)));
  };
  const texts = () => watcher.state.messages.map((message) => message.parts.map((part) => (part.type === 'text' ? part.text : part.type)).join('|'));
  return { task, path, worktree, watcher, send, list, before, files, texts, ended };
}

describe('checkpoints of turns', () => {
  it('lie before and after each turn, and are shared where nothing changed', async () => {
    const { task, send, list, watcher } = await startedSession();
    const talk = await send('demo: say just talking');
    const second = await send([write('a.txt', 'two\n'), 'demo: say done'].join('\n'));
    const found = await list();
    expect(found.map(({ kind, files, turns }) => [kind, files, turns.map(({ moment, taskId }) => `${moment} ${taskId}`)])).toEqual([
      ['before', 0, [`before ${task.id}`]],
      ['after', 2, [`after ${task.id}`, `before ${talk.taskId}`, `before ${second.taskId}`]],
      ['after', 1, [`after ${second.taskId}`]],
    ]);
    expect(found.every(({ agent, messageId, chatId }) => agent === 'boocode' && messageId !== null && chatId === task.chatId)).toBe(true);
    watcher.close();
  });
});

describe('restoring', () => {
  it('brings files and conversation back to before a prompt, and its undo brings all of it again', async () => {
    const { task, path, worktree, send, before, list, files, texts, watcher } = await startedSession();
    await mkdir(join(worktree.path, 'hollow'));
    const attachments = [{ name: 'note.txt', mediaType: 'text/plain', text: 'n' }];
    const second = await send([write('a.txt', 'two\n'), write('b/c.txt', 'c\n'), 'demo: say second'].join('\n'), { attachments });
    await send('demo: say third');
    const second2 = await watchChat(server, task.chatId);
    await second2.until((state) => state.messages.length === 6);
    await rm(join(worktree.path, 'hollow'), { recursive: true });
    await rm(join(worktree.path, 'b'), { recursive: true });
    await symlink('a.txt', join(worktree.path, 'link'));
    const [oldFiles, oldTexts] = [await files(), texts()];
    const point = await before(second.messageId);
    const query = { what: 'both', before: second.messageId } as const;
    expect(await server.api.previewRestore({ params: { id: point.id }, query })).toMatchObject({
      files: [
        { path: 'a.txt', kind: 'modified' },
        { path: 'link', kind: 'deleted' },
      ],
      hides: 4,
      brings: 0,
      refusal: null,
    });
    const result = await server.api.restoreCheckpoint({ params: { id: point.id }, body: query });
    expect(result).toMatchObject({
      message: '2 files changed back, 4 messages removed',
      files: 2,
      hidden: 4,
      leftAlone: [],
      prompt: { chatId: task.chatId, text: expect.stringContaining('two'), attachments },
    });
    expect(await readFile(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\n');
    expect((await stat(join(worktree.path, 'hollow'))).isDirectory()).toBe(true);
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('a\n');
    for (const one of [watcher, second2]) await one.until((state) => state.messages.length === 2);
    expect((await server.api.listMessages({ params: { id: task.chatId }, query: {} })).items.length).toBe(2);
    expect((await server.api.search({ query: { q: 'second' } })).items.filter(({ chatId }) => chatId === task.chatId)).toEqual([]);
    expect((await server.api.findInChat({ params: { id: task.chatId }, query: { q: 'second' } })).items).toEqual([]);
    expect((await server.api.listPrompts({ params: { id: task.chatId }, query: {} })).items.length).toBe(1);
    const changes = await server.api.listChanges({ params: { id: task.sessionId }, query: {} });
    expect(changes.items.map((change) => change.path)).toEqual(['a.txt', 'new.txt']);
    await expect(server.api.retryTask({ params: { id: second.taskId } })).rejects.toMatchObject({ code: 'conflict' });
    expect((await list()).some(({ id }) => id === point.id)).toBe(true);
    // The agent does not know of what was taken back.
    await send('demo: say afterwards');
    expect(JSON.stringify(opened.model.requests.at(-1)!.body)).not.toContain('say second');
    const undone = await server.api.restoreCheckpoint({ params: { id: result.safety }, body: { what: 'both' } });
    expect(undone).toMatchObject({ hidden: 2, broughtBack: 4, prompt: { text: 'demo: say afterwards' } });
    expect(await files()).toEqual(oldFiles);
    for (const one of [watcher, second2]) await one.until((state) => state.messages.length === 6);
    expect(texts()).toEqual(oldTexts);
    const again = await server.api.restoreCheckpoint({ params: { id: undone.safety }, body: { what: 'both' } });
    expect(again).toMatchObject({ hidden: 4, broughtBack: 2 });
    await watcher.until((state) => state.messages.length === 4);
    expect((await server.api.listTasks({ query: { session: task.sessionId } })).items.length).toBe(4);
    watcher.close();
    second2.close();
  });

  it('takes files, conversation or some files alone', async () => {
    const { task, worktree, send, list, before, files, watcher } = await startedSession();
    const second = await send([write('a.txt', 'two\n'), write('new.txt', 'newer\n'), 'demo: say second'].join('\n'));
    const point = await before(second.messageId);
    const params = { id: point.id };
    await server.api.restoreCheckpoint({ params, body: { what: 'files', paths: ['a.txt'] } });
    expect(await files()).toEqual({ 'a.txt': 'one\n', 'new.txt': 'newer\n' });
    await server.api.restoreCheckpoint({ params, body: { what: 'files' } });
    expect(await files()).toEqual({ 'a.txt': 'one\n', 'new.txt': 'new\n' });
    expect(watcher.state.messages.length).toBe(4);
    await writeFile(join(worktree.path, 'a.txt'), 'mine\n');
    const result = await server.api.restoreCheckpoint({ params, body: { what: 'chat' } });
    expect(result).toMatchObject({ files: 0, hidden: 2 });
    expect(await files()).toMatchObject({ 'a.txt': 'mine\n' });
    await expect(server.api.restoreCheckpoint({ params, body: { what: 'both', paths: ['a.txt'] } })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(server.api.restoreCheckpoint({ params, body: { what: 'both', before: task.answerId } })).rejects.toMatchObject({ code: 'not_found' });
    expect((await list()).map(({ kind }) => kind)).toEqual(['before', 'after', 'after', 'safety', 'safety', 'safety']);
    watcher.close();
  });

  it('tells an agent nothing of what was taken back, in a conversation of its own that begins anew', async () => {
    const { task, send, before, watcher } = await startedSession({
      agent: 'courier',
      first: courierPrompt({ write: 'a.txt', content: 'one\n' }, { say: 'first' }),
    });
    const second = await send(courierPrompt({ write: 'a.txt', content: 'two\n' }, { say: 'second' }));
    const sessions = () => server.api.listAgentSessions({ params: { id: task.sessionId } });
    expect(await sessions()).toMatchObject([{ agent: 'courier', has_session: true }]);
    const point = await before(second.messageId);
    expect(await server.api.previewRestore({ params: { id: point.id }, query: { before: second.messageId } })).toMatchObject({ agents: ['courier'], hides: 2 });
    await server.api.restoreCheckpoint({ params: { id: point.id }, body: { what: 'both', before: second.messageId } });
    expect(await sessions()).toMatchObject([{ agent: 'courier', has_session: false }]);
    expect((await server.api.listRunningAgents({ query: {} })).items.filter(({ chatId }) => chatId === task.chatId)).toEqual([]);
    await send(courierPrompt({ say: 'third' }));
    expect(await sessions()).toMatchObject([{ agent: 'courier', has_session: true }]);
    watcher.close();
  });

  it('is refused while a turn works on the tree, and while a message of the chat waits', async () => {
    const { task, send, before, files, watcher } = await startedSession();
    const second = await send([write('a.txt', 'two\n'), 'demo: say second'].join('\n'));
    const point = await before(second.messageId);
    const slow = await server.api.sendMessage({
      params: { id: task.chatId },
      body: { text: `demo: call shell ${JSON.stringify({ command: 'sleep 30' })}\ndemo: say x` },
    });
    await watcher.until((state) => state.messages.some((message) => message.parts.some((part) => part.type === 'tool' && part.status === 'running')));
    await expect(server.api.restoreCheckpoint({ params: { id: point.id }, body: { what: 'files' } })).rejects.toMatchObject({
      code: 'worktree_busy',
      message: 'Cannot restore: a turn of this session is running on its files; stop it or wait for its end',
    });
    expect(await server.api.previewRestore({ params: { id: point.id }, query: {} })).toMatchObject({ refusal: expect.stringContaining('is running') });
    await server.api.cancelTask({ params: { id: slow.taskId } });
    await watcher.until((state) => state.tasks.length === 0);
    expect(await files()).toMatchObject({ 'a.txt': 'two\n' });
    expect((await server.api.restoreCheckpoint({ params: { id: point.id }, body: { what: 'both' } })).hidden).toBe(4);
    watcher.close();
  });

  it('says which restored files were applied to the project', async () => {
    const { task, path, send, before, watcher } = await startedSession();
    const second = await send([write('b.txt', 'b\n'), 'demo: say second'].join('\n'));
    await server.api.applyChanges({ params: { id: task.sessionId }, body: {} });
    const point = await before(second.messageId);
    const result = await server.api.restoreCheckpoint({ params: { id: point.id }, body: { what: 'both' } });
    expect(result).toMatchObject({ applied: ['b.txt'], message: expect.stringContaining("applied to the project's folder") });
    expect(await readFile(join(path, 'b.txt'), 'utf8')).toBe('b\n');
    watcher.close();
  });
});

describe('checkpoints of people', () => {
  it('are taken with a label, compared with each other and with the worktree as it is', async () => {
    const { task, path, worktree, list, watcher } = await startedSession();
    await writeFile(join(worktree.path, 'a.txt'), 'mine\n');
    const manual = await server.api.createCheckpoint({ params: { id: task.sessionId }, body: { label: 'Before lunch' } });
    expect(manual).toMatchObject({ kind: 'manual', label: 'Before lunch', chatId: task.chatId });
    expect((await git(path, 'rev-parse', `refs/boocode/checkpoints/${manual.id}`)).trim()).toBe(manual.commit);
    const params = { id: manual.id };
    const previous = await server.api.compareCheckpoints({ params, query: {} });
    expect(previous.items).toMatchObject([{ path: 'a.txt', kind: 'modified', additions: 1, deletions: 1, patch: expect.stringContaining('+mine') }]);
    const [first] = await list();
    expect((await server.api.compareCheckpoints({ params, query: { from: first!.id } })).items.map((item) => item.path)).toEqual(['a.txt', 'new.txt']);
    await writeFile(join(worktree.path, 'later.txt'), 'l\n');
    expect((await server.api.compareCheckpoints({ params, query: { to: 'worktree' } })).items).toMatchObject([{ path: 'later.txt', kind: 'added' }]);
    expect((await server.api.compareCheckpoints({ params, query: { from: 'worktree' } })).items).toMatchObject([{ path: 'later.txt', kind: 'deleted' }]);
    expect((await server.api.listTasks({ query: { session: task.sessionId } })).items.every(({ state }) => hasEnded(state))).toBe(true);
    expect(await git(path, 'fsck', '--connectivity-only', '--no-dangling')).toBe('');
    watcher.close();
  });
});
