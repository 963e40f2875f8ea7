import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TestRepository, writeAt } from '../test/test-repository.ts';
import { compareSharedState, readSharedState } from './shared-git.ts';

it('compareSharedState() names what an agent changed beside its own branch', async () => {
  using repo = new TestRepository();
  const w = await repo.worktree();
  const read = () => readSharedState(repo.git, w.tree, w.branch);
  const before = await read();
  writeAt(w.path, 'x', 'x\n');
  repo.runIn(w.path, 'add', '-A');
  repo.runIn(w.path, 'commit', '-qm', 'own work');
  repo.run('update-ref', 'refs/boocode/x', 'HEAD');
  expect(compareSharedState(before, await read())).toEqual([]);
  repo.runIn(w.path, 'config', 'core.fsmonitor', 'evil');
  repo.runIn(w.path, 'update-ref', 'refs/heads/main', 'HEAD');
  repo.runIn(w.path, 'tag', 'mine');
  writeAt(repo.folder, join('.git', 'hooks', 'pre-commit'), '#!/bin/sh\n', 0o755);
  expect(compareSharedState(before, await read())).toEqual(['config', 'hooks/pre-commit', 'refs/heads/main', 'refs/tags/mine']);
});
