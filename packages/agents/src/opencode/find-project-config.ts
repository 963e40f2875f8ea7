import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const NAMES = ['opencode.json', 'opencode.jsonc', '.opencode'];

/**
 * What a repository brings for opencode, from a folder in it up to its top; null: nothing. Measured with 1.18.33: plugins that `opencode.json` names are run
 * inside the server whatever its switches say.
 */
export async function findProjectConfig(cwd: string): Promise<string | null> {
  const folders = await foldersOfRepository(cwd);
  for (const folder of folders) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
  }
  return null;
}

async function foldersOfRepository(cwd: string): Promise<readonly string[]> {
  const folders = [cwd];
  for (let folder = cwd; !(await isThere(join(folder, '.git'))); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [cwd]; // no repository
    folders.push(dirname(folder));
  }
  return folders;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
