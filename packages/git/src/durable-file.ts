import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Creates a file that must not exist yet; its content is on the disk when this returns. */
export async function createDurable(path: string, content: Buffer | string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file as a whole: whoever reads it, also after a power cut, sees the old or the new content. */
export async function replaceDurable(path: string, content: string): Promise<void> {
  const next = `${path}.next`;
  await rm(next, { force: true });
  await createDurable(next, content, 0o600);
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** Makes renames and removals in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
