import type { LineRange } from './hunks.ts';
import { diffNumbered } from './numbered-diff.ts';
import type { Git, WorkTree } from './run-git.ts';

/** Two contents of one file; null = no such file on that side. */
export interface BlobPair {
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

/** Where the lines of each pair differ, in order: three git commands, however many pairs. A pair that git takes for binary has no ranges. */
export async function diffRanges(git: Git, tree: WorkTree, pairs: readonly BlobPair[], signal?: AbortSignal): Promise<LineRange[][]> {
  if (pairs.length === 0) return [];
  const side = (blob: string | null) => ({ mode: '100644', blob });
  const stdout = await diffNumbered(git, {
    tree,
    pairs: pairs.map(({ oldBlob, newBlob }) => ({ old: side(oldBlob), new: side(newBlob) })),
    args: ['-U0', '--inter-hunk-context=0'],
    signal,
  });
  const found = parseRanges(stdout);
  return pairs.map((_, index) => found.get(index) ?? []);
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
