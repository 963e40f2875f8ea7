import type { Run } from './hunks.ts';
import { diffNumbered } from './numbered-diff.ts';
import { parsePatch, PATCH_ARGS } from './patch-runs.ts';
import type { Git, WorkTree } from './run-git.ts';

/** Two contents of one file; null = no such file on that side. */
export interface BlobPair {
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

/** A larger text is not looked into: nobody would decide on its parts. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Where the lines of each pair differ, in order: three git commands, however many pairs. A pair that is binary or too large has no runs. */
export async function diffRuns(git: Git, tree: WorkTree, pairs: readonly BlobPair[], signal?: AbortSignal): Promise<(readonly Run[])[]> {
  if (pairs.length === 0) return [];
  const side = (blob: string | null) => ({ mode: '100644', blob });
  const patch = await diffNumbered(git, {
    tree,
    pairs: pairs.map(({ oldBlob, newBlob }) => ({ old: side(oldBlob), new: side(newBlob) })),
    args: PATCH_ARGS,
    maxTextBytes: MAX_TEXT_BYTES,
    signal,
  });
  const found = new Map(parsePatch(patch).map(({ header, runs }) => [numberOf(header), runs]));
  return pairs.map((_, index) => found.get(index) ?? []);
}

function numberOf(header: string): number {
  return Number(/^diff --git a\/(\d+) /u.exec(header)?.[1]);
}
