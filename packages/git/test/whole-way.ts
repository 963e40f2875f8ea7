import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { advanceBase } from '../src/advance-base.ts';
import { applyChanges, invertEdit } from '../src/apply-changes.ts';
import { forgetApply } from '../src/apply-journal.ts';
import { collectChanges } from '../src/collect-changes.ts';
import { keepCheckpoint } from '../src/reject-changes.ts';
import { verifyWorktree } from '../src/verify-worktree.ts';
import { baseRefOf, createWorktree, type CreatedWorktree, removeWorktree } from '../src/worktree.ts';
import { worktreeRisk } from '../src/worktree-risk.ts';
import { differences, photograph } from './photograph.ts';
import type { TestRepository } from './test-repository.ts';

// A way is some hundred commands of git, and a test goes several of them.
vi.setConfig({ testTimeout: 180_000 });

export interface WholeWay {
  /** The folder that is the project; the repository's own by default. */
  readonly project?: string;
  /** The top folder of what may not change; the project's by default. */
  readonly top?: string;
  readonly base?: 'head' | 'uncommitted';
  /** What the agent does in the project's folder of its worktree. */
  readonly work: (worktree: CreatedWorktree) => void;
  /** The paths that are expected to change in `top`. */
  readonly changes: readonly string[];
  readonly id?: string;
}

/**
 * A session from its start to its end on a real repository: worktree, checkpoint, work, changes, apply, rewind, a worktree lost and mended, removal. After each step
 * everything of the person is compared byte for byte; only applied files may differ, and none after the rewind.
 */
export async function expectWholeWay(repo: TestRepository, options: WholeWay): Promise<CreatedWorktree> {
  const { git, journalDir } = repo;
  const project = options.project ?? repo.folder;
  const top = options.top ?? project;
  const id = options.id ?? 'w1';
  const before = photograph(top, [repo.home]);
  const unchanged = (): string[] => differences(before, photograph(top, [repo.home]));

  const repository = await repo.open(project);
  const { tree, state } = repository;
  const path = join(repo.root, 'worktrees', id);
  const worktree = await createWorktree(git, {
    repository,
    id,
    path,
    slug: 'work',
    base: state.head === null ? 'uncommitted' : (options.base ?? 'head'),
    indexFile: join(repo.root, `index-${id}-project`),
  });
  expect(unchanged()).toEqual([]);
  const indexFile = join(repo.root, `index-${id}`);
  const collect = (base: string) => collectChanges(git, { tree: worktree.tree, base, indexFile, keepRef: `refs/boocode/pending/${id}` });
  expect((await collect(worktree.baseCommit)).changes).toEqual([]);
  await keepCheckpoint(git, { tree: worktree.tree, indexFile, id: `${id}-before`, message: 'before' });

  options.work(worktree);
  const { changes: edits } = await collect(worktree.baseCommit);
  expect(unchanged()).toEqual([]);
  const given = { tree, prefix: state.prefix, edits, journalDir, note: null, now: 0 };
  expect(await applyChanges(git, { ...given, id: `${id}-a` })).toMatchObject({ kind: 'applied' });
  await forgetApply(journalDir, `${id}-a`);
  expect(unchanged()).toEqual(options.changes);
  const base = await advanceBase(git, { tree, base: worktree.baseCommit, baseRef: baseRefOf(id), edits, scratch: journalDir });
  expect((await collect(base)).changes).toEqual([]);
  expect(await applyChanges(git, { ...given, edits: edits.map(invertEdit), id: `${id}-r` })).toMatchObject({ kind: 'applied' });
  await forgetApply(journalDir, `${id}-r`);
  expect(unchanged()).toEqual([]);

  await worktreeRisk(git, { tree: worktree.tree, project: tree, base, branch: worktree.branch, indexFile });
  const at = { project: tree, path: worktree.path, branch: worktree.branch, base };
  rmSync(join(worktree.tree.gitDir, 'index'), { force: true });
  rmSync(join(worktree.path, '.git'));
  await verifyWorktree(git, at);
  expect((await collect(base)).changes).toEqual([]);
  rmSync(worktree.path, { recursive: true });
  expect((await verifyWorktree(git, at)).filesLost).toBe(true);
  await removeWorktree(git, { project: tree, path: worktree.path, branch: worktree.branch });
  expect(existsSync(worktree.path)).toBe(false);
  expect(unchanged()).toEqual([]);
  return worktree;
}

export function contentIn(worktree: CreatedWorktree, path: string): string {
  return readFileSync(join(worktree.path, path), 'utf8');
}
