import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded, type Task } from '@boocode/contracts/task.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, photograph } from '../../../packages/git/test/photograph.ts';
import { git, openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer({ GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/nowhere' });
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const call = (name: string, input: unknown): string => `demo: call ${name} ${JSON.stringify(input)}`;
const WORK = [call('edit', { path: 'a.txt', old_text: 'two', new_text: 'TWO' }), call('write', { path: 'new/b.txt', content: 'b\n' }), 'demo: say Done.'].join(
  '\n',
);
const CHANGES = ['a.txt', 'new/', 'new/b.txt'];

async function runTask(path: string, input = WORK): Promise<Task> {
  const created = await server.api.createTask({ body: { input, projectPath: path, access: 'edits' } });
  const watcher = await watchChat(server, created.chatId);
  await watcher.until(
    (now) => now.tasks.length === 0 && now.messages.some(({ id, status }) => id === created.answerId && !['waiting', 'streaming'].includes(status)),
  );
  watcher.close();
  const task = await server.api.getTask({ params: { id: created.id } });
  expect(hasEnded(task.state)).toBe(true);
  return task;
}

/** A session on a repository: what comes of its turn is applied, taken back and removed, and the person's bytes are compared after each step. */
async function expectWholeSession(path: string, top = path, below = ''): Promise<void> {
  const before = photograph(top);
  const unchanged = (): string[] => differences(before, photograph(top));
  const task = await runTask(path);
  expect(task).toMatchObject({ state: 'completed', error: null });
  const params = { id: task.sessionId };
  expect((await server.api.listChanges({ params, query: {} })).items.map((change) => change.path)).toEqual(['a.txt', 'new/b.txt']);
  expect(unchanged()).toEqual([]);
  await server.api.applyChanges({ params, body: {} });
  expect(unchanged()).toEqual(CHANGES.map((name) => below + name));
  await server.api.rewindChanges({ params, body: {} });
  expect(unchanged()).toEqual([]);
  await server.api.rejectChanges({ params, body: {} });
  const worktree = (await server.api.listWorktrees({ query: {} })).items.find((item) => item.sessionId === task.sessionId)!;
  expect(await server.api.getWorktreeRisk({ params: { id: worktree.id } })).toMatchObject({ canDelete: true });
  await server.api.deleteWorktree({ params: { id: worktree.id }, query: {} });
  expect(unchanged()).toEqual([]);
}

async function newRepository(): Promise<string> {
  const path = await opened.newRepository({ 'a.txt': 'one\ntwo\nthree\n' });
  await mkdir(join(path, 'other'));
  await writeFile(join(path, 'other', 'x.txt'), 'x\n');
  await git(path, 'add', '-A');
  await git(path, 'commit', '-qm', 'other');
  return path;
}

describe('a whole session on', () => {
  it('a detached HEAD with a lock on the index and a merge under way', async () => {
    const path = await newRepository();
    await git(path, 'checkout', '-q', '-b', 'side');
    await writeFile(join(path, 'c.txt'), 'side\n');
    await git(path, 'add', '-A');
    await git(path, 'commit', '-qm', 'side');
    await git(path, 'checkout', '-q', '--detach', 'HEAD~1');
    await writeFile(join(path, 'c.txt'), 'mine\n');
    await git(path, 'add', '-A');
    await git(path, 'commit', '-qm', 'mine');
    await expect(git(path, 'merge', 'side')).rejects.toThrow('merge');
    await writeFile(join(path, '.git', 'index.lock'), '');
    await expectWholeSession(path);
  });

  it('a worktree of a bare repository, and a sub-module', async () => {
    const path = await newRepository();
    const bare = join(opened.folder, 'bare.git');
    await git('/', 'clone', '-q', '--bare', path, bare);
    await git(bare, 'worktree', 'add', '-q', join(opened.folder, 'of-bare'));
    await expectWholeSession(join(opened.folder, 'of-bare'));
    const outer = await opened.newRepository({ 'README.md': '# Outer\n' });
    await git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', path, 'mod');
    await git(outer, 'commit', '-qm', 'mod');
    await expectWholeSession(join(outer, 'mod'), outer, 'mod/');
  });

  it('a sparse, shallow clone with hooks that fail and a signature that hangs', async () => {
    const path = await newRepository();
    const clone = join(opened.folder, 'sparse');
    await git('/', 'clone', '-q', '--depth=1', '--sparse', `file://${path}`, clone);
    await mkdir(join(clone, '.git', 'hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'reference-transaction', 'pre-commit'])
      await writeFile(join(clone, '.git', 'hooks', hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await appendFile(join(clone, '.git', 'config'), '[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = sleep\n[core]\n\tfsmonitor = true\n');
    await expectWholeSession(clone);
  });

  it('SHA-256, with LFS files and line ends of Windows, but without the program of LFS', async () => {
    const path = join(opened.folder, 'sha256');
    await mkdir(path);
    await git(path, 'init', '-q', '--object-format=sha256');
    await writeFile(join(path, '.gitattributes'), '*.psd filter=lfs diff=lfs merge=lfs -text\n*.txt text eol=crlf\n');
    await writeFile(join(path, 'x.psd'), `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 3\n`);
    await writeFile(join(path, 'a.txt'), 'one\r\ntwo\r\nthree\r\n');
    await git(path, 'add', '-A');
    await git(path, 'commit', '-qm', 'x');
    await appendFile(
      join(path, '.git', 'config'),
      '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n\tprocess = git-lfs filter-process\n\trequired = true\n',
    );
    await expectWholeSession(path);
  });
});

describe('what cannot be worked in fails with one sentence and leaves nothing', () => {
  it('a filter that is missing, a git directory that is elsewhere', async () => {
    const filtered = await opened.newRepository({ 'a.enc': 'x\n', '.gitattributes': '*.enc filter=crypt\n' });
    await appendFile(join(filtered, '.git', 'config'), '[filter "crypt"]\n\tsmudge = no-such-crypt\n\tclean = no-such-crypt\n\trequired = true\n');
    const lost = join(opened.folder, 'lost');
    await mkdir(lost);
    await writeFile(join(lost, '.git'), 'gitdir: /nowhere/at/all\n');
    for (const [path, sentence] of [
      [filtered, /check that the program of this filter is installed/],
      [lost, /not a git repository/],
    ] as const) {
      const before = photograph(path);
      const task = await runTask(path);
      expect(task.state).toBe('failed');
      expect(task.error?.message).toMatch(sentence);
      expect(differences(before, photograph(path))).toEqual([]);
    }
  });
});
