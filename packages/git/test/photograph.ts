import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Every path of a folder and of its git directories with kind, permissions and bytes. */
export type Photograph = ReadonlyMap<string, string>;

/**
 * Photographs everything of a repository that BooCode must leave alone: all files, and in its git directories everything but objects, the registry of
 * linked worktrees, refs/boocode/, boocode/* branches and their logs. Bytes are compared, not what git says of them; no git is run.
 * `more`: further files or folders, such as the person's own configuration.
 */
export function photograph(folder: string, more: readonly string[] = []): Photograph {
  const taken = new Map<string, string>();
  walk(folder, '', taken, (path) => path === '.git');
  const { gitDir, commonDir } = gitDirsOf(folder);
  if (existsSync(join(folder, '.git')) && !lstatSync(join(folder, '.git')).isDirectory()) add(taken, '.git', join(folder, '.git'));
  if (commonDir !== null) walk(commonDir, 'git:', taken, () => false);
  if (gitDir !== null && gitDir !== commonDir) walk(gitDir, 'own:', taken, () => false);
  for (const path of more) {
    if (!existsSync(path)) taken.set(`more:${path}`, 'missing');
    else if (statSync(path).isDirectory()) walk(path, `more:${path}/`, taken, () => false);
    else add(taken, `more:${path}`, path);
  }
  return taken;
}

/** What differs between two photographs. */
export function differences(before: Photograph, after: Photograph): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).toSorted();
}

/** What is BooCode's in a git directory, or only grows. */
function isOurs(path: string): boolean {
  return (
    path === 'objects' ||
    path === 'worktrees' ||
    /^(logs\/)?refs\/(boocode|heads\/boocode)$/u.test(path) ||
    // Written by git beside an unchanged list of refs.
    path === 'info/refs'
  );
}

function gitDirsOf(folder: string): { gitDir: string | null; commonDir: string | null } {
  const dot = join(folder, '.git');
  if (!existsSync(dot)) return { gitDir: null, commonDir: null };
  const gitDir = statSync(dot).isDirectory()
    ? dot
    : resolve(
        folder,
        readFileSync(dot, 'utf8')
          .replace(/^gitdir: /u, '')
          .trim(),
      );
  if (!existsSync(gitDir)) return { gitDir: null, commonDir: null };
  const pointer = join(gitDir, 'commondir');
  return { gitDir, commonDir: existsSync(pointer) ? resolve(gitDir, readFileSync(pointer, 'utf8').trim()) : gitDir };
}

function walk(top: string, prefix: string, taken: Map<string, string>, isLeftOut: (path: string) => boolean): void {
  const below = (path: Buffer, name: string, gitDir: string | null): void => {
    for (const entry of readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) {
      const text = entry.name.toString('latin1');
      const inside = name === '' ? text : `${name}/${text}`;
      if (isLeftOut(inside) || (gitDir !== null && isOurs(inside.slice(gitDir === '' ? 0 : gitDir.length + 1)))) continue;
      const full = Buffer.concat([path, Buffer.from('/'), entry.name]);
      if (entry.isDirectory()) {
        // Folders of a git directory come and go with refs, also with ours; they are no content.
        const within = gitDir ?? (isGitDir(full) ? inside : null);
        if (within === null) taken.set(`${prefix}${inside}/`, `folder ${(lstatSync(full).mode & 0o7777).toString(8)}`);
        below(full, inside, isGitDir(full) ? inside : within);
      } else add(taken, prefix + inside, full);
    }
  };
  below(Buffer.from(top), '', isGitDir(Buffer.from(top)) ? '' : null);
}

function isGitDir(path: Buffer): boolean {
  return ['/HEAD', '/objects'].every((name) => existsSync(Buffer.concat([path, Buffer.from(name)])));
}

function add(taken: Map<string, string>, key: string, path: string | Buffer): void {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) taken.set(key, `link ${readlinkSync(path, { encoding: 'latin1' })}`);
  else if (!stat.isFile()) taken.set(key, `other ${mode}`);
  else taken.set(key, `file ${mode} ${createHash('sha256').update(contentOf(key, path)).digest('hex').slice(0, 20)}`);
}

/** Our own refs may have been packed together with the person's. */
function contentOf(key: string, path: string | Buffer): Buffer {
  const content = readFileSync(path);
  if (!key.endsWith('packed-refs')) return content;
  const lines = content.toString('latin1').split('\n');
  return Buffer.from(lines.filter((line) => !/ refs\/(boocode|heads\/boocode)\//u.test(line)).join('\n'), 'latin1');
}
