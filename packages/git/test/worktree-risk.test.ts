import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from './test-repository.ts';
import type { CreatedWorktree } from '../src/worktree.ts';
import { worktreeRisk } from '../src/worktree-risk.ts';

const CLEAN = { dirty: 0, untracked: 0, unpushed: 0, merged: 0, locked: false, detached: false, stashes: 0, nested: [], ignored: [], skipped: [] };

async function riskOf(repo: TestRepository, w: CreatedWorktree, base = w.baseCommit) {
  const { tree: project } = await repo.open();
  return worktreeRisk(repo.git, { tree: w.tree, project, base, branch: w.branch, indexFile: join(repo.root, 'risk') });
}

function commitIn(repo: TestRepository, w: CreatedWorktree, path: string, text: string): void {
  writeAt(w.path, path, text);
  repo.runIn(w.path, 'add', '-A');
  repo.runIn(w.path, 'commit', '-q', '-m', path);
}

describe('worktreeRisk()', () => {
  it('counts what would be lost, and not what was applied or lies in other branches', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    expect(await riskOf(repo, w)).toEqual(CLEAN);
    commitIn(repo, w, 'committed', 'x\n');
    writeAt(w.path, 'README.md', 'x\n');
    writeAt(w.path, 'untracked 1', 'x\n');
    writeAt(w.path, 'folder/deep/untracked 2', 'x\n');
    repo.run('worktree', 'lock', w.path);
    expect(await riskOf(repo, w)).toEqual({ ...CLEAN, dirty: 1, untracked: 2, unpushed: 1, locked: true });
    repo.run('branch', 'kept', w.branch);
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 0 });
  });

  it('counts commits of a detached HEAD, and the work that a remote or tag has not', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    repo.runIn(w.path, 'checkout', '-q', '--detach');
    commitIn(repo, w, 'a', 'a\n');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 1, detached: true });
    repo.run('init', '-q', '--bare', join(repo.root, 'remote.git'));
    repo.run('remote', 'add', 'origin', join(repo.root, 'remote.git'));
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 1 });
    repo.runIn(w.path, 'push', '-q', 'origin', 'HEAD:refs/heads/pushed');
    repo.run('fetch', '-q', 'origin');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 0 });
    commitIn(repo, w, 'b', 'b\n');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 1 });
    repo.runIn(w.path, 'tag', 'kept');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 0 });
  });

  it('knows work again that was merged by squash or rebase, and only that', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    commitIn(repo, w, 'a', 'a\n');
    commitIn(repo, w, 'b', 'b\n');
    repo.write('other', 'of the person\n');
    repo.commit();
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 2, merged: 0 });
    repo.run('merge', '--squash', '-q', w.branch);
    repo.run('commit', '-q', '-m', 'squashed');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 0, merged: 2 });
    commitIn(repo, w, 'c', 'c\n');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 3, merged: 0 });
    repo.run('cherry-pick', w.branch);
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 2, merged: 1 });
  });

  it('does not count the copy of uncommitted files that it started from', async () => {
    using repo = new TestRepository();
    repo.write('README.md', '# Uncommitted\n');
    const w = await repo.worktree('uncommitted');
    expect(await riskOf(repo, w)).toEqual(CLEAN);
    commitIn(repo, w, 'a', 'a\n');
    expect(await riskOf(repo, w)).toMatchObject({ unpushed: 1 });
  });

  it('names ignored files that one would miss, repositories inside, and the stash of its branch', async () => {
    using repo = new TestRepository();
    repo.write('.gitignore', '.env*\nbuild/\n*.log\n');
    repo.commit();
    repo.write('.env', 'SAME=1\n');
    const w = await repo.worktree();
    for (const [path, text] of [
      ['.env', 'SAME=1\n'],
      ['build/out', 'x'],
      ['a.log', 'x'],
    ] as const)
      writeAt(w.path, path, text);
    expect(await riskOf(repo, w)).toEqual(CLEAN);
    writeAt(w.path, '.env', 'OTHER=1\n');
    writeAt(w.path, 'sub/.env.local', 'x\n');
    repo.runIn(w.path, 'init', '-q', 'inner');
    repo.runIn(join(w.path, 'inner'), 'commit', '-q', '--allow-empty', '-m', 'inner');
    writeAt(w.path, 'README.md', 'stashed\n');
    repo.runIn(w.path, 'stash', '-q');
    expect(await riskOf(repo, w)).toEqual({ ...CLEAN, ignored: ['.env', 'sub/.env.local'], nested: ['inner'], stashes: 1 });
  });

  it('names a sub-module that is checked out, and not one that is an empty folder', async () => {
    using repo = new TestRepository();
    using other = new TestRepository();
    repo.run('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', other.folder, 'mod');
    repo.commit();
    const w = await repo.worktree();
    expect(await riskOf(repo, w)).toEqual(CLEAN);
    repo.runIn(w.path, '-c', 'protocol.file.allow=always', 'submodule', 'update', '-q', '--init');
    expect(await riskOf(repo, w)).toMatchObject({ nested: ['mod'] });
  });
});
