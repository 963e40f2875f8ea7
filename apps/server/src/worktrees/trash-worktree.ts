import { rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { type SessionId, StashId, type WorktreeId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { findStat } from '@boocode/git/path-facts.ts';
import { keepCheckpoint } from '@boocode/git/reject-changes.ts';
import { openRepositoryOf, type OpenRepository } from '@boocode/git/repository.ts';
import { verifyWorktree } from '@boocode/git/verify-worktree.ts';
import { baseRefOf, openWorktree, removeWorktree } from '@boocode/git/worktree.ts';
import { moveFromTrash, moveToTrash, type PurgedWorktree, purgeWorktree } from '@boocode/git/worktree-trash.ts';
import { findProject } from '../projects/project-store.ts';
import { worktreeIndexOf } from './open-workplace.ts';
import {
  findTracked,
  findTrashPath,
  insertStash,
  listStashRefs,
  markPurging,
  markRemoved,
  markRestored,
  markRestoring,
  markTrashed,
  markTrashing,
} from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { findWorktree, listInState } from './worktree-store.ts';

/*
 * The trash lies beside the worktrees, so that moving there is one rename: <worktrees>/trash/<id>/<name>.
 *   ready -> trashing   written first. Killed here = the next start moves it.
 *   trashing            git's entry is locked, then points to the new place, then the folder is renamed; each step can be repeated.
 *   trashed             its branch, its refs and all its files are there. `restore` goes the same way back.
 *   trashed -> purging  written first; then folder, git's entry, our refs, and the branch when everything on it is elsewhere. Killed here = the next start goes on.
 */

export interface Trashed {
  readonly by: 'person' | 'reaper';
  /** Also when the teardown script fails or its files cannot be read. */
  readonly isForced: boolean;
}

/** Moves a worktree to the trash. What it holds is kept as a checkpoint first. Rejects with `worktree_busy` when it is in use. */
export function trashWorktree(deps: WorktreeDeps, id: WorktreeId, { by, isForced }: Trashed): Promise<void> {
  return deps.queue.run(id, async () => {
    const { worktree, sessionId } = await get(deps, id);
    if (worktree.state !== 'ready' && worktree.state !== 'failed') throw notInPlace(worktree);
    const place = await openPlace(deps, worktree);
    if (by === 'person' && sessionId !== null) await deps.endUse(sessionId);
    // A folder that is gone has nothing to keep; it is checked out again when it comes back.
    if ((await findStat(worktree.path)) !== null) {
      await tearDown(deps, worktree, place, isForced);
      await keepFinal(deps, worktree, place, isForced);
    }
    const trashPath = join(trashDirOf(deps), id, basename(worktree.path));
    // What ended a moment ago is still on record until the next beat.
    await deps.leases.beat();
    const marked = await markTrashing(deps.sql, id, { trashPath, by, except: by === 'person' ? deps.leases.owner : null });
    if (marked === null) throw new BooError('worktree_busy', 'Cannot remove the worktree: something works in it; end that first and try again');
    await finishTrashing(deps, worktree, place.repository, trashPath);
    if (sessionId !== null) await deps.onFilesGone(worktree, sessionId);
  });
}

/** Brings a worktree back to its place, as it was. It belongs to its session again, unless that has another one by now. */
export function restoreWorktree(deps: WorktreeDeps, id: WorktreeId): Promise<void> {
  return deps.queue.run(id, async () => {
    const { worktree } = await get(deps, id);
    if (worktree.state !== 'trashed') throw new BooError('conflict', `Cannot bring the worktree back: it is ${worktree.state}, not in the trash`);
    const { repository } = await openPlace(deps, worktree);
    const trashPath = await findTrashPath(deps.sql, id);
    const marked = await markRestoring(deps.sql, id);
    if (marked === null || trashPath === null) throw new BooError('conflict', 'Cannot bring the worktree back: it is not in the trash any more');
    await finishRestoring(deps, marked, repository, trashPath);
    if (marked.sessionId !== null) await deps.onFilesBack(marked, marked.sessionId);
  });
}

/** Removes a worktree from the trash for good. Resolves with the branch that had to stay. */
export function purgeTrashed(deps: WorktreeDeps, id: WorktreeId): Promise<PurgedWorktree> {
  return deps.queue.run(id, async () => {
    const { worktree } = await get(deps, id);
    if (!(await markPurging(deps.sql, id, ['trashed'])))
      throw new BooError('conflict', `Cannot remove the worktree for good: it is ${worktree.state}, not in the trash`);
    return finishPurging(deps, worktree);
  });
}

/** Removes what is left of a worktree in which there is nothing: its folder is gone, or its making was cut off. */
export function purgeEmpty(deps: WorktreeDeps, id: WorktreeId): Promise<PurgedWorktree> {
  return deps.queue.run(id, async () => {
    const { worktree } = await get(deps, id);
    if (!(await markPurging(deps.sql, id, ['creating', 'ready', 'failed']))) throw notInPlace(worktree);
    return finishPurging(deps, worktree);
  });
}

/** At the start, and whenever the reaper runs: finishes what a kill or a full disk cut off. Never rejects. */
export async function recoverTrash(deps: WorktreeDeps): Promise<void> {
  for (const worktree of await listInState(deps.sql, ['trashing', 'restoring', 'purging'])) {
    try {
      await deps.queue.run(worktree.id, () => recover(deps, worktree));
    } catch (error) {
      deps.log.error({ err: error, worktree: worktree.id, state: worktree.state }, 'cannot finish what was cut off: it is tried again at the next start');
    }
  }
}

export function trashDirOf(deps: Pick<WorktreeDeps, 'worktreesDir'>): string {
  return join(deps.worktreesDir, 'trash');
}

async function recover(deps: WorktreeDeps, { id, state }: Worktree): Promise<void> {
  const { worktree } = await get(deps, id);
  if (worktree.state !== state) return;
  deps.log.warn({ worktree: id, state }, 'finishing what was cut off');
  if (worktree.state === 'purging') return void (await finishPurging(deps, worktree));
  const { repository } = await openPlace(deps, worktree);
  const trashPath = await findTrashPath(deps.sql, worktree.id);
  if (trashPath === null) throw new TypeError(`worktree ${worktree.id} has no place in the trash`);
  if (worktree.state === 'trashing') await finishTrashing(deps, worktree, repository, trashPath);
  else await finishRestoring(deps, worktree, repository, trashPath);
}

async function finishTrashing(deps: WorktreeDeps, worktree: Worktree, { tree }: OpenRepository, trashPath: string): Promise<void> {
  await moveToTrash({ commonDir: tree.commonDir, from: worktree.path, to: trashPath });
  await markTrashed(deps.sql, worktree.id);
  await deps.leases.release(worktree.id);
}

async function finishRestoring(deps: WorktreeDeps, worktree: Worktree, { tree }: OpenRepository, trashPath: string): Promise<void> {
  await moveFromTrash({ commonDir: tree.commonDir, from: trashPath, to: worktree.path });
  const verified = await verifyWorktree(deps.git, {
    project: tree,
    path: worktree.path,
    branch: worktree.branch,
    base: worktree.base,
    baseRef: baseRefOf(worktree.id),
    isIdle: true,
  }).catch((error: unknown) => (error instanceof BooError ? error : Promise.reject(error)));
  await markRestored(deps.sql, worktree.id, verified instanceof BooError ? verified.message : null);
}

async function finishPurging(deps: WorktreeDeps, worktree: Worktree): Promise<PurgedWorktree> {
  const { repository } = await openPlace(deps, worktree);
  const { tree: project } = repository;
  const path = (await findTrashPath(deps.sql, worktree.id)) ?? worktree.path;
  const refs = await listStashRefs(deps.sql, worktree.id);
  const purged = await purgeWorktree(deps.git, { project, path, id: worktree.id, branch: worktree.branch, refs });
  await removeWorktree(deps.git, { project, path: worktree.path, branch: null });
  for (const folder of [join(trashDirOf(deps), worktree.id), join(deps.worktreesDir, worktree.id)]) await rmdir(folder).catch(() => {}); // somebody else's things stay
  for (const file of ['', '.source', '.staged', '.staged.source']) await rm(`${worktreeIndexOf(deps, worktree.id)}${file}`, { force: true });
  await deps.onPurge(worktree);
  await markRemoved(deps.sql, worktree.id);
  return purged;
}

interface Place {
  readonly project: Project;
  readonly repository: OpenRepository;
}

async function openPlace(deps: WorktreeDeps, worktree: Worktree): Promise<Place> {
  const project = await findProject(deps.sql, worktree.projectId);
  if (project === null) throw new BooError('not_found', 'Cannot work on the worktree: its project is gone');
  return { project, repository: await openRepositoryOf(deps.git, { project: project.path, id: worktree.id }) };
}

async function tearDown(deps: WorktreeDeps, worktree: Worktree, { project, repository }: Place, isForced: boolean): Promise<void> {
  const folder = join(worktree.path, repository.state.prefix);
  const failure = await deps
    .tearDown({ project, worktree, folder, signal: new AbortController().signal })
    .catch((error: unknown) => (error instanceof BooError ? error.message : Promise.reject(error)));
  if (failure === null) return;
  deps.log.warn({ worktree: worktree.id }, failure);
  if (!isForced) throw new BooError('conflict', `Cannot remove the worktree: ${failure}; mend the script, or force it`);
}

/** Everything uncommitted as a commit, before anything goes. */
async function keepFinal(deps: WorktreeDeps, worktree: Worktree, { repository }: Place, isForced: boolean): Promise<void> {
  const id = StashId.parse(crypto.randomUUID());
  try {
    const tree = await openWorktree(repository.tree.commonDir, worktree.path);
    const indexFile = worktreeIndexOf(deps, worktree.id);
    const { ref, commit } = await keepCheckpoint(deps.git, { tree, indexFile, id, message: 'Before it went to the trash' });
    await insertStash(deps.sql, { id, worktreeId: worktree.id, kind: 'final', ref, commit, head: null, files: 0, note: null });
  } catch (error) {
    if (!isForced || !(error instanceof BooError)) throw error;
    // Its whole folder is in the trash all the same.
    deps.log.warn({ err: error, worktree: worktree.id }, 'no last checkpoint of a damaged worktree');
  }
}

async function get(deps: WorktreeDeps, id: WorktreeId): Promise<{ worktree: Worktree; sessionId: SessionId | null }> {
  const worktree = await findWorktree(deps.sql, id);
  const tracked = await findTracked(deps.sql, deps.trashMs, id);
  if (worktree === null || tracked === null) throw new BooError('not_found', `Cannot find worktree ${id}: there is none with this id`);
  return { worktree, sessionId: tracked.sessionId };
}

function notInPlace(worktree: Worktree): BooError {
  return new BooError('conflict', `Cannot remove the worktree: it is ${worktree.state}; \`boocode worktrees\` lists what there is`);
}
