import { readdirSync } from 'node:fs';
import { bytePath, shownName, statBytes } from './byte-path.ts';
import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';
import type { SkippedFile } from './snapshot.ts';

/** An ignored folder with more files is dependencies or the output of a build: nobody wants it in a checkpoint. */
const MAX_FILES_OF_FOLDER = 500;
const MAX_FILES = 2_000;

export interface ListIgnored {
  readonly tree: WorkTree;
  /** The private index: what it knows is not ignored. */
  readonly indexFile: string;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The ignored files that are small enough to keep, by their byte-exact names, and what is left out: a folder ends with a slash. */
export async function listIgnored(git: Git, options: ListIgnored): Promise<{ names: string[]; skipped: SkippedFile[] }> {
  const { tree, signal } = options;
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const { stdout } = await runGit(git, {
    at: tree,
    args,
    what: `list the ignored files of "${tree.path}"`,
    env: { GIT_INDEX_FILE: options.indexFile },
    signal,
  });
  const names: string[] = [];
  const skipped: SkippedFile[] = [];
  let total = 0;
  const take = (name: string): void => {
    const stat = statBytes(tree, name);
    if (stat === null || (!stat.isFile() && !stat.isSymbolicLink())) return;
    const reason =
      stat.size > options.maxFileBytes
        ? `ignored and larger than ${options.maxFileBytes} bytes`
        : names.length >= MAX_FILES || total + stat.size > options.maxTotalBytes
          ? 'ignored, and there is too much of it'
          : null;
    if (reason !== null) return void skipped.push({ path: shownName(name), reason });
    total += stat.size;
    names.push(name);
  };
  for (const record of splitRecords(stdout)) {
    if (!record.endsWith('/')) take(record);
    else {
      const files = filesOf(tree, record.slice(0, -1));
      if (files === null) skipped.push({ path: shownName(record), reason: `ignored, and a repository or more than ${MAX_FILES_OF_FOLDER} files` });
      else files.forEach(take);
    }
  }
  return { names, skipped };
}

/** Null where there are too many, or another repository. */
function filesOf(tree: WorkTree, top: string): string[] | null {
  const files: string[] = [];
  const queue = [top];
  while (queue.length > 0) {
    const folder = queue.pop() ?? top;
    for (const entry of read(tree, folder)) {
      const name = entry.name.toString('latin1');
      if (name === '.git') return null;
      if (entry.isDirectory()) queue.push(`${folder}/${name}`);
      else files.push(`${folder}/${name}`);
      if (files.length > MAX_FILES_OF_FOLDER || queue.length > MAX_FILES_OF_FOLDER) return null;
    }
  }
  return files;
}

function read(tree: WorkTree, folder: string) {
  try {
    return readdirSync(bytePath(tree, folder), { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return []; // gone, or not ours to read
  }
}
