import { withoutIndex } from './private-index.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';

/** What a person's or a repository's configuration must not make of a comparison. */
export const PLAIN_DIFF = ['--diff-algorithm=histogram', '--indent-heuristic', '--no-ext-diff', '--no-textconv', '--no-color'] as const;

/** One side of a file: null = there is none. */
export interface NumberedSide {
  readonly mode: string | null;
  readonly blob: string | null;
}

export interface NumberedDiff {
  readonly tree: WorkTree;
  readonly pairs: readonly { readonly old: NumberedSide; readonly new: NumberedSide }[];
  /** Of `git diff-tree -p`. */
  readonly args: readonly string[];
  /** A larger text counts as binary. */
  readonly maxTextBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The patch of many pairs of contents, with three git commands however many they are. Each pair has its number as its name in two flat trees, so that
 * names and renames need no care: `diff --git a/0 b/0` begins the first.
 */
export async function diffNumbered(git: Git, { tree, pairs, args, maxTextBytes, signal }: NumberedDiff): Promise<Buffer> {
  const what = `compare the files of "${tree.path}"`;
  const [before = '', after = ''] = await Promise.all(
    [pairs.map((pair) => pair.old), pairs.map((pair) => pair.new)].map((side) =>
      gitLine(git, { at: tree, args: ['mktree', '-z', '--missing'], what, input: side.map(treeEntry).join(''), signal }),
    ),
  );
  const limit = maxTextBytes === undefined ? [] : ['-c', `core.bigFileThreshold=${maxTextBytes}`];
  const all = [...limit, 'diff-tree', '-p', '--no-renames', ...PLAIN_DIFF, '--src-prefix=a/', '--dst-prefix=b/', ...args, before, after];
  const { stdout } = await runGit(git, { at: tree, args: all, what, env: withoutIndex(tree), signal });
  return stdout;
}

function treeEntry({ mode, blob }: NumberedSide, index: number): string {
  return mode === null || blob === null ? '' : `${mode} ${mode === '160000' ? 'commit' : 'blob'} ${blob}\t${index}\0`;
}
