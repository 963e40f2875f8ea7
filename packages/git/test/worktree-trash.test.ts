import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from './test-repository.ts';
import { verifyWorktree } from '../src/verify-worktree.ts';
import { moveFromTrash, moveToTrash, purgeWorktree } from '../src/worktree-trash.ts';

async function fixture(repo: TestRepository) {
  const w = await repo.worktree();
  const { tree: project } = await repo.open();
  const trash = join(repo.root, 'worktrees', 'trash', 'w1', 'work');
  const there = { commonDir: project.commonDir, from: w.path, to: trash };
  return { w, project, trash, there, back: { ...there, from: trash, to: w.path } };
}

function commitIn(repo: TestRepository, path: string, name: string): string {
  writeAt(path, name, `${name}\n`);
  repo.runIn(path, 'add', '-A');
  repo.runIn(path, 'commit', '-q', '-m', name);
  return repo.runIn(path, 'rev-parse', 'HEAD').trim();
}

describe('the trash', () => {
  it('holds a worktree as it was, safe from `git worktree prune`, and gives it back', async () => {
    using repo = new TestRepository();
    const { w, trash, there, back } = await fixture(repo);
    const tip = commitIn(repo, w.path, 'committed');
    writeAt(w.path, 'new', 'work\n');
    await moveToTrash(there);
    expect(existsSync(w.path)).toBe(false);
    repo.run('worktree', 'prune', '--expire=now');
    expect(repo.runIn(trash, 'status', '--porcelain')).toBe('?? new\n');
    expect(repo.run('rev-parse', w.branch).trim()).toBe(tip);
    await moveFromTrash(back);
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe('?? new\n');
    expect(existsSync(join(w.tree.gitDir, 'locked'))).toBe(false);
    expect(repo.run('worktree', 'list', '--porcelain')).toContain(`worktree ${w.path}\n`);
    expect(repo.run('fsck', '--no-dangling')).toBe('');
  });

  it('can be gone on with after every step at which it may have been cut off', async () => {
    for (const step of ['locked', 'pointed', 'renamed']) {
      using repo = new TestRepository();
      const { w, trash, there } = await fixture(repo);
      writeAt(w.path, 'new', 'work\n');
      writeFileSync(join(w.tree.gitDir, 'locked'), "in BooCode's trash; `boocode worktrees restore` brings it back\n");
      if (step !== 'locked') writeFileSync(join(w.tree.gitDir, 'gitdir'), `${join(trash, '.git')}\n`);
      if (step === 'renamed') {
        mkdirSync(join(trash, '..'), { recursive: true });
        renameSync(w.path, trash);
      }
      repo.run('worktree', 'prune', '--expire=now');
      await moveToTrash(there);
      expect(repo.runIn(trash, 'status', '--porcelain'), step).toBe('?? new\n');
      await moveToTrash(there);
      expect(readFileSync(join(trash, 'new'), 'utf8'), step).toBe('work\n');
    }
  });

  it("keeps a person's own lock, and refuses to cover what lies at the place", async () => {
    using repo = new TestRepository();
    const { w, there, back } = await fixture(repo);
    repo.run('worktree', 'lock', '--reason', 'mine', w.path);
    await moveToTrash(there);
    mkdirSync(w.path);
    await expect(moveFromTrash(back)).rejects.toMatchObject({ code: 'conflict' });
    rmSync(w.path, { recursive: true });
    await moveFromTrash(back);
    expect(readFileSync(join(w.tree.gitDir, 'locked'), 'utf8').trim()).toBe('mine');
  });

  it('is mended on the way back when git has forgotten it meanwhile', async () => {
    using repo = new TestRepository();
    const { w, project, there, back } = await fixture(repo);
    writeAt(w.path, 'new', 'work\n');
    await moveToTrash(there);
    rmSync(w.tree.gitDir, { recursive: true });
    await moveFromTrash(back);
    await verifyWorktree(repo.git, { project, path: w.path, branch: w.branch, base: w.baseCommit });
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe('?? new\n');
  });
});

describe('purgeWorktree()', () => {
  const REF = 'refs/boocode/checkpoints/final';

  it('removes folder, entry, refs and branch when everything on it is elsewhere', async () => {
    using repo = new TestRepository();
    const { w, project, trash, there } = await fixture(repo);
    repo.run('update-ref', REF, 'HEAD');
    writeAt(w.path, 'cache/deep/file', 'x', 0o400);
    chmodSync(join(w.path, 'cache/deep'), 0o500);
    await moveToTrash(there);
    const purge = () => purgeWorktree(repo.git, { project, path: trash, id: 'w1', branch: w.branch, refs: [REF] });
    expect(await purge()).toEqual({ keptBranch: null });
    expect([existsSync(trash), existsSync(w.tree.gitDir), repo.run('for-each-ref').includes('boocode')]).toEqual([false, false, false]);
    expect(await purge()).toEqual({ keptBranch: null });
  });

  it('leaves the branch when commits are nowhere else, and gives those of a detached HEAD one', async () => {
    using repo = new TestRepository();
    const { w, project, trash, there } = await fixture(repo);
    const onBranch = commitIn(repo, w.path, 'a');
    repo.runIn(w.path, 'checkout', '-q', '--detach');
    const detached = commitIn(repo, w.path, 'b');
    await moveToTrash(there);
    expect(await purgeWorktree(repo.git, { project, path: trash, id: 'w1', branch: w.branch, refs: [] })).toEqual({ keptBranch: w.branch });
    expect(repo.run('rev-parse', w.branch).trim()).toBe(onBranch);
    expect(repo.run('rev-parse', `${w.branch}-detached`).trim()).toBe(detached);
  });
});
