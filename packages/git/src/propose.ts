import { reapplyDiff } from '@boocode/applier/reapply-diff.ts';
import { readBlobs, writeBlob } from './blobs.ts';
import type { Git, WorkTree } from './run-git.ts';

/** A text that a person may confirm: then the file becomes it. `blob` names it. */
export interface Proposal {
  readonly blob: string;
  /** What lay there when it was made. */
  readonly ours: string;
  readonly text: string;
  /** What differs from the place that the change was made for, as sentences. */
  readonly explanation: string;
}

/** Larger files are not searched. */
const MAX_BYTES = 1024 * 1024;

/** Where a change that does not merge seems to belong in the file as it is; null where that is not certain, or it is no text. */
export async function propose(
  git: Git,
  tree: WorkTree,
  sides: { readonly base: string | null; readonly ours: string; readonly theirs: string | null },
): Promise<Proposal | null> {
  if (sides.base === null || sides.theirs === null) return null;
  const contents = await readBlobs(git, tree, [sides.base, sides.ours, sides.theirs]);
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((id) => textOf(contents.get(id)));
  if (base === undefined || base === null || ours === undefined || ours === null || theirs === undefined || theirs === null) return null;
  const found = reapplyDiff({ base, theirs, ours });
  if (found.kind !== 'placed' || found.text === ours) return null;
  const blob = await writeBlob(git, tree, Buffer.from(found.text, 'utf8'));
  return { blob, ours: sides.ours, text: found.text, explanation: found.explanations.join(' ') };
}

function textOf(content: Buffer | undefined): string | null {
  if (content === undefined || content.length > MAX_BYTES) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null; // no UTF-8: bytes that are not understood are not moved about
  }
}
