import { constants } from 'node:fs';
import { access, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where programs are looked for, in this order: the PATH of children, where npm and others put a person's own programs, and last what
 * `npm run agents:install` has put aside for developers.
 */
export async function commandFolders(environment: Environment, personal: Environment, home: string): Promise<string[]> {
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const prefix = personal['NPM_CONFIG_PREFIX'] ?? (await npmPrefix(home));
  const own = [join(home, '.local', 'bin'), join(home, '.npm-global', 'bin'), ...(prefix === null ? [] : [join(prefix, 'bin')])];
  return [...new Set([...path, ...own, ...(await installedFolders(personal, home))])];
}

/** The whole path of a program that can be run, or null. */
export async function findCommand(command: string, folders: readonly string[]): Promise<string | null> {
  const places = command.includes('/') ? (isAbsolute(command) ? [command] : []) : folders.map((folder) => join(folder, command));
  for (const place of places) if (await isProgram(place)) return place;
  return null;
}

/** Where packages that belong to programs of these folders lie. */
export function moduleFolders(folders: readonly string[]): string[] {
  return folders.map((folder) => (basename(folder) === '.bin' ? dirname(folder) : join(dirname(folder), 'lib', 'node_modules')));
}

/** Whether it is a script for the `node` of the PATH. */
export async function isNodeScript(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => null); // a program that may be run but not read
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^#!\S*(\/env(\s+-S)?\s+|\/)node\b/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Whether there is a file that can be run. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // not there, or not to be run
  }
}

async function npmPrefix(home: string): Promise<string | null> {
  const text = await readFile(join(home, '.npmrc'), 'utf8').catch(() => ''); // most people have none
  const prefix = /^\s*prefix\s*=\s*(.+?)\s*$/m.exec(text)?.[1]?.replace(/^(~|\$\{HOME\})(?=\/)/, home);
  return prefix !== undefined && isAbsolute(prefix) ? prefix : null;
}

/** Newest versions first. BOOCODE_AGENTS_DIR says where; empty: nowhere. */
async function installedFolders(personal: Environment, home: string): Promise<string[]> {
  const root = personal['BOOCODE_AGENTS_DIR'] ?? join(home, '.cache', 'boocode', 'agents');
  if (root === '') return [];
  const names = await readdir(root).catch(() => []); // only developers have it
  return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(root, name, 'node_modules', '.bin'));
}
