import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeKind } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { byteName } from './byte-path.ts';
import { setRef } from './commit.ts';
import type { Run } from './hunks.ts';
import { PLAIN_DIFF } from './numbered-diff.ts';
import { parsePatch, PATCH_ARGS } from './patch-runs.ts';
import { withoutIndex } from './private-index.ts';
import { type Git, nameOf, runGit, type WorkTree } from './run-git.ts';
import { type SkippedFile, type SnapshotBudget, snapshotWith } from './snapshot.ts';

/** How one file differs between two trees. Blobs are ids of the repository's objects; null = no such file on that side. */
export interface FileChange {
  /** Relative to the top of the repository, with forward slashes. */
  readonly path: string;
  readonly oldPath: string | null;
  readonly kind: ChangeKind;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
  /** As in a tree: 100644, 100755, 120000 (symbolic link), 160000 (another repository). */
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly binary: boolean;
  readonly additions: number;
  readonly deletions: number;
}

export interface CollectChanges {
  readonly tree: WorkTree;
  /** The commit (or tree) the changes are counted from. */
  readonly base: string;
  readonly indexFile: string;
  /** A ref under refs/boocode/ that keeps the collected contents alive, whatever the agent's own commits do. */
  readonly keepRef?: string | undefined;
  /** Untracked files above this size are left out and listed as skipped. */
  readonly maxUntrackedBytes?: number | undefined;
  /** What reading the folder may cost; what is beyond it is listed as skipped. */
  readonly budget?: SnapshotBudget | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CollectedChanges {
  readonly changes: readonly FileChange[];
  /** Where the lines of the changed files differ, by path. What was too large is not in it. */
  readonly runs: ReadonlyMap<string, readonly Run[]>;
  /** The worktree's files as a tree object. */
  readonly treeId: string;
  /** Repositories made inside the worktree: not followed, not part of the changes. */
  readonly nested: readonly string[];
  /** What is not among the changes: what was not read, and names that cannot be shown. */
  readonly skipped: readonly SkippedFile[];
  /** What was not read: the tree does not hold it as it is. */
  readonly unread: readonly SkippedFile[];
  /** Folders with nothing in them: byte-exact names, sorted. */
  readonly emptyFolders: readonly string[];
}

/** The difference from the base to the folder as it is now: committed or not, untracked files included, renames found. Changes nothing in the worktree. */
export async function collectChanges(git: Git, options: CollectChanges): Promise<CollectedChanges> {
  let { snapshot, seen } = await snapshotWith(git, options, (index) => diffByLine(git, options, index));
  const still = await stillThere(options.tree, seen.changes);
  if (still.length > 0) {
    // Ignored files that the base knows, and that the agent took out of its index.
    ({ snapshot, seen } = await snapshotWith(git, { ...options, include: still.map(byteName) }, (index) => diffByLine(git, options, index)));
  }
  if (options.keepRef !== undefined) await setRef(git, options.tree, options.keepRef, snapshot.tree);
  const { tree: treeId, nested, emptyFolders, skipped: unread } = snapshot;
  return { ...seen, treeId, nested, emptyFolders, unread, skipped: [...snapshot.skipped, ...seen.skipped] };
}

interface Difference {
  readonly changes: FileChange[];
  /** Names that are no UTF-8: they cannot be shown or chosen. */
  readonly skipped: SkippedFile[];
}

const COMPARED = ['-r', '-z', '--raw', '--numstat', '-M', '-l1000', ...PLAIN_DIFF];

/** The difference between two commits or trees, with renames. */
export async function diffTrees(
  git: Git,
  options: { readonly tree: WorkTree; readonly from: string; readonly to: string; readonly signal?: AbortSignal | undefined },
): Promise<Difference> {
  const { stdout } = await runGit(git, {
    at: options.tree,
    args: ['diff-tree', ...COMPARED, options.from, options.to],
    what: `compare the files of "${options.tree.path}"`,
    env: withoutIndex(options.tree),
    signal: options.signal,
  });
  const { changes, skipped } = parseDifference(stdout);
  return { changes: changes.map(({ change }) => change), skipped };
}

/** A patch of more than this is not read into memory. */
const MAX_PATCH_BYTES = 64 * 1024 * 1024;

/** The difference from the base to an index, with the runs of changed lines, by one command. What is too large to be read at once comes without them. */
async function diffByLine(git: Git, { tree, base, signal }: CollectChanges, index: string): Promise<Difference & Pick<CollectedChanges, 'runs'>> {
  const compare = (more: readonly string[], maxBytes?: number) =>
    runGit(git, {
      at: tree,
      args: ['diff-index', '--cached', ...COMPARED, ...more, base],
      what: `compare the files of "${tree.path}"`,
      env: { GIT_INDEX_FILE: index },
      maxBytes,
      signal,
    });
  const { stdout } = await compare(PATCH_ARGS, MAX_PATCH_BYTES).catch((error: unknown) => {
    if (error instanceof BooError && error.code === 'too_large') return compare([]);
    throw error;
  });
  const { changes, skipped, patch } = parseDifference(stdout);
  const parts = parsePatch(patch);
  const runs = changes.flatMap(({ change, part }) => {
    const found = part === null ? undefined : parts[part];
    return found === undefined ? [] : [[change.path, found.runs] as const];
  });
  return { changes: changes.map(({ change }) => change), skipped, runs: new Map(runs) };
}

interface ParsedDifference {
  /** Each with the number of its (first) part in the patch. */
  readonly changes: { readonly change: FileChange; readonly part: number | null }[];
  readonly skipped: SkippedFile[];
  readonly patch: Buffer;
}

/** Parses what git writes with `-r -z --raw --numstat -M`, with or without `-p`. */
export function parseDifference(output: Buffer): ParsedDifference {
  const changes: ParsedDifference['changes'] = [];
  const skipped: SkippedFile[] = [];
  const entries: { header: string; names: string[] }[] = [];
  const records = new Records(output);
  while (records.nextIs(':')) {
    const header = records.take();
    entries.push({ header, names: /^:\S+ \S+ \S+ \S+ [RC]/u.test(header) ? [records.take(), records.take()] : [records.take()] });
  }
  let part = 0;
  for (const entry of entries) {
    const counts = records.take().split('\t');
    if (entry.names.length === 2) records.skip(2); // the names again
    const names = entry.names.map(nameOf);
    const readable = names.filter((name) => name !== null);
    const unreadable = entry.names.filter((_, index) => names[index] === null);
    skipped.push(...unreadable.map((name) => ({ path: Buffer.from(name, 'latin1').toString('utf8'), reason: 'its name is not UTF-8' })));
    const change = changeOf(entry.header, readable, counts);
    if (unreadable.length === 0) changes.push({ change, part });
    else if (readable.length === 1) changes.push({ change: halfOf(change, names[0] === null), part: null });
    part += isTwoParts(change) ? 2 : 1;
  }
  if (records.nextIs('\0')) records.skip(1); // what stands between the lists and the patch
  return { changes, skipped, patch: records.rest() };
}

/** NUL-ended records, byte-exact, and what comes behind the last. */
class Records {
  readonly #output: Buffer;
  #at = 0;

