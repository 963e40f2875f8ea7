import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateTask, Task } from '@boocode/contracts/task.ts';
import { hasEnded } from '@boocode/contracts/task.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer();
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const newRepository = (files: Readonly<Record<string, string>> = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' }): Promise<string> =>
  opened.newRepository(files);

const call = (name: string, input: unknown): string => `demo: call ${name} ${JSON.stringify(input)}`;

/** Runs a task to its end and says how it went. */
async function runTask(body: CreateTask): Promise<{ task: Task; notices: string[]; text: string; tools: { name: string; status: string; text: string }[] }> {
  const created = await server.api.createTask({ body });
  const watcher = await watchChat(server, created.chatId);
  const state = await watcher.until(
    (now) =>
      now.messages.some((message) => message.id === created.answerId && message.status !== 'waiting' && message.status !== 'streaming') &&
      now.tasks.length === 0,
  );
  watcher.close();
  const answer = state.messages.find((message) => message.id === created.answerId)!;
  const task = await server.api.getTask({ params: { id: created.id } });
  expect(hasEnded(task.state)).toBe(true);
  return {
    task,
    notices: answer.parts.flatMap((part) => (part.type === 'notice' ? [part.code] : [])),
    text: answer.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(''),
    tools: answer.parts.flatMap((part) => (part.type === 'tool' ? [{ name: part.name, status: part.status, text: part.output?.text ?? '' }] : [])),
  };
}

/** Everything that applying must not touch, and every file's content. */
async function manifest(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
  for (const name of names) {
    if (name.startsWith('.git/') && !/^\.git\/(HEAD|index|config|hooks\/.*)$/.test(name)) continue;
    found[name] = await readFile(join(path, name), 'latin1');
  }
  found['refs'] = (await git(path, 'for-each-ref'))
    .split('\n')
    .filter((line) => !line.includes('refs/boocode/'))
    .join('\n');
  return found;
}

describe('the main job', () => {
  it('edits wait, are applied all or none without touching anything else, and can be taken back', async () => {
    const path = await newRepository();
    const { task } = await runTask({
      input: [call('edit', { path: 'a.txt', oldText: 'two', newText: 'TWO' }), call('write', { path: 'new/c.txt', content: 'c\n' }), 'demo: say done'].join(
        '\n',
      ),
      projectPath: path,
      access: 'edits',
    });
    expect(task).toMatchObject({ state: 'completed', outputSummary: 'done', model: 'demo' });
    const before = await manifest(path);
    const id = { id: task.sessionId };
    const { items } = await server.api.listChanges({ params: id, query: {} });
    expect(items.map(({ path: name, kind, state, agent }) => ({ name, kind, state, agent }))).toEqual([
      { name: 'a.txt', kind: 'modified', state: 'pending', agent: 'boocode' },
      { name: 'new/c.txt', kind: 'added', state: 'pending', agent: 'boocode' },
    ]);

    await server.api.applyChanges({ params: id, body: { paths: ['a.txt'] } });
    expect(await manifest(path)).toEqual({ ...before, 'a.txt': 'one\nTWO\nthree\n' });
    await server.api.applyChanges({ params: id, body: {} });
    expect(await manifest(path)).toEqual({ ...before, 'a.txt': 'one\nTWO\nthree\n', 'new/c.txt': 'c\n' });
    expect((await server.api.listChanges({ params: id, query: {} })).items).toEqual([]);

    await server.api.rewindChanges({ params: id, body: {} });
    expect(await manifest(path)).toEqual(before);
    expect((await server.api.listChanges({ params: id, query: {} })).items.map((change) => change.state)).toEqual(['pending', 'pending']);
  });

  it("a conflict with the person's own edit refuses all of it, and says why", async () => {
    const path = await newRepository();
    const { task } = await runTask({
      input: [call('edit', { path: 'a.txt', oldText: 'two', newText: 'TWO' }), call('write', { path: 'b.txt', content: 'bb\n' })].join('\n'),
      projectPath: path,
      access: 'edits',
    });
    await writeFile(join(path, 'a.txt'), 'one\nzwei\nthree\n');
    const before = await manifest(path);
    await expect(server.api.applyChanges({ params: { id: task.sessionId }, body: {} })).rejects.toMatchObject({ code: 'change_conflict' });
    expect(await manifest(path)).toEqual(before);
    expect((await server.api.listChanges({ params: { id: task.sessionId }, query: {} })).items.map((change) => [change.path, change.state])).toEqual([
      ['a.txt', 'conflict'],
      ['b.txt', 'pending'],
    ]);
    // Away from it, both live together.
    await writeFile(join(path, 'a.txt'), 'ONE\none\ntwo\nthree\n');
    await server.api.applyChanges({ params: { id: task.sessionId }, body: {} });
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('ONE\none\nTWO\nthree\n');
  });

  it('a rejection puts the worktree back and tells the agent with the next prompt', async () => {
    const path = await newRepository();
    const { task } = await runTask({ input: call('edit', { path: 'a.txt', oldText: 'two', newText: 'TWO' }), projectPath: path, access: 'edits' });
    await server.api.rejectChanges({ params: { id: task.sessionId }, body: { note: 'keep it lower case' } });
    expect((await server.api.listChanges({ params: { id: task.sessionId }, query: {} })).items).toEqual([]);
    const next = await runTask({ input: 'demo: say ok', chatId: task.chatId });
    expect(next.task.state).toBe('completed');
    expect(JSON.stringify(opened.model.requests.at(-1)?.body)).toContain('keep it lower case');
    const again = await runTask({ input: 'demo: say ok', chatId: task.chatId });
    expect(again.task.state).toBe('completed');
    const { items } = await server.api.listWorktrees({ query: {} });
    const worktree = items.find((item) => item.sessionId === task.sessionId)!;
    expect(await readFile(join(worktree.path, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('starts from the uncommitted files when asked, and without a commit always', async () => {
    const path = await newRepository();
    await writeFile(join(path, 'a.txt'), 'mine\n');
    await writeFile(join(path, 'untracked.txt'), 'u\n');
    const read = call('read', { path: 'a.txt' });
    expect((await runTask({ input: read, projectPath: path, access: 'edits' })).tools[0]?.text).toContain('two');
    expect((await runTask({ input: read, projectPath: path, access: 'edits', baseline: 'uncommitted' })).tools[0]?.text).toContain('mine');

    const fresh = join(opened.folder, 'fresh');
    await git('/', 'init', '-q', fresh);
    await writeFile(join(fresh, 'first.txt'), 'first\n');
    const run = await runTask({
      input: [call('read', { path: 'first.txt' }), call('edit', { path: 'first.txt', oldText: 'first', newText: 'second' })].join('\n'),
      projectPath: fresh,
      access: 'edits',
    });
    expect(run.tools.map((tool) => tool.status)).toEqual(['completed', 'completed']);
    await server.api.applyChanges({ params: { id: run.task.sessionId }, body: {} });
    expect(await readFile(join(fresh, 'first.txt'), 'utf8')).toBe('second\n');
    expect(await git(fresh, 'for-each-ref', 'refs/heads')).not.toContain('main');
  });

  it('what has no files to work on is refused with a sentence, and what is too wide for a history is talked about', async () => {
    const wide = await runTask({ input: 'demo: say hi', projectPath: '/usr', access: 'edits' });
    expect([wide.notices, wide.text]).toEqual([['no_repository'], 'hi']);
    const bare = join(opened.folder, 'bare.git');
    await git('/', 'init', '-q', '--bare', bare);
    const refused = await runTask({ input: 'demo: say hi', projectPath: bare, access: 'edits' });
    expect(refused.task).toMatchObject({ state: 'failed', error: { code: 'unsupported_repository' } });
  });

  it('a project that is a folder of a repository works in that folder of the worktree', async () => {
    const top = await newRepository({ 'top.txt': 't\n' });
    await mkdir(join(top, 'sub'));
    await writeFile(join(top, 'sub', 'in.txt'), 'in\n');
    await git(top, 'add', '-A');
    await git(top, 'commit', '-q', '-m', 'sub');
    const run = await runTask({
      input: [call('list', { path: '.' }), call('edit', { path: 'in.txt', oldText: 'in', newText: 'out' })].join('\n'),
      projectPath: join(top, 'sub'),
      access: 'edits',
    });
    expect(run.tools[0]?.text).toBe('in.txt');
    await server.api.applyChanges({ params: { id: run.task.sessionId }, body: {} });
    expect(await readFile(join(top, 'sub', 'in.txt'), 'utf8')).toBe('out\n');
  });

  it('refuses paths that lead out, also through links, and what read-only may not do', async () => {
    const path = await newRepository();
    const secret = join(opened.folder, 'secret.txt');
    await writeFile(secret, 'secret\n');
    await symlink(secret, join(path, 'link.txt'));
    await symlink(opened.folder, join(path, 'out'));
    await git(path, 'add', '-A');
    await git(path, 'commit', '-q', '-m', 'links');
    const escapes = [
      call('read', { path: secret }),
      call('read', { path: '../../../etc/passwd' }),
      call('read', { path: 'link.txt' }),
      call('write', { path: 'out/evil.txt', content: 'x' }),
      call('write', { path: '.git/hooks/post-checkout', content: 'x' }),
    ];
    const run = await runTask({ input: escapes.join('\n'), projectPath: path, access: 'full' });
    expect(run.tools.map((tool) => tool.status)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
    expect(run.tools.map((tool) => tool.text).join('\n')).not.toContain('secret\n');
    expect(await readdir(opened.folder)).not.toContain('evil.txt');
    const reading = await runTask({
      input: [call('write', { path: 'a.txt', content: 'x' }), call('shell', { command: 'echo x > a.txt' })].join('\n'),
      projectPath: path,
      access: 'read-only',
    });
    expect(reading.tools.map((tool) => tool.status)).toEqual(['failed', 'failed']);
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('asks before the shell runs, and the set-up script of a repository has no effect before it is trusted', async () => {
    const path = await newRepository();
    await mkdir(join(path, '.boocode'));
    await writeFile(join(path, '.boocode', 'project.json'), JSON.stringify({ setup: 'echo set up > setup-ran.txt' }));
    const created = await server.api.createTask({ body: { input: call('shell', { command: 'ls' }), projectPath: path, access: 'ask' } });
    const watcher = await watchChat(server, created.chatId);
    const asked = await watcher.until((state) => state.permissions.length === 1);
    expect(asked.permissions[0]).toMatchObject({ kind: 'execute', subject: 'ls', state: 'open' });
    expect((await server.api.getTask({ params: { id: created.id } })).state).toBe('blocked');
    const allow = asked.permissions[0]!.options.find((option) => option.kind === 'allow_once')!;
    await server.api.answerPermission({ params: { id: asked.permissions[0]!.id }, body: { optionId: allow.id } });
    const state = await watcher.until((now) => now.messages[1]?.status === 'completed');
    watcher.close();
    expect(state.messages[1]?.parts.some((part) => part.type === 'notice' && part.code === 'not_trusted')).toBe(true);
    const worktree = (await server.api.listWorktrees({ query: {} })).items.find((item) => item.sessionId === created.sessionId)!;
    expect(await readdir(worktree.path)).not.toContain('setup-ran.txt');

    const { items } = await server.api.listTrust({ params: { id: created.projectId }, query: {} });
    expect(items).toMatchObject([{ path: '.boocode/project.json', trusted: false }]);
    await expect(server.api.approveTrust({ params: { id: created.projectId }, body: { path: items[0]!.path, hash: 'other' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    await server.api.approveTrust({ params: { id: created.projectId }, body: { path: items[0]!.path, hash: items[0]!.hash } });
    await runTask({ input: 'demo: say go on', chatId: created.chatId });
    expect(await readdir(worktree.path)).toContain('setup-ran.txt');
    await rm(join(path, '.boocode'), { recursive: true });
  });

  it('says what an agent did to the repository outside its worktree, and mends a worktree that somebody removed', async () => {
    const path = await newRepository();
    const run = await runTask({
      input: `${call('shell', { command: 'git tag not-mine && git config user.nick agent' })}\ndemo: say done`,
      projectPath: path,
      access: 'full',
    });
    expect(run.notices).toEqual(['shared_git_changed']);
    const quiet = await runTask({
      input: `${call('shell', { command: 'git add -A; git -c user.name=a -c user.email=a@a commit -q --allow-empty -m own' })}\ndemo: say done`,
      chatId: run.task.chatId,
    });
    expect(quiet.notices).toEqual([]);
    const worktree = (await server.api.listWorktrees({ query: {} })).items.find((item) => item.sessionId === run.task.sessionId)!;
    await rm(worktree.path, { recursive: true });
    const again = await runTask({ input: `${call('read', { path: 'a.txt' })}\ndemo: say done`, chatId: run.task.chatId });
    expect([again.notices, again.tools[0]?.status]).toEqual([['worktree_repaired'], 'completed']);
  });

  it('deleting a session with changes that are not applied needs force, and says what would be lost', async () => {
    const path = await newRepository();
    const { task } = await runTask({ input: call('write', { path: 'n.txt', content: 'n\n' }), projectPath: path, access: 'edits' });
    await expect(server.api.deleteSession({ params: { id: task.sessionId }, query: {} })).rejects.toMatchObject({
      code: 'conflict',
      details: { canDelete: false, untracked: 1 },
    });
    await server.api.deleteSession({ params: { id: task.sessionId }, query: { force: 'true' } });
    await expect(server.api.getSession({ params: { id: task.sessionId } })).rejects.toMatchObject({ code: 'not_found' });
    const { items } = await server.api.listWorktrees({ query: {} });
    expect(items.find((item) => item.projectId === task.projectId)).toMatchObject({ sessionId: null, state: 'ready' });
  });
});
