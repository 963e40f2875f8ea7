import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { applyChanges } from '@boocode/git/apply-changes.ts';
import { openGit } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, openTestServer, type ServerProgram, startServerProgram, stopServerProgram, type TestServer, watchChat } from './server-program.ts';

const GIT = openGit({ env: process.env });
let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer();
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

/** A session in which an agent has changed a.txt (with CRLF) and made b.txt. */
async function changedSession() {
  const path = await opened.newRepository({ 'a.txt': 'one\r\ntwo\r\n', 'x.txt': 'x\n' });
  const input = [
    `demo: call edit ${JSON.stringify({ path: 'a.txt', oldText: 'two', newText: 'TWO' })}`,
    `demo: call write ${JSON.stringify({ path: 'b.txt', content: 'b\n' })}`,
    'demo: say done',
  ].join('\n');
  const task = await server.api.createTask({ body: { input, projectPath: path, access: 'edits' } });
  const watcher = await watchChat(server, task.chatId);
  const ended = (n: number) =>
    watcher.until((state) => state.messages.filter((message) => message.status === 'completed').length === n && state.tasks.length === 0);
  await ended(2);
  const worktree = (await server.api.listWorktrees()).items.find((one) => one.sessionId === task.sessionId)!;
  const list = async (state: 'pending' | 'rejected' = 'pending') => (await server.api.listChanges({ params: { id: task.sessionId }, query: { state } })).items;
  const change = async (name: string, state?: 'pending' | 'rejected'): Promise<ChangeWithPatch> => (await list(state)).find((one) => one.path === name)!;
  return { task, path, worktree, watcher, ended, list, change };
}

const contentOf = async (id: ChangeWithPatch['id'], side: 'old' | 'new' = 'new') => server.api.getChangeContent({ params: { id }, query: { side } });

describe("a person's own edit", () => {
  it('is a change without an agent, keeps the line ends of the file, and leaves the other changes alone', async () => {
    const { worktree, list, change, watcher } = await changedSession();
    const before = await change('a.txt');
    const content = await contentOf(before.id);
    expect(content).toMatchObject({ path: 'a.txt', text: 'one\nTWO\n', binary: false });
    expect((await contentOf(before.id, 'old')).text).toBe('one\ntwo\n');
    const { items } = await server.api.editChange({ params: { id: before.id }, body: { text: 'one\nTwo!\n', expectedBlob: content.blob! } });
    expect(items).toMatchObject([{ path: 'a.txt', agent: null, taskId: null, state: 'pending' }]);
    expect(await readFile(join(worktree.path, 'a.txt'), 'latin1')).toBe('one\r\nTwo!\r\n');
    expect((await list()).map(({ path, agent }) => [path, agent])).toEqual([
      ['a.txt', null],
      ['b.txt', 'boocode'],
    ]);
    const back = await server.api.editChange({
      params: { id: items[0]!.id },
      body: { text: 'one\ntwo\n', expectedBlob: (await contentOf(items[0]!.id)).blob! },
    });
    expect(back.items).toEqual([]);
    expect((await list()).map(({ path }) => path)).toEqual(['b.txt']);
    watcher.close();
  });

  it('is refused when the file is not what the person saw, or the change is none of this kind any more', async () => {
    const { worktree, change, watcher } = await changedSession();
    const b = await change('b.txt');
    const { blob } = await contentOf(b.id);
    await expect(server.api.editChange({ params: { id: b.id }, body: { text: 'x', expectedBlob: '0'.repeat(40) } })).rejects.toMatchObject({
      code: 'change_conflict',
    });
    await writeFile(join(worktree.path, 'b.txt'), 'meanwhile\n');
    await expect(server.api.editChange({ params: { id: b.id }, body: { text: 'x', expectedBlob: blob! } })).rejects.toMatchObject({ code: 'change_conflict' });
    expect(await readFile(join(worktree.path, 'b.txt'), 'utf8')).toBe('meanwhile\n');
    const a = await change('a.txt');
    await server.api.rejectChange({ params: { id: a.id }, body: {} });
    await expect(server.api.editChange({ params: { id: a.id }, body: { text: 'x', expectedBlob: blob! } })).rejects.toMatchObject({ code: 'conflict' });
    watcher.close();
  });
});

