import { compareSharedState, readSharedState } from '@boocode/git/shared-git.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';

/** A look at what all worktrees of a repository share (refs, config, hooks), before a turn and after it. */
export interface SharedGitWatch {
  /** Resolves when the state before the turn has been read; a turn has no effect before that. Never rejects. */
  readonly ready: Promise<void>;
  /** What is different now. Empty also when the first look failed: then nothing can be said. */
  compare(): Promise<string[]>;
}

/** Begins to look at once, beside the agent's own start. `own`: the worktree's branch, the only ref the agent may move. */
export function watchSharedGit(git: Git, commonDir: Promise<string>, own: { readonly path: string; readonly branch: string }): SharedGitWatch {
  const read = async () => readSharedState(git, await openWorktree(await commonDir, own.path), own.branch);
  const before = read().catch(() => null);
  return {
    ready: before.then(() => {}),
    compare: async () => {
      const state = await before;
      return state === null ? [] : compareSharedState(state, await read());
    },
  };
}
