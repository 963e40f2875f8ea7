import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { shownName, statBytes } from './byte-path.ts';
import { commitTree, deleteRef, findCommit, setRef } from './commit.ts';
import { listIgnored } from './list-ignored.ts';
import { withScratchIndex } from './private-index.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';
import { type SkippedFile, type Snapshot, type SnapshotBudget, snapshotTree } from './snapshot.ts';
import { listTreeChanges } from './tree-changes.ts';

/** Which ignored files a checkpoint keeps, too: those up to this size. */
export interface IgnoredChoice {
  readonly maxFileBytes: number;
}

export interface ReadState {
  readonly tree: WorkTree;
  readonly indexFile: string;
  /** Where a scratch index may lie meanwhile. */
  readonly scratch: string;
  readonly budget: SnapshotBudget;
  /** Null: ignored files are left alone. */
  readonly ignored: IgnoredChoice | null;
  /** What reading the folder a moment ago gave: then it is not read again. */
  readonly known?: Omit<Snapshot, 'tree'> & { readonly treeId: string };
  /** The plain tree of a state: its files are kept wherever they lie, also where they are ignored by now. */
  readonly cover?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All that a checkpoint says of a folder. Two with the same `fingerprint` say the same. */
export interface FolderState {
  /** Everything that is kept. */
  readonly treeId: string;
  /** The same without ignored files. */
  readonly plainTreeId: string;
  readonly hasIgnored: boolean;
  /** Byte-exact names. */
  readonly emptyFolders: readonly string[];
  /** Not kept, with the reason; a folder ends with a slash. A restore leaves them alone. */
  readonly skipped: readonly SkippedFile[];
  readonly nested: readonly string[];
  readonly fingerprint: string;
}

const Meta = z.object({
  plainTree: z.string(),
  hasIgnored: z.boolean(),
  emptyFolders: z.array(z.string()),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  nested: z.array(z.string()),
});

const META = 'Boocode-Checkpoint: ';
/** Of skipped files that are named one by one. */
const MAX_SKIPPED = 2_000;

/** Where a checkpoint's commit is kept. */
export function checkpointRefOf(id: string): string {
  return `refs/boocode/checkpoints/${id}`;
}

/** Reads what a folder holds now, into objects that nothing points to yet. */
export async function readFolderState(git: Git, options: ReadState): Promise<FolderState> {
  const plain = options.known ?? (await readPlain(git, options));
  const hidden = options.ignored === null ? null : await addIgnored(git, options, plain.treeId, options.ignored);
  const skipped = [...plain.skipped, ...(hidden?.skipped ?? [])].slice(0, MAX_SKIPPED);
  const treeId = hidden?.treeId ?? plain.treeId;
  return {
    treeId,
    plainTreeId: plain.treeId,
    hasIgnored: hidden !== null,
    emptyFolders: plain.emptyFolders,
    skipped,
    nested: plain.nested,
    fingerprint: fingerprintOf({ treeId, emptyFolders: plain.emptyFolders, skipped }),
  };
}

/** Keeps a state as a commit under refs/boocode/checkpoints/<id>. Its parent is where the work tree stands, so that the agent's own commits stay, too. */
export async function keepFolderState(
  git: Git,
  tree: WorkTree,
  kept: { readonly id: string; readonly label: string; readonly state: FolderState },
): Promise<string> {
  const { state } = kept;
  const { plainTreeId: plainTree, hasIgnored, nested } = state;
  const meta: z.infer<typeof Meta> = { plainTree, hasIgnored, emptyFolders: [...state.emptyFolders], skipped: [...state.skipped], nested: [...nested] };
  const label = kept.label.replaceAll(/[\s\0]+/gu, ' ').trim();
  const message = `${label === '' ? 'Checkpoint' : label}\n\n${META}${JSON.stringify(meta)}`;
  const commit = await commitTree(git, tree, { treeId: state.treeId, parents: ['HEAD'], message }).catch(async (error: unknown) => {
    if ((await findCommit(git, tree, 'HEAD')) !== null) throw error;
    return commitTree(git, tree, { treeId: state.treeId, parents: [], message }); // nothing was committed there yet
  });
  await setRef(git, tree, checkpointRefOf(kept.id), commit);
  return commit;
}

/** What a kept commit says; null when it is gone. */
export async function findFolderState(git: Git, tree: WorkTree, commit: string): Promise<FolderState | null> {
  const what = `read a checkpoint of "${tree.path}"`;
  const { stdout, code } = await runGit(git, {
    at: tree,
    args: ['cat-file', 'commit', commit],
    what,
    accept: (each) => each === 0 || each === 128 || each === 1,
  });
  if (code !== 0) return null;
  const text = stdout.toString('utf8');
  const treeId = /^tree ([0-9a-f]+)$/mu.exec(text)?.[1];
  if (treeId === undefined) throw new BooError('git_failed', `Cannot ${what}: ${commit} is no commit; check the repository with \`git fsck\``);
  const meta = parseMeta(text);
  return {
    treeId,
    plainTreeId: meta?.plainTree ?? treeId,
    hasIgnored: meta?.hasIgnored ?? false,
    emptyFolders: meta?.emptyFolders ?? [],
    skipped: meta?.skipped ?? [],
    nested: meta?.nested ?? [],
    fingerprint: fingerprintOf({ treeId, emptyFolders: meta?.emptyFolders ?? [], skipped: meta?.skipped ?? [] }),
  };
}

/** The commit of a checkpoint, by its id; null when its ref is gone. */
export function findCheckpointCommit(git: Git, tree: WorkTree, id: string): Promise<string | null> {
  return findCommit(git, tree, checkpointRefOf(id));
}

/** Lets a checkpoint's contents go. Safe to repeat. */
export function deleteCheckpointRef(git: Git, tree: WorkTree, id: string): Promise<void> {
  return deleteRef(git, tree, checkpointRefOf(id));
}

function parseMeta(text: string): z.infer<typeof Meta> | null {
  const line = text.split('\n').find((each) => each.startsWith(META));
  if (line === undefined) return null; // made without: nothing but a tree
  const parsed = Meta.safeParse(JSON.parse(line.slice(META.length)));
  return parsed.success ? parsed.data : null;
}

function fingerprintOf({ treeId, emptyFolders, skipped }: Pick<FolderState, 'treeId' | 'emptyFolders' | 'skipped'>): string {
  const rest = JSON.stringify([emptyFolders, skipped.map(({ path }) => path).toSorted()]);
  return `${treeId}-${createHash('sha256').update(rest).digest('hex').slice(0, 16)}`;
}

type Plain = NonNullable<ReadState['known']>;

async function readPlain(git: Git, options: ReadState): Promise<Plain> {
  const first = await snapshotTree(git, options);
  const covered = options.cover === undefined ? [] : await findCovered(git, options, first, options.cover);
  if (covered.length === 0) return plainOf(first);
  // With an index of its own: in the kept one they would be looked upon as the agent's work from now on.
  const indexFile = `${options.indexFile}.cover`;
  try {
    return plainOf(await snapshotTree(git, { ...options, indexFile, include: covered }));
  } finally {
    await rm(indexFile, { force: true });
    for (const name of ['source', 'tree']) await rm(`${indexFile}.${name}`, { force: true });
  }
}

function plainOf({ tree: treeId, ...rest }: Snapshot): Plain {
  return { ...rest, treeId };
}

/** Files of a tree that lie in the folder although the snapshot does not have them: they are ignored by now. */
async function findCovered(git: Git, { tree }: ReadState, snapshot: Snapshot, cover: string): Promise<string[]> {
  const known = new Set(snapshot.skipped.map(({ path }) => path));
  const missing = (await listTreeChanges(git, tree, snapshot.tree, cover)).filter((change) => change.oldMode === null && change.newMode !== '160000');
  return missing.flatMap(({ name }) => {
    const stat = statBytes(tree, name);
    const isFile = stat?.isFile() === true || stat?.isSymbolicLink() === true;
    return isFile && !known.has(shownName(name)) ? [name] : [];
  });
}

/** The tree with small ignored files in it. */
async function addIgnored(git: Git, options: ReadState, plainTree: string, choice: IgnoredChoice): Promise<{ treeId: string; skipped: SkippedFile[] }> {
  const { tree, signal } = options;
  const { names, skipped } = await listIgnored(git, {
    tree,
    indexFile: options.indexFile,
    maxFileBytes: choice.maxFileBytes,
    maxTotalBytes: options.budget.maxTotalBytes,
    signal,
  });
  if (names.length === 0) return { treeId: plainTree, skipped };
  const what = `keep the ignored files of "${tree.path}"`;
  const treeId = await withScratchIndex(options.scratch, async (index) => {
    const env = { GIT_INDEX_FILE: index };
    await runGit(git, { at: tree, args: ['read-tree', plainTree], what, env, signal });
    const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
    await runGit(git, { at: tree, args: ['update-index', '-q', '--add', '--remove', '-z', '--stdin'], what, env, input, signal });
    return gitLine(git, { at: tree, args: ['write-tree'], what, env, signal });
  });
  return { treeId, skipped };
}
