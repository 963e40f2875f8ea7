import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedKeys, manifestOf, TestRepository, writeAt } from './test-repository.ts';
import { verifyWorktree } from '../src/verify-worktree.ts';
import { createWorktree, removeWorktree } from '../src/worktree.ts';
import { setUpWorktree } from '../src/worktree-setup.ts';

describe('createWorktree()', () => {
  it('checks HEAD out on a branch of its own, and changes nothing else of the repository', async () => {
    using repo = new TestRepository();
    repo.write('README.md', '# Uncommitted\n');
    const before = manifestOf(repo.folder);
    const w = await repo.worktree();
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual(['ref refs/heads/boocode/work']);
    expect(readFileSync(join(w.path, 'README.md'), 'utf8')).toBe('# Project\n');
    expect(w).toMatchObject({
      branch: 'boocode/work',
      folder: w.path,
      baseRef: 'refs/boocode/bases/w1',
      baseCommit: repo.run('rev-parse', 'HEAD').trim(),
      notes: [],
    });
    expect(repo.run('rev-parse', w.baseRef).trim()).toBe(w.baseCommit);
    expect((await repo.worktree('head', { id: 'w2' })).branch).toBe('boocode/work-2');
  });

  it('starts from the uncommitted and untracked files when asked, staged or not', async () => {
    using repo = new TestRepository();
    repo.write('.gitignore', 'ignored\n');
    repo.write('gone', 'x\n');
    repo.commit();
    repo.write('README.md', '# Uncommitted\n');
    repo.write('sub/new "file"', 'untracked\n');
    repo.write('ignored', 'secret\n');
    repo.write('staged', 'staged\n');
    repo.run('add', 'staged');
    unlinkSync(join(repo.folder, 'gone'));
    repo.run('init', '-q', 'nested');
    repo.write('nested/x', 'x');
    const before = manifestOf(repo.folder);
    const w = await repo.worktree('uncommitted');
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual(['ref refs/heads/boocode/work']);
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', '.gitignore', 'README.md', 'staged', 'sub']);
    expect(readFileSync(join(w.path, 'README.md'), 'utf8')).toBe('# Uncommitted\n');
    expect(repo.run('rev-parse', `${w.baseCommit}^`)).toBe(repo.run('rev-parse', 'HEAD'));
    expect(w.notes).toEqual(['The repository inside "nested" is not part of the worktree']);
    expect(await repo.collect(w)).toEqual([]);
  });

  it('works before the first commit, in a folder inside the repository, detached, and beside a branch called boocode', async () => {
    using repo = new TestRepository({ init: 'empty' });
    repo.write('app/x', 'x\n');
    const first = await repo.worktree('uncommitted');
    expect(readFileSync(join(first.path, 'app/x'), 'utf8')).toBe('x\n');
    expect(readdirSync((await repo.worktree('head', { id: 'w2' })).path)).toEqual(['.git']);
    repo.commit();
    repo.run('checkout', '-q', '--detach');
    const inside = await repo.worktree('head', { id: 'w3', project: join(repo.folder, 'app') });
    expect(inside.folder).toBe(join(inside.path, 'app'));
    for (const each of repo.run('for-each-ref', '--format=%(refname)', 'refs/heads/boocode').trim().split('\n')) repo.run('update-ref', '-d', each);
    repo.run('branch', 'boocode');
    expect((await repo.worktree('head', { id: 'w4' })).branch).toBe('boocode-work');
  });

  it('runs no hook and leaves nothing behind when it fails', async () => {
    using repo = new TestRepository();
    repo.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${repo.root}/hooked\n`, 0o755);
    await repo.worktree();
    expect(existsSync(join(repo.root, 'hooked'))).toBe(false);
    const repository = await repo.open();
    const before = manifestOf(repo.folder);
    const options = {
      repository,
      id: 'w9',
      path: join(repo.root, 'worktrees', 'w9'),
      slug: '../.. Wörter: Ä?!',
      base: 'head' as const,
      indexFile: join(repo.root, 'i'),
    };
    await expect(createWorktree(repo.git, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
    const w = await createWorktree(repo.git, options);
    expect(w.branch).toBe('boocode/worter-a');
    await removeWorktree(repo.git, { project: repository.tree, path: w.path, branch: w.branch });
    await removeWorktree(repo.git, { project: repository.tree, path: w.path, branch: w.branch });
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
    expect(repo.run('worktree', 'list').trim().split('\n')).toHaveLength(2);
  });

  it('never removes what it did not make', async () => {
    using repo = new TestRepository();
    const path = join(repo.root, 'worktrees', 'w1');
    writeAt(path, 'precious', 'mine\n');
    await expect(repo.worktree()).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(path, 'precious'), 'utf8')).toBe('mine\n');
  });
});

describe('verifyWorktree()', () => {
  it('mends what was removed or damaged by hand, and loses no file', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    const { tree: project } = await repo.open();
    const verify = () => verifyWorktree(repo.git, { project, path: w.path, branch: w.branch, base: w.baseCommit });
    writeAt(w.path, 'new', 'work\n');
    repo.runIn(w.path, 'commit', '-q', '--allow-empty', '-m', 'agent');
    const tip = repo.runIn(w.path, 'rev-parse', 'HEAD');
    expect(await verify()).toEqual({ tree: w.tree, repaired: null, filesLost: false, notes: [] });
    rmSync(join(w.path, '.git'));
    expect((await verify()).repaired).toContain('its link to the repository was damaged');
    rmSync(w.tree.gitDir, { recursive: true });
    expect((await verify()).repaired).toContain('the repository had forgotten it');
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe('?? new\n');
    repo.run('update-ref', '-d', 'refs/heads/boocode/work');
    expect((await verify()).repaired).toContain('its branch was gone');
    writeFileSync(join(w.tree.gitDir, 'index'), 'rubbish');
    expect((await verify()).repaired).toContain('its index was damaged');
    repo.runIn(w.path, 'checkout', '-q', '-b', 'elsewhere', w.baseCommit);
    expect(await verify()).toMatchObject({ repaired: null });
    repo.runIn(w.path, 'update-ref', `refs/heads/${w.branch}`, tip.trim());
    expect(readFileSync(join(w.path, 'new'), 'utf8')).toBe('work\n');
    rmSync(w.path, { recursive: true });
    expect(await verify()).toMatchObject({ filesLost: true, repaired: expect.stringContaining('has been checked out again') });
    expect(repo.runIn(w.path, 'rev-parse', 'HEAD')).toBe(tip);
    rmSync(w.path, { recursive: true });
    writeFileSync(w.path, 'a file');
    await expect(verify()).rejects.toMatchObject({ code: 'worktree_damaged' });
  });

  it('keeps the work of an agent that deleted its own branch', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    const { tree: project } = await repo.open();
    writeAt(w.path, 'new', 'work\n');
    repo.runIn(w.path, 'add', '-A');
    repo.runIn(w.path, 'commit', '-q', '-m', 'agent');
    const tip = repo.runIn(w.path, 'rev-parse', 'HEAD');
    repo.runIn(w.path, 'update-ref', '-d', 'HEAD');
    expect((await repo.collect(w)).map((change) => change.path)).toEqual(['new']);
    expect((await verifyWorktree(repo.git, { project, path: w.path, branch: w.branch, base: w.baseCommit })).repaired).toContain('its branch was gone');
    expect([tip, `${w.baseCommit}\n`]).toContain(repo.runIn(w.path, 'rev-parse', 'HEAD'));
  });
});

describe('setUpWorktree()', () => {
  it('brings over .env and dependencies, and links nowhere into the project', async () => {
    using repo = new TestRepository();
    repo.write('.gitignore', '.env\nnode_modules/\n');
    repo.commit();
    repo.write('.env', 'SECRET=1\n', 0o600);
    repo.write('node_modules/a/index.js', 'a\n');
    repo.write('node_modules/.bin/keep', 'x\n');
    symlinkSync('../a/index.js', join(repo.folder, 'node_modules/.bin/a'));
    symlinkSync(join(repo.folder, 'node_modules/a'), join(repo.folder, 'node_modules/absolute'));
    symlinkSync('/etc', join(repo.folder, 'node_modules/out'));
    const w = await repo.worktree();
    const { tree: project } = await repo.open();
    const items = await setUpWorktree(repo.git, { project, worktree: w.tree, prefix: '', copy: null, link: null });
    expect(items.map((item) => [item.path, item.how === 'skipped'])).toEqual([
      ['.env', false],
      ['node_modules', false],
    ]);
    expect(items[1]?.note).toBe('Left out of "node_modules", since they lead out of the project: "node_modules/out"');
    expect(lstatSync(join(w.path, '.env')).mode & 0o777).toBe(0o600);
    writeFileSync(join(w.path, 'node_modules/absolute/index.js'), 'agent\n');
    writeFileSync(join(w.path, 'node_modules/.bin/a'), 'agent\n');
    expect(repo.read('node_modules/a/index.js')).toBe('a\n');
    expect(await repo.collect(w)).toEqual([]);
  });

  it('refuses what leads out, would show up as a change, or is too large to copy', async () => {
    using repo = new TestRepository();
    repo.write('.gitignore', 'link\nbig/\nout/\nsecret\n');
    repo.commit();
    symlinkSync('/etc/passwd', join(repo.folder, 'link'));
    symlinkSync('/etc', join(repo.folder, 'out'));
    repo.write('seen', 'x\n');
    repo.write('big/file', 'x'.repeat(2_000));
    const w = await repo.worktree();
    const { tree: project } = await repo.open();
    const copy = ['../x', '/etc/passwd', 'link', 'out/passwd', 'seen', 'absent', '.git/config'];
    const items = await setUpWorktree(repo.git, { project, worktree: w.tree, prefix: '', copy, link: ['big'], maxCopyBytes: 1_000 });
    expect(items.filter((item) => item.path !== 'big').every((item) => item.how === 'skipped' && item.note !== null)).toBe(true);
    expect(items.map((item) => item.path)).toEqual([...copy, 'big']);
    expect(
      readdirSync(w.path)
        .filter((name) => name !== 'big')
        .toSorted(),
    ).toEqual(['.git', '.gitignore', 'README.md']);
    renameSync(join(repo.folder, 'seen'), join(repo.folder, 'secret'));
    expect(await setUpWorktree(repo.git, { project, worktree: w.tree, prefix: '', copy: ['secret'], link: [] })).toEqual([
      { path: 'secret', how: 'copied', ms: expect.any(Number), note: null },
    ]);
  });

  it('shares files by hard links only where that is asked for, and then also what is too large to copy', async () => {
    using repo = new TestRepository();
    repo.write('.gitignore', 'node_modules/\n');
    repo.commit();
    repo.write('node_modules/a/index.js', 'x'.repeat(2_000));
    const { tree: project } = await repo.open();
    const bring = async (id: string, hardlink: string[]) => {
      const w = await repo.worktree('head', { id });
      const [item] = await setUpWorktree(repo.git, { project, worktree: w.tree, prefix: '', copy: [], link: ['node_modules'], hardlink, maxCopyBytes: 1_000 });
      return { item, links: item?.how === 'skipped' ? 0 : lstatSync(join(w.path, 'node_modules/a/index.js')).nlink };
    };
    const asked = await bring('w1', ['node_modules/']);
    // Where the file system can clone, that is better for both sides.
    expect(asked.item?.how === 'cloned' ? asked.links === 1 : asked.links === 2).toBe(true);
    const unasked = await bring('w2', []);
    expect(unasked.item?.how).toBe(asked.item?.how === 'cloned' ? 'cloned' : 'skipped');
  });
});

describe('createWorktree() in a sparse checkout', () => {
  it('has the same part of the repository', async () => {
    using repo = new TestRepository();
    repo.write('in/a', 'a\n');
    repo.write('out/b', 'b\n');
    repo.commit();
    repo.run('sparse-checkout', 'set', 'in');
    expect(existsSync(join(repo.folder, 'out'))).toBe(false);
    const w = await repo.worktree();
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', 'README.md', 'in']);
    expect(await repo.collect(w)).toEqual([]);
  });
});
