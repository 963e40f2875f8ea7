import type { LineRange } from './hunks.ts';
import { withoutIndex } from './private-index.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';

/** Two contents of one file; null = no such file on that side. */
export interface BlobPair {
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

/** Where the lines of each pair differ, in order: three git commands, however many pairs. A pair that git takes for binary has no ranges. */
export async function diffRanges(git: Git, tree: WorkTree, pairs: readonly BlobPair[], signal?: AbortSignal): Promise<LineRange[][]> {
  if (pairs.length === 0) return [];
  const what = `compare the files of "${tree.path}"`;
  // Each pair gets a number as its name in two flat trees: names and renames need no care here.
  const [before = '', after = ''] = await Promise.all(
    [pairs.map(({ oldBlob }) => oldBlob), pairs.map(({ newBlob }) => newBlob)].map((side) =>
      gitLine(git, { at: tree, args: ['mktree', '-z', '--missing'], what, input: side.map(treeEntry).join(''), signal }),
    ),
  );
  const args = ['diff-tree', '-p', '-U0', '--inter-hunk-context=0', '--no-renames', '--diff-algorithm=histogram', '--indent-heuristic'];
  const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--src-prefix=a/', '--dst-prefix=b/'];
  const { stdout } = await runGit(git, { at: tree, args: [...args, ...plain, before, after], what, env: withoutIndex(tree), signal });
  const found = parseRanges(stdout);
  return pairs.map((_, index) => found.get(index) ?? []);
}

function treeEntry(blob: string | null, index: number): string {
  return blob === null ? '' : `100644 blob ${blob}\t${index}\0`;
}

/** Parses the hunk headers of `git diff-tree -p -U0` over trees whose files are numbered. */
export function parseRanges(patch: Buffer): Map<number, LineRange[]> {
  const found = new Map<number, LineRange[]>();
  let ranges: LineRange[] = [];
  /** Lines of the present hunk that are still to come: a changed line may look like a header. */
  let left = 0;
  for (const line of patch.toString('latin1').split('\n')) {
    if (left > 0) {
      if (!line.startsWith('\\')) left -= 1;
      continue;
    }
    const file = /^diff --git a\/(\d+) b\/\d+$/u.exec(line);
    if (file !== null) {
      ranges = [];
      found.set(Number(file[1]), ranges);
      continue;
    }
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(line);
    if (header === null) continue;
    const [oldStart, oldLines, newStart, newLines] = [header[1], header[2] ?? '1', header[3], header[4] ?? '1'].map(Number);
    if (oldStart === undefined || oldLines === undefined || newStart === undefined || newLines === undefined) continue;
    ranges.push({ oldStart, oldLines, newStart, newLines });
    left = oldLines + newLines;
  }
  return found;
}
