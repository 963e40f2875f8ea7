import { readFileSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { changedKeys, manifestOf, TestRepository, writeAt } from '../test/test-repository.ts';
import { rejectInWorktree, restoreInWorktree } from './reject-changes.ts';
import { forgetApply } from './apply-journal.ts';

it('rejectInWorktree() puts files back in the worktree alone, after a checkpoint that can be restored', async () => {
  using repo = new TestRepository();
  repo.write('a', 'a\n');
  repo.write('move', 'a file\nwith lines\n');
  repo.write('gone', 'x\n');
  repo.commit();
  const w = await repo.worktree();
  writeAt(w.path, 'a', 'agent\n');
  writeAt(w.path, 'folder/new', 'agent\n');
  writeAt(w.path, 'stays', 'agent\n');
  renameSync(join(w.path, 'move'), join(w.path, 'moved'));
  unlinkSync(join(w.path, 'gone'));
  repo.runIn(w.path, 'add', '-A');
  repo.runIn(w.path, 'commit', '-qm', 'agent');
  const project = manifestOf(repo.folder);
  const worktree = manifestOf(w.path);
  const changes = await repo.collect(w);
  const options = { worktree: w.tree, indexFile: join(repo.root, 'i'), journalDir: repo.journalDir, id: 'r1', note: null, now: 1 };
  const result = await rejectInWorktree(repo.git, { ...options, edits: changes.filter((change) => change.path !== 'stays'), checkpointId: 'c1' });
  expect(result.kind).toBe('applied');
  expect((await repo.collect(w)).map((change) => change.path)).toEqual(['stays']);
  expect(changedKeys(project, manifestOf(repo.folder))).toEqual([]);
  expect(repo.run('rev-parse', 'refs/boocode/checkpoints/c1').trim()).toBe(result.checkpoint);
  await forgetApply(repo.journalDir, 'r1');
  const undone = await restoreInWorktree(repo.git, {
    ...options,
    from: w.baseCommit,
    to: result.checkpoint ?? '',
    paths: changes.filter((change) => change.path !== 'stays').map((change) => change.path),
  });
  expect(undone.kind).toBe('applied');
  expect(changedKeys(worktree, manifestOf(w.path))).toEqual([]);
});

it('rejectInWorktree() refuses when a file is no longer what the person saw', async () => {
  using repo = new TestRepository();
  const w = await repo.worktree();
  writeAt(w.path, 'README.md', 'agent\n');
  writeAt(w.path, 'new', 'agent\n');
  const edits = await repo.collect(w);
  writeAt(w.path, 'README.md', 'agent, later\n');
  const options = { worktree: w.tree, edits, indexFile: join(repo.root, 'i'), journalDir: repo.journalDir, id: 'r1', checkpointId: 'c1', note: null, now: 1 };
  expect(await rejectInWorktree(repo.git, options)).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'README.md', reason: 'modified' }] });
  expect(readFileSync(join(w.path, 'new'), 'utf8')).toBe('agent\n');
});
