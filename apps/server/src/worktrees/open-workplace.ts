import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import { type ProjectId, type SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Access } from '@boocode/contracts/access.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { inspectRepository, openRepository, openRepositoryOf, type OpenRepository } from '@boocode/git/repository.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { findDamage, verifyWorktree } from '@boocode/git/verify-worktree.ts';
import { baseRefOf, createWorktree, removeWorktree } from '@boocode/git/worktree.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { readBaseline } from '../sessions/session-store.ts';
import type { CommonDirs } from './common-dirs.ts';
import { listLeases } from './lease-store.ts';
import type { SetUpWorktree } from './set-up-worktree.ts';
import { type SharedGitWatch, watchSharedGit } from './watch-shared-git.ts';
import type { WorktreeLeases } from './worktree-leases.ts';
import { deleteWorktree, findSessionWorktree, insertWorktree, markReady, updateProblem } from './worktree-store.ts';

export interface WorkplaceDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly log: Logger;
  /** `<home>/worktrees` */
  readonly worktreesDir: string;
  readonly setUp: SetUpWorktree;
  readonly commonDirs: CommonDirs;
  readonly leases: Pick<WorktreeLeases, 'take'>;
}

export interface WorkplaceRequest {
  readonly project: Project;
  readonly sessionId: SessionId;
  /** The session's worktree, if there is one. */
  readonly known: Worktree | null;
  /** A few words for the branch's name. */
  readonly slug: string;
  readonly access: Access;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface Workplace {
  readonly cwd: string;
  /** Null: the turn reads the project's folder itself. */
  readonly worktreeId: WorktreeId | null;
  /** What the agent may do here: the task's access, or read-only where nothing can be edited safely. */
  readonly access: Access;
  /** What the reader should know about the place. */
  readonly notices: readonly { readonly code: string; readonly text: string }[];
  /** What the repository shares with the person's folder; null where nothing is written. */
  readonly sharedGit: SharedGitWatch | null;
}

/**
 * Finds or makes the place where a turn works. Writing turns get their session's worktree; reading ones too when there is one, else the project's
 * folder. A folder too wide for a history can be read and talked about, with a notice; what cannot be worked in at all is a BooError with a sentence.
 */
export async function openWorkplace(deps: WorkplaceDeps, request: WorkplaceRequest): Promise<Workplace> {
  const { project, access, known } = request;
  if (known?.state === 'ready') {
    const place = await reopen(deps, request, known);
    // It went to the trash since the rows were read: what is there now counts.
    return place ?? openWorkplace(deps, { ...request, known: await findSessionWorktree(deps.sql, request.sessionId) });
  }
  if (known?.state === 'restoring')
    throw new BooError('worktree_busy', 'Cannot work in the worktree: it is being brought back from the trash; try again in a moment');
  if (access === 'read-only') return { cwd: await existing(project), worktreeId: null, access, notices: [], sharedGit: null };
  const { state } = await inspectRepository(deps.git, project.path, request.signal);
  if (state.kind === 'no_repository') {
    const text = `${state.message ?? 'This folder has no git repository'}. Until then the agent can read but not edit: changes need git to wait for your review`;
    return { cwd: await existing(project), worktreeId: null, access: 'read-only', notices: [{ code: 'no_repository', text }], sharedGit: null };
  }
  const repository = await openRepository(deps.git, project.path, request.signal);
  if (known !== null) await discardUnfinished(deps, repository, known);
  return make(deps, request, repository);
}

/** Null when the worktree is not in its place any more. */
async function reopen(deps: WorkplaceDeps, request: WorkplaceRequest, known: Worktree): Promise<Workplace | null> {
  const [{ worktree, notices }, isLeased] = await Promise.all([mend(deps, request, known), deps.leases.take(known.id, 'turn')]);
  if (!isLeased) return null;
  const folder = await folderInWorktree(deps, request.project, worktree);
  const setUpNotices = await deps.setUp({ ...request, worktree, folder });
  const sharedGit = request.access === 'read-only' ? null : watch(deps, request, worktree);
  return { cwd: folder, worktreeId: worktree.id, access: request.access, notices: [...notices, ...setUpNotices], sharedGit };
}

/** A worktree that somebody removed or damaged is made whole again where that can be done, and the reader is told. */
async function mend(
  deps: WorkplaceDeps,
  { project, signal }: WorkplaceRequest,
  worktree: Worktree,
): Promise<{ worktree: Worktree; notices: Workplace['notices'] }> {
  const commonDir = await deps.commonDirs.of({ project: project.path, id: worktree.id }).catch(() => null);
  const isWhole = commonDir === null ? await isThere(join(worktree.path, '.git')) : (await findDamage(commonDir, worktree.path)) === null;
  if (isWhole) return { worktree, notices: [] };
  const repository = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id }, signal);
  const { path, branch, base } = worktree;
  const others = (await listLeases(deps.sql, worktree.id)).filter(({ use }) => use !== 'turn');
  const verified = await verifyWorktree(deps.git, {
    project: repository.tree,
    path,
    branch,
    base,
    baseRef: baseRefOf(worktree.id),
    isIdle: others.length === 0,
  });
  await updateProblem(deps.sql, worktree.id, null);
  const texts = [...(verified.repaired === null ? [] : [verified.repaired]), ...verified.notes];
  return { worktree, notices: texts.map((text) => ({ code: 'worktree_repaired', text })) };
}