  constructor(output: Buffer) {
    this.#output = output;
  }

  nextIs(start: string): boolean {
    return this.#output.toString('latin1', this.#at, this.#at + start.length) === start;
  }

  take(): string {
    const end = this.#output.indexOf(0, this.#at);
    const record = this.#output.toString('latin1', this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#output.length : end + 1;
    return record;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left--) this.take();
  }

  rest(): Buffer {
    return this.#output.subarray(this.#at);
  }
}

/** In a patch a file that becomes a link, or a repository, is one that goes and one that comes. */
function isTwoParts({ oldMode, newMode }: FileChange): boolean {
  return oldMode !== null && newMode !== null && oldMode.slice(0, 3) !== newMode.slice(0, 3);
}

function changeOf(header: string, names: readonly string[], counts: readonly string[]): FileChange {
  const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = header.slice(1).split(' ');
  const same = oldBlob === newBlob;
  return {
    path: names.at(-1) ?? '',
    oldPath: names.length === 2 ? (names[0] ?? null) : null,
    kind: kindOf(status, same),
    oldBlob: present(oldBlob),
    newBlob: present(newBlob),
    oldMode: oldMode === '000000' ? null : oldMode,
    newMode: newMode === '000000' ? null : newMode,
    binary: counts[0] === '-' || oldMode === '160000' || newMode === '160000',
    additions: counts[0] === '-' ? 0 : Number(counts[0] ?? 0),
    deletions: counts[1] === '-' ? 0 : Number(counts[1] ?? 0),
  };
}

/** One side of a rename whose other name cannot be shown. */
function halfOf(change: FileChange, isNew: boolean): FileChange {
  if (isNew) return { ...change, kind: 'added', oldBlob: null, oldMode: null };
  return { ...change, kind: 'deleted', newBlob: null, newMode: null };
}

function kindOf(status: string, same: boolean): ChangeKind {
  switch (status.slice(0, 1)) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    default:
      return same ? 'mode' : 'modified';
  }
}

function present(blob: string): string | null {
  return /^0+$/u.test(blob) ? null : blob;
}

async function stillThere(tree: WorkTree, changes: readonly FileChange[]): Promise<string[]> {
  const gone = changes.filter((change) => change.newBlob === null || change.kind === 'renamed').map((change) => change.oldPath ?? change.path);
  const found = await Promise.all(
    gone.map((path) =>
      lstat(join(tree.path, path)).then(
        (stat) => stat.isFile() || stat.isSymbolicLink(),
        () => false,
      ),
    ),
  );
  return gone.filter((_, index) => found[index] === true);
}
