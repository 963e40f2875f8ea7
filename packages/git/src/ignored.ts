import { type Git, runGit, type WorkTree } from './run-git.ts';

/** Whether git ignores a path; one that is a folder is named with a slash at its end. */
export async function isIgnored(git: Git, tree: WorkTree, path: string, signal?: AbortSignal): Promise<boolean> {
  // check-ignore knows no literal mode; with "./" in front no name is taken for anything else.
  const env = { GIT_LITERAL_PATHSPECS: '0' };
  const { code } = await runGit(git, {
    at: tree,
    args: ['check-ignore', '--quiet', '--', `./${path}`],
    what: `read the ignore rules of "${tree.path}"`,
    accept: (each) => each <= 1,
    env,
    signal,
  });
  return code === 0;
}
