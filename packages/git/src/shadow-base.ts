import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import { commitTree, setRef } from './commit.ts';
import { withoutIndex, withPrivateIndex } from './private-index.ts';
import { findStat } from './path-facts.ts';
import { type Git, gitLine, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';
import { nameSome, sayBytes, SHADOW_LIMITS, type ShadowLimits } from './shadow-policy.ts';

export interface ShadowBase {
  /** The private repository of the folder. */
  readonly tree: WorkTree;
  readonly indexFile: string;
  readonly limits?: ShadowLimits;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((sentence: string) => void) | undefined;
}

/** Keeps the last state of the folder alive, since the private index speaks of its contents. */
const FOLDER_REF = 'refs/boocode/folder';
const BATCH = 2_000;
/** So many new files go into one pack with each batch instead of a file for each content: git does that for what it takes for large. */
const INTO_PACK = 500;

/**
 * A commit of the folder's present files, and what is not in it, as sentences. Files that did not change since the last time are not read again.
 * Throws `too_large` with a way out where the folder holds more than a history can carry.
 */
export async function shadowBase(git: Git, options: ShadowBase): Promise<{ commit: string; notes: string[] }> {
  const { tree, signal, onProgress, limits = SHADOW_LIMITS } = options;
  onProgress?.('Looking through the folder');
  const found = await look(tree, await listNames(git, options, limits), limits, signal);
  const wanted = new Set(found.names);
  const treeId = await withPrivateIndex(git, tree, options.indexFile, async (index) => {
    const env = { GIT_INDEX_FILE: index };
    const what = `read the files of "${tree.path}"`;
    const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-z', '--cached'], what, env, signal });
    const known = splitRecords(stdout);
    const gone = known.filter((name) => !wanted.has(name));
    const fresh = found.names.length - (known.length - gone.length);
    const settings = fresh > INTO_PACK ? ['-c', 'core.bigFileThreshold=1'] : [];
    if (gone.length > 0) await runGit(git, { at: tree, args: ['update-index', '--force-remove', '-z', '--stdin'], what, env, input: records(gone), signal });
    for (let at = 0; at < found.names.length; at += BATCH) {
      onProgress?.(`Reading the folder: ${at} of ${found.names.length} files, ${sayBytes(found.bytes)} in all`);
      const input = records(found.names.slice(at, at + BATCH));
      await runGit(git, { at: tree, args: [...settings, 'update-index', '-q', '--add', '--remove', '--replace', '-z', '--stdin'], what, env, input, signal });
    }
    return gitLine(git, { at: tree, args: ['write-tree'], what: `keep the files of "${tree.path}"`, env, signal });
  });
  const commit = await commitTree(git, tree, { treeId, parents: [], message: 'The folder as it is' });
  await setRef(git, tree, FOLDER_REF, commit);
  return { commit, notes: notesOf(found, limits) };
}

interface Found {
  /** Byte-exact. */
  readonly names: readonly string[];
  readonly bytes: number;
  readonly large: readonly string[];
  readonly unreadable: readonly string[];
  /** Repositories inside the folder. */
  readonly nested: readonly string[];
}

async function listNames(git: Git, { tree, signal }: ShadowBase, limits: ShadowLimits): Promise<string[]> {
  const deadline = AbortSignal.timeout(limits.listMs);
  try {
    const { stdout } = await runGit(git, {
      at: tree,
      args: ['ls-files', '-z', '--others', '--exclude-standard'],
      what: `list the files of "${tree.path}"`,
      env: withoutIndex(tree),
      maxBytes: limits.nameBytes,
      timeoutMs: limits.listMs * 2,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    return splitRecords(stdout);
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) throw tooBig(tree, `looking through it takes longer than ${Math.round(limits.listMs / 1_000)} s`);
    if (error instanceof BooError && error.code === 'too_large') throw tooBig(tree, `it holds more than ${limits.files} files`);
    throw error;
  }
}

async function look(tree: WorkTree, listed: readonly string[], limits: ShadowLimits, signal: AbortSignal | undefined): Promise<Found> {
  const found = { names: new Array<string>(), bytes: 0, large: new Array<string>(), unreadable: new Array<string>(), nested: new Array<string>() };
  for (const [at, name] of listed.entries()) {
    // A look takes microseconds; the server answers others in between.
    if (at % 500 === 499) await setImmediate();
    signal?.throwIfAborted();
    if (name.endsWith('/')) {
      found.nested.push(shown(name.slice(0, -1)));
      continue;
    }
    const path = Buffer.concat([Buffer.from(join(tree.path, '/')), Buffer.from(name, 'latin1')]);
    const stat = await findStat(path);
    if (stat === null) continue; // gone meanwhile
    if (stat.size > limits.fileBytes) found.large.push(shown(name));
    else if (!stat.isSymbolicLink() && !isReadable(path)) found.unreadable.push(shown(name));
    else {
      found.names.push(name);
      found.bytes += Number(stat.size);
    }
    if (found.names.length > limits.files) throw tooBig(tree, `it holds more than ${limits.files} files`);
    if (found.bytes > limits.totalBytes) throw tooBig(tree, `its files are more than ${sayBytes(limits.totalBytes)}`);
  }
  return found;
}

function isReadable(path: Buffer): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function tooBig(tree: WorkTree, reason: string): BooError {
  return new BooError(
    'too_large',
    `Cannot keep a history of "${tree.path}": ${reason}; open a smaller folder as the project, name what does not matter in a .gitignore file there, or start git in it`,
  );
}

function notesOf(found: Found, limits: ShadowLimits): string[] {
  const notes: string[] = [];
  if (found.large.length > 0) notes.push(`Not in the worktree, because larger than ${sayBytes(limits.fileBytes)}: ${nameSome(found.large)}`);
  if (found.unreadable.length > 0) notes.push(`Not in the worktree, because they may not be read: ${nameSome(found.unreadable)}`);
  if (found.nested.length > 0)
    notes.push(`Not in the worktree, because they are repositories of their own: ${nameSome(found.nested)}; open them as projects to work on them`);
  return notes;
}

function records(names: readonly string[]): Buffer {
  return Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
}

function shown(name: string): string {
  return nameOf(name) ?? Buffer.from(name, 'latin1').toString('utf8');
}
