import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from './test-repository.ts';
import { findDamage, verifyWorktree } from '../src/verify-worktree.ts';

async function fixture(repo: TestRepository) {
  const w = await repo.worktree();
  const { tree: project } = await repo.open();
  writeAt(w.path, 'new', 'work\n');
  const options = { project, path: w.path, branch: w.branch, base: w.baseCommit, baseRef: w.baseRef };
  return {
    w,
    project,
    verify: (more: { isIdle?: boolean } = {}) => verifyWorktree(repo.git, { ...options, ...more }),
    damage: () => findDamage(project.commonDir, w.path),
  };
}

type Fixture = Awaited<ReturnType<typeof fixture>>;

const DAMAGES: readonly { name: string; harm: (f: Fixture, repo: TestRepository) => void; seen: string; mended: string }[] = [
  {
    name: '.git is gone',
    harm: ({ w }) => rmSync(join(w.path, '.git')),
    seen: 'its link to the repository (.git) is gone',
    mended: 'its link to the repository was damaged',
  },
  {
    name: '.git is rubbish',
    harm: ({ w }) => writeFileSync(join(w.path, '.git'), 'rubbish'),
    seen: 'its link to the repository (.git) is damaged',
    mended: 'its link to the repository was damaged',
  },
  {
    name: '.git names another place',
    harm: ({ w }) => writeFileSync(join(w.path, '.git'), 'gitdir: /elsewhere/.git/worktrees/x\n'),
    seen: 'its link to the repository (.git) is damaged',
    mended: 'its link to the repository was damaged',
  },
  {
    name: 'git has forgotten it',
    harm: ({ w }) => rmSync(w.tree.gitDir, { recursive: true }),
    seen: 'the repository has forgotten it',
    mended: 'the repository had forgotten it',
  },
  { name: 'the way back is gone', harm: ({ w }) => rmSync(join(w.tree.gitDir, 'gitdir')), seen: 'the repository has forgotten it', mended: '' },
  {
    name: 'HEAD is rubbish',
    harm: ({ w }) => writeFileSync(join(w.tree.gitDir, 'HEAD'), 'rubbish'),
    seen: 'its HEAD is damaged',
    mended: 'its HEAD was damaged',
  },
  { name: 'HEAD is gone', harm: ({ w }) => rmSync(join(w.tree.gitDir, 'HEAD')), seen: 'its HEAD is damaged', mended: 'its HEAD was damaged' },
  {
    name: 'commondir is gone',
    harm: ({ w }) => rmSync(join(w.tree.gitDir, 'commondir')),
    seen: 'what git knows of it is damaged',
    mended: 'what git knows of it was damaged',
  },
  {
    name: 'the index is rubbish',
    harm: ({ w }) => writeFileSync(join(w.tree.gitDir, 'index'), 'rubbish'),
    seen: 'its index is damaged',
    mended: 'its index was damaged',
  },
  { name: 'the index is gone', harm: ({ w }) => rmSync(join(w.tree.gitDir, 'index')), seen: 'its index is damaged', mended: 'its index was damaged' },
];

describe('findDamage() and verifyWorktree()', () => {
  it.each(DAMAGES)('notice and mend it when $name', async ({ harm, seen, mended }) => {
    using repo = new TestRepository();
    const made = await fixture(repo);
    expect(await made.damage()).toBeNull();
    harm(made, repo);
    expect(await made.damage()).toBe(seen);
    const verified = await made.verify();
    expect(verified).toMatchObject({ filesLost: false, notes: [] });
    expect(verified.repaired ?? '').toContain(mended);
    expect(await made.damage()).toBeNull();
    expect(repo.runIn(made.w.path, 'status', '--porcelain')).toBe('?? new\n');
    expect(repo.runIn(made.w.path, 'symbolic-ref', 'HEAD').trim()).toBe(`refs/heads/${made.w.branch}`);
    expect(repo.run('fsck', '--no-dangling', '--connectivity-only')).toBe('');
    expect(repo.run('worktree', 'list').trim().split('\n')).toHaveLength(2);
  });

  it('checks the files out again when the folder is gone, from its branch', async () => {
    using repo = new TestRepository();
    const { w, verify, damage } = await fixture(repo);
    repo.runIn(w.path, 'add', '-A');
    repo.runIn(w.path, 'commit', '-q', '-m', 'agent');
    rmSync(w.path, { recursive: true });
    expect(await damage()).toBe('its folder is gone');
    expect(await verify()).toMatchObject({ filesLost: true });
    expect(existsSync(join(w.path, 'new'))).toBe(true);
  });

  it('explains a HEAD that is detached or elsewhere, and a branch that was moved, and leaves them', async () => {
    using repo = new TestRepository();
    const { w, verify } = await fixture(repo);
    repo.runIn(w.path, 'checkout', '-q', '--detach');
    expect((await verify()).notes).toEqual([expect.stringContaining('Its HEAD is detached at')]);
    repo.runIn(w.path, 'checkout', '-q', '-b', 'other');
    expect((await verify()).notes).toEqual([`It is on "other" instead of its own branch "${w.branch}"`]);
    repo.runIn(w.path, 'checkout', '-q', w.branch);
    repo.commit('of the person');
    repo.run('update-ref', `refs/heads/${w.branch}`, 'HEAD');
    expect(await verify()).toMatchObject({ repaired: null, notes: [expect.stringContaining('was moved from')] });
  });

  it('removes a lock file only when it is old and nobody works there', async () => {
    using repo = new TestRepository();
    const { w, verify, damage } = await fixture(repo);
    const lock = join(w.tree.gitDir, 'index.lock');
    writeFileSync(lock, '');
    expect(await damage()).toBeNull();
    expect(await verify({ isIdle: true })).toMatchObject({ repaired: null, notes: [expect.stringContaining(lock)] });
    const old = Date.now() / 1_000 - 3_600;
    utimesSync(lock, old, old);
    expect(await damage()).toBe('git has been locked in it for long');
    expect(await verify()).toMatchObject({ repaired: null, notes: [expect.stringContaining(lock)] });
    expect(existsSync(lock)).toBe(true);
    expect((await verify({ isIdle: true })).repaired).toContain('a lock file was left');
    expect(existsSync(lock)).toBe(false);
  });

  it('makes the ref that keeps its base again, and says when the base is gone', async () => {
    using repo = new TestRepository();
    const { w, project, verify } = await fixture(repo);
    repo.run('update-ref', '-d', w.baseRef);
    expect(await verify()).toMatchObject({ repaired: null, notes: [] });
    expect(repo.run('rev-parse', w.baseRef).trim()).toBe(w.baseCommit);
    const gone = await verifyWorktree(repo.git, { project, path: w.path, branch: w.branch, base: '1'.repeat(40), baseRef: 'refs/boocode/bases/none' });
    expect(gone.notes).toEqual([expect.stringContaining('is gone from the repository')]);
  });

  it("takes no entry of git that is another worktree's", async () => {
    using repo = new TestRepository();
    const { w, verify } = await fixture(repo);
    const other = await repo.worktree('head', { id: 'w2' });
    rmSync(w.tree.gitDir, { recursive: true });
    writeFileSync(join(w.path, '.git'), `gitdir: ${other.tree.gitDir}\n`);
    await verify();
    expect(repo.runIn(other.path, 'status', '--porcelain')).toBe('');
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe('?? new\n');
  });
});
