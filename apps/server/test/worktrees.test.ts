import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, killServerProgram, openTestServer, startServerProgram, type TestServer, watchChat } from './server-program.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../../.cache/compiled', import.meta.url));
let opened: TestServer;
beforeAll(async () => {
  opened = await openTestServer({}, async (home) => {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(join(home, 'config.json'), JSON.stringify({ limits: { worktreeGraceMs: 0 } }));
  });
});
afterAll(() => opened[Symbol.asyncDispose]());

/** A session whose agent has written `b.txt`; nothing of it runs any more. */
async function worked(files: Record<string, string> = {}) {
  const { api } = opened.server;
  const path = await opened.newRepository({ 'a.txt': 'a\n', ...files });
  const project = await api.createProject({ body: { path } });
  for (const item of (await api.listTrust({ params: { id: project.id } })).items)
    await api.approveTrust({ params: { id: project.id }, body: { path: item.path, hash: item.hash } });
  const input = [`demo: call write ${JSON.stringify({ path: 'b.txt', content: 'b\n' })}`, 'demo: say done'].join('\n');
  const task = await api.createTask({ body: { input, projectPath: path, access: 'edits' } });
  const watcher = await watchChat(opened.server, task.chatId);
  await watcher.until((state) => state.messages.filter(({ status }) => status === 'completed').length === 2 && state.tasks.length === 0);
  watcher.close();
  const worktree = (await api.listWorktrees()).items.find(({ sessionId }) => sessionId === task.sessionId)!;
  return { path, worktree, id: worktree.id, sessionId: task.sessionId, chatId: task.chatId, projectId: project.id };
}

const find = async (id: Worktree['id']) => opened.server.api.getWorktree({ params: { id } });
const reap = async (id: Worktree['id']) => (await opened.server.api.reap({ body: {} })).items.find(({ worktreeId }) => worktreeId === id);
const plan = async (id: Worktree['id']) => (await opened.server.api.planReap()).items.find(({ worktreeId }) => worktreeId === id);

/** Applied or committed, so that a session can be deleted without force; then deleted. */
async function deleteSession(id: Awaited<ReturnType<typeof worked>>['sessionId']): Promise<void> {
  await opened.server.api.deleteSession({ params: { id }, query: { force: 'true' } });
}

describe('the reaper', () => {
  it('never takes a worktree with unpushed work, and takes it when the work is elsewhere', async () => {
    const { worktree, id, sessionId } = await worked();
    expect(await reap(id)).toMatchObject({ action: 'keep', reason: expect.stringContaining('its session') });
    await git(worktree.path, 'add', '-A');
    await git(worktree.path, 'commit', '-q', '-m', 'work of the agent');
    await deleteSession(sessionId);
    for (let round = 0; round < 3; round++)
      expect(await reap(id)).toMatchObject({ action: 'keep', reason: '1 commit of it is on no other branch, remote or tag' });
    await git(worktree.path, 'checkout', '-q', '--detach');
    await git(worktree.path, 'branch', 'kept', worktree.branch);
    await writeFile(join(worktree.path, 'c.txt'), 'c\n');
    await git(worktree.path, 'add', '-A');
    await git(worktree.path, 'commit', '-q', '-m', 'more of it, on no branch');
    expect(await reap(id)).toMatchObject({ action: 'keep', reason: expect.stringContaining('1 commit of it') });
    await git(worktree.path, 'branch', '-f', 'kept', 'HEAD');
    expect(await plan(id)).toMatchObject({ action: 'trash' });
    expect(existsSync(worktree.path)).toBe(true);
    expect(await reap(id)).toMatchObject({ action: 'trash' });
    expect(existsSync(worktree.path)).toBe(false);
    expect(await find(id)).toMatchObject({ state: 'trashed', trash: { by: 'reaper' } });
  });

  it('keeps what is uncommitted as a checkpoint, and a session that is brought back has its worktree again', async () => {
    const { path, worktree, id, sessionId } = await worked();
    await deleteSession(sessionId);
    expect(await reap(id)).toMatchObject({ action: 'trash', reason: expect.stringContaining('1 uncommitted file') });
    const refs = await git(path, 'for-each-ref', '--format=%(refname)', 'refs/boocode/checkpoints');
    const kept = await Promise.all(
      refs
        .trim()
        .split('\n')
        .map((ref) => git(path, 'ls-tree', '--name-only', ref)),
    );
    expect(kept.some((names) => names.includes('b.txt'))).toBe(true);
    await opened.server.api.restoreSession({ params: { id: sessionId }, body: {} });
    expect(await find(id)).toMatchObject({ state: 'ready', sessionId });
    expect(await readFile(join(worktree.path, 'b.txt'), 'utf8')).toBe('b\n');
    expect((await opened.server.api.listChanges({ params: { id: sessionId }, query: { state: 'pending' } })).items.map((change) => change.path)).toEqual([
      'b.txt',
    ]);
  });

  it('explains folders that no row knows, and removes them only when they are empty', async () => {
    const folder = join(opened.home, 'worktrees', crypto.randomUUID());
    const empty = join(opened.home, 'worktrees', crypto.randomUUID());
    await mkdir(join(folder, 'x'), { recursive: true });
    await writeFile(join(folder, 'x', 'precious'), 'x');
    await mkdir(join(empty, 'y'), { recursive: true });
    const { items } = await opened.server.api.reap({ body: {} });
    expect(items.find((item) => item.path === folder)).toMatchObject({ kind: 'folder', action: 'keep' });
    expect(items.find((item) => item.path === empty)).toMatchObject({ kind: 'folder', action: 'remove' });
    expect([existsSync(join(folder, 'x', 'precious')), existsSync(empty)]).toEqual([true, false]);
    await rm(folder, { recursive: true });
  });
});