function watch(deps: WorkplaceDeps, { project }: WorkplaceRequest, worktree: Worktree): SharedGitWatch {
  return watchSharedGit(deps.git, () => deps.commonDirs.of({ project: project.path, id: worktree.id }), worktree);
}

async function make(deps: WorkplaceDeps, request: WorkplaceRequest, repository: OpenRepository): Promise<Workplace> {
  const { project, sessionId, signal, onProgress } = request;
  const id = WorktreeId.parse(crypto.randomUUID());
  const path = join(deps.worktreesDir, id, folderName(project));
  await insertWorktree(deps.sql, { id, projectId: project.id, sessionId, path });
  await deps.leases.take(id, 'turn');
  onProgress('Making the worktree');
  let made;
  try {
    const base = (await readBaseline(deps.sql, sessionId)) ?? 'head';
    made = await createWorktree(deps.git, {
      repository,
      id,
      path,
      slug: request.slug,
      // Without a commit there is only one state to start from: the files as they are.
      base: repository.state.head === null ? 'uncommitted' : base,
      indexFile: projectIndexOf(deps, project.id),
      signal,
      onProgress,
    });
  } catch (error) {
    await deleteWorktree(deps.sql, id);
    throw error;
  }
  const worktree = await markReady(deps.sql, id, { branch: made.branch, base: made.baseCommit });
  const setUpNotices = await deps.setUp({ ...request, worktree, folder: made.folder });
  const kept = repository.state.kind === 'shadow' && repository.state.message !== null ? [{ code: 'shadow', text: repository.state.message }] : [];
  const notes = [...kept, ...made.notes.map((text) => ({ code: 'worktree', text }))];
  return { cwd: made.folder, worktreeId: id, access: request.access, notices: [...notes, ...setUpNotices], sharedGit: watch(deps, request, worktree) };
}

/** A worktree whose making was cut off by a crash: nobody has worked in it. */
async function discardUnfinished(deps: WorkplaceDeps, repository: OpenRepository, worktree: Worktree): Promise<void> {
  deps.log.info({ worktree: worktree.id }, 'removing a worktree whose making was cut off');
  await removeWorktree(deps.git, { project: repository.tree, path: worktree.path, branch: null });
  await deleteWorktree(deps.sql, worktree.id);
}

/** Where the files of a session are: its worktree when there is one, else the project's own folder, where a session without changes works. */
export async function findWorkingFolder(
  deps: Pick<WorkplaceDeps, 'sql' | 'git'>,
  project: Project,
  sessionId: SessionId | null,
): Promise<{ readonly cwd: string; readonly isInWorktree: boolean }> {
  const worktree = sessionId === null ? null : await findSessionWorktree(deps.sql, sessionId);
  const isReady = worktree?.state === 'ready' && (await isThere(join(worktree.path, '.git')));
  if (!isReady) return { cwd: await existing(project), isInWorktree: false };
  return { cwd: await folderInWorktree(deps, project, worktree), isInWorktree: true };
}

/** The project's folder inside its worktree: a project may be a folder below the repository's top. */
async function folderInWorktree(deps: Pick<WorkplaceDeps, 'git'>, project: Project, worktree: Worktree): Promise<string> {
  if (await isThere(join(project.path, '.git'))) return worktree.path;
  const { state } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  return join(worktree.path, state.prefix);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The private index of a project's folder: keeps what git knows about its files between snapshots. */
export function projectIndexOf(deps: Pick<WorkplaceDeps, 'worktreesDir'>, projectId: ProjectId): string {
  return join(deps.worktreesDir, 'index', `${projectId}.project`);
}

/** The private index of a worktree. */
export function worktreeIndexOf(deps: Pick<WorkplaceDeps, 'worktreesDir'>, id: WorktreeId): string {
  return join(deps.worktreesDir, 'index', `${id}.worktree`);
}

async function existing(project: Project): Promise<string> {
  const info = await stat(project.path).catch(() => null);
  if (info?.isDirectory() === true) return project.path;
  throw new BooError('not_found', `Cannot work in "${project.path}": the folder is not there any more; put it back, or forget the project`);
}

/** The worktree's folder is named like the project, so that tools that show the folder's name show the right one. */
function folderName(project: Project): string {
  const name = project.path.slice(project.path.lastIndexOf('/') + 1);
  return name === '' || name.startsWith('.') ? 'project' : name;
}
