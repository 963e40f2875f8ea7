import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeKind } from '@boocode/contracts/change.ts';
import { byteName } from './byte-path.ts';
import { commitTree, setRef } from './commit.ts';
import { PLAIN_DIFF } from './numbered-diff.ts';
import { withoutIndex } from './private-index.ts';
import { type Git, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';
import { type SkippedFile, type SnapshotBudget, snapshotTree } from './snapshot.ts';

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
  const { tree, base, signal } = options;
  let snapshot = await snapshotTree(git, options);
  const compare = async () => {
    const [difference] = await Promise.all([
      diffTrees(git, { tree, from: base, to: snapshot.tree, signal }),
      keepTree(git, tree, snapshot.tree, options.keepRef),
    ]);
    return difference;
  };
  let found = await compare();
  const still = await stillThere(tree, found.changes);
  if (still.length > 0) {
    // Ignored files that the base knows, and that the agent took out of its index.
    snapshot = await snapshotTree(git, { ...options, include: still.map(byteName) });
    found = await compare();
  }
  const { tree: treeId, nested, emptyFolders, skipped: unread } = snapshot;
  return { changes: found.changes, treeId, nested, emptyFolders, unread, skipped: [...snapshot.skipped, ...found.skipped] };
}

async function keepTree(git: Git, tree: WorkTree, treeId: string, ref: string | undefined): Promise<void> {
  if (ref === undefined) return;
  await setRef(git, tree, ref, await commitTree(git, tree, { treeId, parents: [], message: 'Pending changes' }));
}

/** The difference between two commits or trees, with renames. Names that are no UTF-8 are listed apart: they cannot be shown or chosen. */
export async function diffTrees(
  git: Git,
  options: { readonly tree: WorkTree; readonly from: string; readonly to: string; readonly signal?: AbortSignal | undefined },
): Promise<{ changes: FileChange[]; skipped: SkippedFile[] }> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--numstat', '-M', '-l1000', ...PLAIN_DIFF, options.from, options.to];
  const { stdout } = await runGit(git, {
    at: options.tree,
    args,
    what: `compare the files of "${options.tree.path}"`,
    env: withoutIndex(options.tree),
    signal: options.signal,
  });
  return parseDiff(splitRecords(stdout));
}

/** Parses `git diff-tree -r -z --raw --numstat -M`. */
export function parseDiff(records: readonly string[]): { changes: FileChange[]; skipped: SkippedFile[] } {
  const changes: FileChange[] = [];
  const skipped: SkippedFile[] = [];
  const entries: { header: string; names: string[] }[] = [];
  let at = 0;
  while (records[at]?.startsWith(':') === true) {
    const header = records[at] ?? '';
    const count = /^:\S+ \S+ \S+ \S+ [RC]/u.test(header) ? 2 : 1;
    entries.push({ header, names: records.slice(at + 1, at + 1 + count) });
    at += 1 + count;
  }
  for (const entry of entries) {
    const counts = (records[at] ?? '').split('\t');
    at += entry.names.length === 2 ? 3 : 1;
    const names = entry.names.map(nameOf);
    const readable = names.filter((name) => name !== null);
    const unreadable = entry.names.filter((_, index) => names[index] === null);
    skipped.push(...unreadable.map((name) => ({ path: Buffer.from(name, 'latin1').toString('utf8'), reason: 'its name is not UTF-8' })));
    if (unreadable.length === 0) changes.push(changeOf(entry.header, readable, counts));
    else if (readable.length === 1) changes.push(halfOf(changeOf(entry.header, readable, counts), names[0] === null));
  }
  return { changes, skipped };
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
