import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { confinePath } from '@boocode/tools/confine-path.ts';
import { openToRead } from '@boocode/tools/file-text.ts';

const FILE = 'AGENTS.md';
const MAX_BYTES = 32 * 1_024;
const MAX_LEVELS = 12;

/** The nearest AGENTS.md, from `cwd` up to the top of its repository; null when there is none. A link that leads out of the repository is not followed. */
export async function findProjectContext(cwd: string): Promise<string | null> {
  let folder = cwd;
  for (let level = 0; level < MAX_LEVELS; level += 1) {
    const [text, isTop] = await Promise.all([readContext(folder), exists(join(folder, '.git'))]);
    if (text !== null) return text;
    if (isTop || dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return null;
}

async function readContext(folder: string): Promise<string | null> {
  if (!(await exists(join(folder, FILE)))) return null;
  try {
    const path = await confinePath(FILE, 'read', { cwd: folder, allowedReadPaths: [], outputDir: folder });
    const handle = await openToRead(path);
    if (handle === null) return null;
    await using file = handle;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    const text = buffer.subarray(0, bytesRead).toString('utf8').trim();
    return text === '' ? null : text;
  } catch {
    return null; // a folder of that name, or a link that leads out: as if it were not there
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null; // not there, or not to be seen
}