describe('the trash', () => {
  it('takes a worktree only when nothing is lost or it is forced, and gives it back with its changes', async () => {
    const { api } = opened.server;
    const { worktree, id, sessionId, chatId } = await worked();
    const refused = await api.deleteWorktree({ params: { id } }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'conflict', details: { untracked: 1, dirty: 0, unpushed: 0, canDelete: false, runningTasks: 0 } });
    expect(await api.deleteWorktree({ params: { id }, query: { force: 'true' } })).toMatchObject({ state: 'trashed', trash: { by: 'person' } });
    expect(existsSync(worktree.path)).toBe(false);
    expect((await api.listChanges({ params: { id: sessionId }, query: { state: 'pending' } })).items).toEqual([]);
    expect(await api.restoreWorktree({ params: { id }, body: {} })).toMatchObject({ state: 'ready', trash: null, problem: null, sessionId });
    expect(await git(worktree.path, 'status', '--porcelain')).toBe('?? b.txt\n');
    expect((await api.listChanges({ params: { id: sessionId }, query: { state: 'pending' } })).items.map((change) => change.path)).toEqual(['b.txt']);
    await expect(api.restoreWorktree({ params: { id }, body: {} })).rejects.toMatchObject({ code: 'conflict' });

    await api.deleteWorktree({ params: { id }, query: { force: 'true' } });
    const watcher = await watchChat(opened.server, chatId);
    await api.sendMessage({ params: { id: chatId }, body: { text: 'demo: say again' } });
    await watcher.until((state) => state.messages.filter(({ status }) => status === 'completed').length === 4 && state.tasks.length === 0);
    watcher.close();
    const fresh = (await api.listWorktrees()).items.filter((item) => item.sessionId === sessionId && item.state === 'ready');
    expect(fresh.map((item) => item.id)).not.toContain(id);
    expect(await api.restoreWorktree({ params: { id }, body: {} })).toMatchObject({ state: 'ready', sessionId: null });
    expect(existsSync(join(worktree.path, 'b.txt'))).toBe(true);
  });

  it('is purged for good, but for a branch with commits that are nowhere else', async () => {
    const { api } = opened.server;
    const { path, worktree, id } = await worked();
    await git(worktree.path, 'add', '-A');
    await git(worktree.path, 'commit', '-q', '-m', 'work');
    const tip = await git(worktree.path, 'rev-parse', 'HEAD');
    await api.deleteWorktree({ params: { id }, query: { force: 'true' } });
    await api.purgeWorktree({ params: { id }, body: {} });
    await expect(find(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await git(path, 'rev-parse', worktree.branch)).toBe(tip);
    expect(await git(path, 'for-each-ref', 'refs/boocode')).toBe('');
    expect((await git(path, 'worktree', 'list')).trim().split('\n')).toHaveLength(1);
    expect(await readdir(join(opened.home, 'worktrees', 'trash'))).not.toContain(id);
  });

  it('holds the worktree, whole, when BooCode was killed while it moved it there and back', async () => {
    const { worktree, id } = await worked();
    const place = join(opened.home, 'worktrees', 'trash', id);
    // A file where its folder is to be stops the move after the intent is written.
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, 'in the way');
    await expect(opened.server.api.deleteWorktree({ params: { id }, query: { force: 'true' } })).rejects.toBeDefined();
    expect(await find(id)).toMatchObject({ state: 'trashing' });
    await killServerProgram(opened.server);
    await rm(place);
    opened.server = await startServerProgram(opened.home, { BOOCODE_MODEL_URL: opened.model.url });
    const trashed = await find(id);
    expect(trashed).toMatchObject({ state: 'trashed' });
    expect(await readFile(join(trashed.trash!.path, 'b.txt'), 'utf8')).toBe('b\n');
    expect(await git(trashed.trash!.path, 'status', '--porcelain')).toBe('?? b.txt\n');

    await mkdir(dirname(dirname(worktree.path)), { recursive: true });
    await rename(dirname(trashed.trash!.path), `${dirname(trashed.trash!.path)}.away`);
    await writeFile(dirname(worktree.path), 'in the way');
    await rename(`${dirname(trashed.trash!.path)}.away`, dirname(trashed.trash!.path));
    await expect(opened.server.api.restoreWorktree({ params: { id }, body: {} })).rejects.toBeDefined();
    expect(await find(id)).toMatchObject({ state: 'restoring' });
    await killServerProgram(opened.server);
    await rm(dirname(worktree.path));
    opened.server = await startServerProgram(opened.home, { BOOCODE_MODEL_URL: opened.model.url });
    expect(await find(id)).toMatchObject({ state: 'ready', trash: null, problem: null });
    expect(await git(worktree.path, 'status', '--porcelain')).toBe('?? b.txt\n');
  });
});

