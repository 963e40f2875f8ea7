import { stat } from 'node:fs/promises';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { Git } from '@boocode/git/run-git.ts';

/** Where the repositories of worktrees keep what they share. Git is asked once for each, and again when the folder is another one. */
export class CommonDirs {
  readonly #git: Git;
  readonly #known = new Map<string, { readonly commonDir: string; readonly inode: number }>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** `project`: the project's own folder. Never a worktree: its `.git` is a file that an agent can write. Rejects where there is no repository. */
  async of(worktree: { readonly project: string; readonly id: string }): Promise<string> {
    const known = this.#known.get(worktree.id);
    if (known !== undefined && (await inodeOf(known.commonDir)) === known.inode) return known.commonDir;
    const { commonDir } = (await openRepositoryOf(this.#git, worktree)).tree;
    const inode = await inodeOf(commonDir);
    if (inode !== null) this.#known.set(worktree.id, { commonDir, inode });
    return commonDir;
  }
}

async function inodeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ ino }) => ino,
    () => null,
  );
}
