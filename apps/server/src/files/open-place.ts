import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { inspectRepository, openRepositoryOf } from '@boocode/git/repository.ts';
import type { Git, WorkTree } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { type ConfinedPath, confinePath } from '@boocode/tools/confine-path.ts';
import { ToolFailure } from '@boocode/tools/tool.ts';
import type { Sql } from 'postgres';
import { getSession } from '../sessions/session-routes.ts';
import { findWorkingFolder } from '../worktrees/open-workplace.ts';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';

export interface PlaceDeps {
  readonly sql: Sql;
  readonly git: Git;
}

/** Where files are looked at: the project's folder, or the same folder in a session's worktree. */
export interface Place {
  readonly cwd: string;
  /** Null: git knows nothing of it. */
  readonly tree: WorkTree | null;
  /** The folder inside its repository ('' = it is the top). */
  readonly prefix: string;
}

/** The place of a project, or of one of its sessions. Rejects with a sentence when it is not there. */
export async function openPlace(deps: PlaceDeps, project: Project, sessionId: SessionId | null): Promise<Place> {
  if (sessionId !== null && (await getSession(deps.sql, sessionId)).projectId !== project.id)
    throw new BooError('invalid_request', `Cannot look at files: session ${sessionId} belongs to another project; give its own project's id`);
  const { cwd, isInWorktree } = await findWorkingFolder(deps, project, sessionId);
  const worktree = isInWorktree && sessionId !== null ? await findSessionWorktree(deps.sql, sessionId) : null;
  if (worktree !== null) {
    const { tree, state } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
    return { cwd, tree: await openWorktree(tree.commonDir, worktree.path), prefix: state.prefix };
  }
  const { tree, state } = await inspectRepository(deps.git, project.path);
  // A private repository has no commit of its own to compare the folder with.
  return { cwd, tree: state.kind === 'shadow' ? null : tree, prefix: state.prefix };
}

/** A path inside the place with every link followed, or a refusal: nothing outside is shown, and nothing of `.git`. */
export async function confine(place: Place, path: string): Promise<ConfinedPath> {
  try {
    const confined = await confinePath(path === '' ? '.' : path, 'read', { cwd: place.cwd, allowedReadPaths: [], outputDir: place.cwd });
    if (!confined.shown.split('/').includes('.git')) return confined;
  } catch (error) {
    throw toBooError(error);
  }
  throw new BooError('forbidden', `Cannot show "${path}": git's own files are not shown`);
}

/** What file tools refuse, as an answer to a request. */
export function toBooError(error: unknown): unknown {
  return error instanceof ToolFailure ? new BooError('invalid_request', error.message, { cause: error }) : error;
}
