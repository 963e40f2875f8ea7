import { compareSharedState, readSharedState, type SharedState } from '@boocode/git/shared-git.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';

/** A look at what all worktrees of a repository share (refs, config, hooks), before a turn's first effect and after the turn. */
export interface SharedGitWatch {
  /** Resolves when the state before has been read, which the first call begins. To be awaited before an effect. Never rejects. */
  look(): Promise<void>;
  /** What is different now. Empty also when there was no effect, or when the first look failed: then nothing can be said. */
  compare(): Promise<string[]>;
}

/** A turn that only talks costs no git process. `own`: the worktree's branch, the only ref the agent may move. */
export function watchSharedGit(git: Git, findCommonDir: () => Promise<string>, own: { readonly path: string; readonly branch: string }): SharedGitWatch {
  let before: Promise<SharedState | null> | null = null;
  const read = async () => readSharedState(git, await openWorktree(await findCommonDir(), own.path), own.branch);
  return {
    look: async () => {
      before ??= read().catch(() => null);
      await before;
    },
    compare: async () => {
      const state = await before;
      return state === null ? [] : compareSharedState(state, await read());
    },
  };
}
