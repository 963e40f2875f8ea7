import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_BYTES = 256 * 1024;
const MAX_FILES = 200;

/** What stands at a path of a repository. `isWhole`: false where it cannot be shown as it is, and so cannot be approved; then `content` says why, in a sentence. */
export interface Brought {
  readonly content: string;
  readonly isWhole: boolean;
}

/** A file's text, or the texts of all files of a folder, each under its name. Null when nothing is there. A link is not followed: it could lead anywhere later. */
export async function readBrought(path: string): Promise<Brought | null> {
  try {
    const facts = await lstat(path).catch(() => null);
    if (facts === null) return null;
    if (facts.isFile()) return { content: await readPlain(path, MAX_BYTES), isWhole: true };
    if (facts.isDirectory()) return { content: await readFolder(path), isWhole: true };
    throw new Unshowable('it is a link or no plain file; put the file itself there');
  } catch (error) {
    if (error instanceof Unshowable) return { content: error.message, isWhole: false };
    return { content: 'it cannot be read; correct its permissions', isWhole: false };
  }
}

class Unshowable extends Error {
  override readonly name = 'Unshowable';
}

async function readFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > MAX_FILES) throw new Unshowable(`it holds more than ${MAX_FILES} files; move what is no setting elsewhere`);
  let content = '';
  for (const file of files.toSorted()) content += `--- ${file.slice(folder.length + 1)}\n${await readPlain(file, MAX_BYTES - content.length)}\n`;
  return content;
}

async function readPlain(path: string, limit: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw new Unshowable('it holds a link, or a file that cannot be read');
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new Unshowable('it holds something that is no plain file');
    if (facts.size > limit) throw new Unshowable(`it is larger than ${MAX_BYTES / 1024} KB`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