describe('a worktree', () => {
  it('has its work put aside and brought back', async () => {
    const { api } = opened.server;
    const { worktree, id, sessionId } = await worked();
    const stash = await api.stashWorktree({ params: { id }, body: { note: 'for later' } });
    expect(stash).toMatchObject({ worktreeId: id, files: 1, note: 'for later', restoredAt: null });
    expect(existsSync(join(worktree.path, 'b.txt'))).toBe(false);
    expect(await api.getWorktreeRisk({ params: { id } })).toMatchObject({ untracked: 0, stashes: 1, canDelete: false });
    await deleteSession(sessionId);
    expect(await reap(id)).toMatchObject({ action: 'keep', reason: '1 stash of it was not brought back' });
    await api.restoreSession({ params: { id: sessionId }, body: {} });
    expect(await api.unstashWorktree({ params: { id }, body: {} })).toMatchObject({ id: stash.id, restoredAt: expect.any(String) });
    expect(await readFile(join(worktree.path, 'b.txt'), 'utf8')).toBe('b\n');
    await expect(api.unstashWorktree({ params: { id }, body: {} })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('runs the trusted scripts of its project, says what they did, and is held back by a teardown that fails', async () => {
    const { api } = opened.server;
    const config = { setup: 'echo set up; echo x > made', teardown: 'echo torn down; exit 3' };
    const { id, worktree } = await worked({ '.boocode/project.json': JSON.stringify(config), '.gitignore': 'made\nb.txt\n' });
    expect(existsSync(join(worktree.path, 'made'))).toBe(true);
    expect((await find(id)).steps).toMatchObject([{ what: 'The set-up script', how: 'ran' }]);
    await rm(join(worktree.path, 'made'));
    await api.setUpWorktree({ params: { id }, body: {} });
    expect(existsSync(join(worktree.path, 'made'))).toBe(true);
    await expect(api.deleteWorktree({ params: { id } })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('status 3') });
    expect(await api.deleteWorktree({ params: { id }, query: { force: 'true' } })).toMatchObject({ state: 'trashed' });
    const log = await api.getWorktreeLog({ params: { id } });
    expect([log.setup, log.teardown]).toEqual([expect.stringContaining('set up'), expect.stringContaining('torn down')]);
  });

  it('is measured, and mended when it was damaged by hand', async () => {
    const { api } = opened.server;
    const { worktree, id } = await worked();
    expect((await api.measureWorktree({ params: { id }, body: {} })).disk).toMatchObject({ files: 3, bytes: expect.any(Number) });
    await rm(join(worktree.path, '.git'));
    expect(await api.repairWorktree({ params: { id }, body: {} })).toMatchObject({
      repaired: expect.stringContaining('its link to the repository was damaged'),
    });
    expect(await git(worktree.path, 'status', '--porcelain')).toBe('?? b.txt\n');
  });
});

describe('boocode worktrees', () => {
  const run = async (...args: string[]) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: COMPILED, BOOCODE_URL: opened.server.url, BOOCODE_TOKEN: opened.server.token };
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { env }).catch((error: { stdout: string; stderr: string }) => ({
      stdout: error.stderr,
    }));
    return stdout;
  };

  it('lists, asks, stashes, removes and brings back; doctor says what would happen', { timeout: 180_000 }, async () => {
    const { id, sessionId } = await worked();
    const short = id.slice(0, 8);
    const [list, risk] = await Promise.all([run('worktrees'), run('worktrees', 'risk', sessionId)]);
    expect(list).toMatch(new RegExp(`^${short} +(ready|in use)`, 'm'));
    expect(risk).toContain('1 new, not committed');
    expect(await run('worktrees', 'stash', short)).toContain('1 file put aside');
    expect(await run('worktrees', 'unstash', short)).toContain('1 file brought back');
    const [stashes, refused] = await Promise.all([run('worktrees', 'stashes', short), run('worktrees', 'rm', short)]);
    expect(stashes).toContain('brought back');
    expect(refused).toContain('Cannot remove the worktree: 1 changed file is not applied');
    expect(await run('worktrees', 'rm', short, '--force')).toContain(`boocode worktrees restore ${short}`);
    const [doctor, json] = await Promise.all([run('doctor', '--worktrees'), run('doctor', '--worktrees', '--json')]);
    expect(doctor).toContain('it is in the trash and can be brought back');
    expect(JSON.parse(json)).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ worktreeId: id, action: 'keep' })]) });
    expect(await run('worktrees', 'restore', short)).toContain('The worktree is back at');
  });
});
