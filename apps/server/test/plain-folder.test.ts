import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateTask, Task } from '@boocode/contracts/task.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, photograph } from '../../../packages/git/test/photograph.ts';
import { git, openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer();
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const call = (name: string, input: unknown): string => `demo: call ${name} ${JSON.stringify(input)}`;

async function runTask(body: CreateTask): Promise<{ task: Task; notices: string[]; tools: string[] }> {
  const created = await server.api.createTask({ body });
  const watcher = await watchChat(server, created.chatId);
  const state = await watcher.until(
    (now) => now.tasks.length === 0 && now.messages.some(({ id, status }) => id === created.answerId && status === 'completed'),
  );
  watcher.close();
  const parts = state.messages.find((message) => message.id === created.answerId)!.parts;
  return {
    task: await server.api.getTask({ params: { id: created.id } }),
    notices: parts.flatMap((part) => (part.type === 'notice' && part.code !== 'no_closing_words' ? [part.code] : [])),
    tools: parts.flatMap((part) => (part.type === 'tool' ? [part.output?.text ?? ''] : [])),
  };
}

async function plainFolder(name: string): Promise<{ path: string; project: Project }> {
  const path = join(opened.folder, name);
  await mkdir(join(path, 'sub'), { recursive: true });
  await writeFile(join(path, 'a.txt'), 'one\ntwo\nthree\n');
  await writeFile(join(path, 'sub', 'b.txt'), 'b\n');
  return { path, project: await server.api.createProject({ body: { path } }) };
}

const edit = call('edit', { path: 'a.txt', oldText: 'two', newText: 'TWO' });

describe('a folder without git', () => {
  it('is worked on like any other: changes wait, are applied, rewound and rejected, and nothing else is written there', async () => {
    const { path, project } = await plainFolder('plain');
    expect(await server.api.getRepository({ params: { id: project.id } })).toMatchObject({ kind: 'shadow', message: expect.stringContaining('No git here') });
    const before = photograph(path);
    const shell = call('shell', { command: 'git status --porcelain && git add -A && git commit -qm mine && git log --format=%s' });
    const run = await runTask({ input: [edit, call('write', { path: 'new.txt', content: 'n\n' }), shell].join('\n'), projectId: project.id, access: 'full' });
    expect(run.notices).toEqual(['shadow']);
    expect(run.tools[2]).toContain('M a.txt');
    expect(run.tools[2]).toContain('mine\nThe folder as it is');
    expect(differences(before, photograph(path))).toEqual([]);

    const session = { id: run.task.sessionId };
    const changes = await server.api.listChanges({ params: session, query: {} });
    expect(changes.items.map((change) => [change.path, change.state, change.patch?.includes('TWO') ?? null])).toEqual([
      ['a.txt', 'pending', true],
      ['new.txt', 'pending', false],
    ]);
    await server.api.applyChanges({ params: session, body: {} });
    expect(differences(before, photograph(path))).toEqual(['a.txt', 'new.txt']);
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('one\nTWO\nthree\n');
    await server.api.rewindChanges({ params: session, body: {} });
    expect(differences(before, photograph(path))).toEqual([]);
    await server.api.rejectChanges({ params: session, body: { paths: ['new.txt'], note: 'no' } });
    expect((await server.api.listChanges({ params: session, query: {} })).items.map((change) => change.path)).toEqual(['a.txt']);
    // A second turn works on in the same place and says nothing twice.
    const again = await runTask({ chatId: run.task.chatId, input: call('read', { path: 'a.txt' }), access: 'edits' });
    expect([again.notices, again.tools[0]?.includes('TWO')]).toEqual([[], true]);
    expect((await server.api.listFiles({ params: { id: project.id }, query: {} })).items.map((file) => file.path)).toEqual(['sub', 'a.txt']);
  });

  it('costs a turn that only reads nothing', async () => {
    const { project } = await plainFolder('read-only');
    const known = await readdir(join(opened.home, 'shadow'));
    const run = await runTask({ input: call('read', { path: 'a.txt' }), projectId: project.id, access: 'read-only' });
    expect([run.notices, run.tools[0]?.includes('two')]).toEqual([[], true]);
    expect(await readdir(join(opened.home, 'shadow'))).toEqual(known);
  });

  it('keeps a session working when git comes to the folder; the next session starts from its commit', async () => {
    const { path, project } = await plainFolder('later');
    const first = await runTask({ input: edit, projectId: project.id, access: 'edits' });
    expect((await server.api.startRepository({ params: { id: project.id } })).kind).toBe('no_commit');
    await git(path, 'add', '-A');
    await git(path, 'commit', '-q', '-m', 'first');
    const before = photograph(path);
    const more = await runTask({
      chatId: first.task.chatId,
      input: [call('edit', { path: 'sub/b.txt', oldText: 'b', newText: 'B' }), call('shell', { command: 'git rev-parse --git-common-dir' })].join('\n'),
      access: 'full',
    });
    expect(more.tools[1]).toContain(join(opened.home, 'shadow'));
    await server.api.applyChanges({ params: { id: first.task.sessionId }, body: {} });
    expect(differences(before, photograph(path))).toEqual(['a.txt', 'sub/b.txt']);
    const next = await runTask({ input: call('read', { path: 'a.txt' }), projectId: project.id, access: 'edits' });
    expect([next.notices, next.tools[0]?.includes('two')]).toEqual([[], true]);
    const { items } = await server.api.listWorktrees({ query: {} });
    for (const worktree of items.filter((item) => item.projectId === project.id))
      await server.api.deleteWorktree({ params: { id: worktree.id }, query: { force: 'true' } });
  });

  it('is forgotten with its history, once no worktree of it is left', async () => {
    const { path, project } = await plainFolder('forgotten');
    const run = await runTask({ input: edit, projectId: project.id, access: 'edits' });
    const worktree = (await server.api.listWorktrees({ query: {} })).items.find((item) => item.sessionId === run.task.sessionId)!;
    await server.api.deleteWorktree({ params: { id: worktree.id }, query: { force: 'true' } });
    await server.api.purgeWorktree({ params: { id: worktree.id }, body: {} });
    const name = (await readdir(join(opened.home, 'shadow'))).find((each) => each.startsWith('forgotten-'))!;
    await server.api.deleteProject({ params: { id: project.id } });
    expect(await readdir(join(opened.home, 'shadow'))).not.toContain(name);
    await rm(path, { recursive: true });
  });
});
