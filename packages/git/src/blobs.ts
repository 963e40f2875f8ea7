import { BooError } from '@boocode/contracts/error-code.ts';
import { quotePath } from './change-patch.ts';
import { type Git, gitLine, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** The contents of objects, in one command. Throws when one is gone. */
export async function readBlobs(git: Git, tree: WorkTree, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const contents = new Map<string, Buffer>();
  if (wanted.length === 0) return contents;
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['cat-file', '--batch'],
    what: `read kept contents of "${tree.path}"`,
    input: `${wanted.join('\n')}\n`,
    maxBytes: 2 ** 31,
  });
  let at = 0;
  for (const id of wanted) {
    const end = stdout.indexOf(10, at);
    const [, type, size] = stdout.subarray(at, end).toString('latin1').split(' ');
    if (type !== 'blob')
      throw new BooError(
        'git_failed',
        `Cannot read kept contents of "${tree.path}": the object ${id} is ${type === 'missing' ? 'gone' : `a ${type}`}; check the repository with \`git fsck\``,
      );
    contents.set(id, stdout.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}

/** Keeps content as an object, as it is, and gives its id. */
export function writeBlob(git: Git, tree: WorkTree, content: Buffer): Promise<string> {
  return gitLine(git, { at: tree, args: ['hash-object', '-w', '--no-filters', '--stdin'], what: `keep a content of "${tree.path}"`, input: content });
}

/** The ids that files in the folder have once cleaned by git's filters (line endings, LFS); the contents are kept as objects. */
export async function hashFiles(git: Git, tree: WorkTree, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const input = paths.map((path) => `${quotePath(path)}\n`).join('');
  const ids = await gitLine(git, { at: tree, args: ['hash-object', '-w', '--stdin-paths'], what: `read files of "${tree.path}"`, input });
  const lines = ids.split('\n');
  return new Map(paths.map((path, index) => [path, lines[index] ?? '']));
}

/** Which of the paths git converts between object and file (line endings, encodings, filters). */
export async function findFilteredPaths(git: Git, tree: WorkTree, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const what = `read the attributes of "${tree.path}"`;
  const [autocrlf, attributes] = await Promise.all([
    runGit(git, { at: tree, args: ['config', '--get', 'core.autocrlf'], what, accept: (code) => code <= 1 }),
    runGit(git, {
      at: tree,
      args: ['check-attr', '-z', '--stdin', 'text', 'eol', 'crlf', 'filter', 'ident', 'working-tree-encoding'],
      what,
      input: paths.map((path) => `${path}\0`).join(''),
    }),
  ]);
  if (!['', 'false', 'no', 'off', '0'].includes(autocrlf.stdout.toString('utf8').trim().toLowerCase())) return new Set(paths);
  const filtered = new Set<string>();
  const records = splitRecords(attributes.stdout);
  for (let at = 0; at + 2 < records.length; at += 3) {
    const value = records[at + 2];
    if (value !== 'unspecified' && value !== 'unset') filtered.add(Buffer.from(records[at] ?? '', 'latin1').toString('utf8'));
  }
  return filtered;
}

/** An object as the file git would check out at `path`. */
export async function smudgeBlob(git: Git, tree: WorkTree, path: string, id: string): Promise<Buffer> {
  const { stdout } = await runGit(git, { at: tree, args: ['cat-file', '--filters', `--path=${path}`, id], what: `write "${path}"`, maxBytes: 2 ** 31 });
  return stdout;
}

/** The id that content would have once cleaned as the file at `path`. */
export function hashContent(git: Git, tree: WorkTree, path: string, content: Buffer): Promise<string> {
  return gitLine(git, { at: tree, args: ['hash-object', `--path=${path}`, '--stdin'], what: `read "${path}"`, input: content });
}

/** The same, and the content is kept as an object. */
export function storeContent(git: Git, tree: WorkTree, path: string, content: Buffer): Promise<string> {
  return gitLine(git, { at: tree, args: ['hash-object', '-w', `--path=${path}`, '--stdin'], what: `keep "${path}"`, input: content });
}