describe('a comment on a line', () => {
  it('is listed with the change until the agent has it with its next prompt', async () => {
    const { task, change, ended, watcher } = await changedSession();
    const a = await change('a.txt');
    const params = { id: a.id };
    await expect(server.api.commentOnChange({ params, body: { line: 9, side: 'new', text: 'x' } })).rejects.toMatchObject({ code: 'invalid_request' });
    const first = await server.api.commentOnChange({ params, body: { line: 2, side: 'new', text: 'Not so loud' } });
    const taken = await server.api.commentOnChange({ params, body: { line: 1, side: 'old', text: 'Never mind' } });
    expect((await change('a.txt')).comments).toMatchObject([{ line: 1 }, { line: 2, side: 'new', text: 'Not so loud', path: 'a.txt', chatId: task.chatId }]);
    await server.api.deleteComment({ params: { id: taken.id } });
    await server.api.sendMessage({ params: { id: task.chatId }, body: { text: 'demo: say I see' } });
    await ended(4);
    const asked = JSON.stringify(opened.model.requests.at(-1)!.body);
    expect(asked).toContain('On line 2 of a.txt (`TWO`): Not so loud');
    expect(asked).not.toContain('Never mind');
    expect((await server.api.listComments({ params: { id: task.sessionId } })).items).toEqual([]);
    await expect(server.api.deleteComment({ params: { id: first.id } })).rejects.toMatchObject({ code: 'conflict' });
    watcher.close();
  });
});

describe('undoing a rejection', () => {
  it('brings the change back with its agent, where the file is as the rejection left it', async () => {
    const { worktree, list, change, watcher } = await changedSession();
    const a = await change('a.txt');
    const b = await change('b.txt');
    await server.api.rejectChange({ params: { id: a.id }, body: { note: 'no' } });
    await server.api.rejectChange({ params: { id: b.id }, body: {} });
    expect(await readFile(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
    const { items } = await server.api.restoreChange({ params: { id: a.id } });
    expect(items).toMatchObject([{ id: a.id, state: 'pending', agent: 'boocode' }]);
    expect(await readFile(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\r\nTWO\r\n');
    expect((await list()).map(({ path }) => path)).toEqual(['a.txt']);
    await expect(server.api.restoreChange({ params: { id: a.id } })).rejects.toMatchObject({ code: 'conflict' });
    await writeFile(join(worktree.path, 'b.txt'), 'my own\n');
    await expect(server.api.restoreChange({ params: { id: b.id } })).rejects.toMatchObject({ code: 'change_conflict' });
    expect(await readFile(join(worktree.path, 'b.txt'), 'utf8')).toBe('my own\n');
    watcher.close();
  });
});

describe('after a kill between the files and the rows', () => {
  it("a person's edit is theirs, and a restored change is its agent's", async () => {
    const edited = await changedSession();
    const restored = await changedSession();
    const { home } = opened;
    const b = await edited.change('b.txt');
    const a = await restored.change('a.txt');
    await server.api.rejectChange({ params: { id: a.id }, body: {} });
    for (const one of [edited, restored]) one.watcher.close();
    await stopServerProgram(server);
    // What a server does before it writes the rows.
    const apply = async (session: typeof edited, change: ChangeWithPatch, oldBlob: string, newBlob: string, note: object) => {
      const tree = await openWorktree(join(session.path, '.git'), session.worktree.path);
      const edit = { path: change.path, oldPath: null, oldBlob, newBlob, oldMode: '100644', newMode: '100644' };
      const common = { tree, prefix: '', edits: [edit], journalDir: join(home, 'journal'), id: crypto.randomUUID(), match: 'exact' as const, now: 0 };
      expect((await applyChanges(GIT, { ...common, note: { worktreeId: session.worktree.id, ...note } })).kind).toBe('applied');
    };
    const blob = async (session: typeof edited, text: string) => {
      await writeFile(join(opened.folder, 'content'), text);
      return (await git(session.path, 'hash-object', '-w', '--no-filters', join(opened.folder, 'content'))).trim();
    };
    await apply(edited, b, await blob(edited, 'b\n'), await blob(edited, 'mine\n'), { action: 'edit', restored: [] });
    const sides = [await blob(restored, 'one\r\ntwo\r\n'), await blob(restored, 'one\r\nTWO\r\n')] as const;
    await apply(restored, a, ...sides, { action: 'restore', restored: [a.id] });
    opened.server = server = await startServerProgram(home, { BOOCODE_MODEL_URL: opened.model.url });
    expect((await edited.list()).map(({ path, agent }) => [path, agent])).toEqual([
      ['a.txt', 'boocode'],
      ['b.txt', null],
    ]);
    expect((await restored.list()).map(({ id, path, agent }) => [id === a.id, path, agent])).toEqual([
      [true, 'a.txt', 'boocode'],
      [false, 'b.txt', 'boocode'],
    ]);
    expect((await readdir(join(home, 'journal'))).filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
