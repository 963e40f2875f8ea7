import { diffArrays } from 'diff';
import { readBlobs } from './blobs.ts';
import type { FileChange } from './collect-changes.ts';
import { diffRuns } from './diff-runs.ts';
import { followHunks, type Hunk, hunksOf, type LineRange, offsetsOf, rangeAt, type Run, runsAt, splitLines, wholeHunk } from './hunks.ts';
import type { Git, WorkTree } from './run-git.ts';

export interface WantedHunks {
  readonly file: FileChange;
  /** Where its lines differ, when that is known. */
  readonly runs: readonly Run[] | null;
  /** Hunks that a person has decided on, and the new text they were found in (with the same old text): they stay as they are while their lines do. */
  readonly decided: { readonly newBlob: string; readonly ranges: readonly LineRange[] } | null;
}

type Offsets = ReturnType<typeof offsetsOf>;
type Followed = WantedHunks & { readonly decided: NonNullable<WantedHunks['decided']> };

/** More edits than this between two decided hunks are one hunk: looking longer would not read better. */
const MAX_EDITS = 4_000;
/** In a larger text decided hunks are found again by their names alone. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** The hunks of changed files, in order. What has no lines to choose from is one hunk. Contents are only read where a decision must be followed. */
export async function readFileHunks(git: Git, tree: WorkTree, wanted: readonly WantedHunks[], signal?: AbortSignal): Promise<Hunk[][]> {
  const texts = wanted.filter(({ file }) => hasLines(file));
  const unknown = texts.flatMap(({ file, runs }) => (runs === null ? [file] : []));
  const [read, anchored] = await Promise.all([
    diffRuns(git, tree, unknown, signal),
    anchorDecided(
      git,
      tree,
      texts.filter((each): each is Followed => each.decided !== null),
      signal,
    ),
  ]);
  const readOf = new Map(unknown.map((file, index) => [file, read[index] ?? []]));
  return wanted.map(({ file, runs }) => {
    const natural = hasLines(file) ? (runs ?? readOf.get(file) ?? []) : [];
    return natural.length === 0 ? [wholeOf(file)] : hunksOf(file.path, anchored.get(file) ?? natural);
  });
}

/** The runs of files in which decided hunks still stand, with those as they were. */
async function anchorDecided(git: Git, tree: WorkTree, followed: readonly Followed[], signal?: AbortSignal): Promise<Map<FileChange, Run[]>> {
  const blobs = followed.flatMap(({ file, decided }) => [file.oldBlob, file.newBlob, decided.newBlob]).filter((blob) => blob !== null);
  const [contents, moves] = await Promise.all([
    readBlobs(git, tree, blobs),
    diffRuns(
      git,
      tree,
      followed.map(({ file, decided }) => ({ oldBlob: decided.newBlob, newBlob: file.newBlob })),
      signal,
    ),
  ]);
  const anchored = new Map<FileChange, Run[]>();
  for (const [index, { file, decided }] of followed.entries()) {
    const before = contentOf(contents, file.oldBlob);
    const after = contentOf(contents, file.newBlob);
    if (before.length > MAX_TEXT_BYTES || after.length > MAX_TEXT_BYTES) continue;
    const sides = { old: splitLines(before), new: splitLines(after) };
    const anchors = anchorsOf(decided.ranges, moves[index] ?? [], { before: splitLines(contentOf(contents, decided.newBlob)), after: sides.new });
    if (anchors.length > 0) anchored.set(file, runsAt(sides, anchoredRanges(sides, anchors)));
  }
  return anchored;
}

/** Decided hunks that still stand, none of them over another. */
function anchorsOf(
  ranges: readonly LineRange[],
  edits: readonly LineRange[],
  texts: { readonly before: readonly string[]; readonly after: readonly string[] },
) {
  const found = followHunks(ranges, edits, texts).filter((range) => range !== null);
  let end = { old: 0, new: 0 };
  return found.filter((range) => {
    const at = offsetsOf(range);
    if (at.old < end.old || at.new < end.new) return false;
    end = { old: at.old + range.oldLines, new: at.new + range.newLines };
    return true;
  });
}

/** Whether a file can be taken in parts. */
function hasLines(file: FileChange): boolean {
  const isText = (mode: string | null) => mode === null || mode === '100644' || mode === '100755';
  return !file.binary && file.oldBlob !== file.newBlob && isText(file.oldMode) && isText(file.newMode);
}

function wholeOf(file: FileChange): Hunk {
  return wholeHunk(file.path, [file.oldPath, file.oldMode, file.oldBlob, file.newMode, file.newBlob]);
}

function contentOf(contents: ReadonlyMap<string, Buffer>, blob: string | null): Buffer {
  return (blob === null ? undefined : contents.get(blob)) ?? Buffer.alloc(0);
}

/** The difference of two texts in which the anchors stand as they are: what lies between them is compared on its own. */
export function anchoredRanges(sides: { readonly old: readonly string[]; readonly new: readonly string[] }, anchors: readonly LineRange[]): LineRange[] {
  const ranges: LineRange[] = [];
  let at = { old: 0, new: 0 };
  for (const anchor of [...anchors, null]) {
    const end = anchor === null ? { old: sides.old.length, new: sides.new.length } : offsetsOf(anchor);
    ranges.push(...rangesBetween(sides, at, end));
    if (anchor === null) break;
    ranges.push(anchor);
    at = { old: end.old + anchor.oldLines, new: end.new + anchor.newLines };
  }
  return ranges;
}

function rangesBetween(sides: { readonly old: readonly string[]; readonly new: readonly string[] }, from: Offsets, to: Offsets): LineRange[] {
  const [before, after] = [sides.old.slice(from.old, to.old), sides.new.slice(from.new, to.new)];
  const parts = diffArrays(before, after, { maxEditLength: MAX_EDITS });
  if (parts === undefined) return [rangeAt(from.old, before.length, from.new, after.length)];
  const ranges: LineRange[] = [];
  let at = from;
  let open: { from: Offsets; removed: number; added: number } | null = null;
  for (const part of [...parts, null]) {
    if (part === null || (!part.added && !part.removed)) {
      if (open !== null) ranges.push(rangeAt(open.from.old, open.removed, open.from.new, open.added));
      open = null;
      if (part !== null) at = { old: at.old + part.count, new: at.new + part.count };
    } else {
      open ??= { from: at, removed: 0, added: 0 };
      if (part.added) open.added += part.count;
      else open.removed += part.count;
      at = part.added ? { old: at.old, new: at.new + part.count } : { old: at.old + part.count, new: at.new };
    }
  }
  return ranges;
}
