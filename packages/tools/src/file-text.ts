import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readlink, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, type ConfinedPath } from './confine-path.ts';
import { ToolFailure } from './tool.ts';

const MAX_BYTES = 4 * 1_024 * 1_024;

export interface FileText {
  readonly text: string;
  readonly mode: number;
}

/** Reads a whole text file to be changed; null when it does not exist. Refuses what is not plain UTF-8 text. */
export async function findFileText(path: ConfinedPath): Promise<FileText | null> {
  const handle = await openToRead(path);
  if (handle === null) return null;
  await using file = handle;
  const facts = await file.stat();
  if (!facts.isFile()) throw new ToolFailure(`Cannot edit "${path.shown}": it is not a regular file`);
  if (facts.size > MAX_BYTES) throw new ToolFailure(`Cannot edit "${path.shown}": it has ${facts.size} bytes, more than this tool handles; use the shell`);
  const bytes = await file.readFile();
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), mode: facts.mode & 0o777 };
  } catch {
    throw new ToolFailure(`Cannot edit "${path.shown}": it is not UTF-8 text`);
  }
}

/**
 * Opens without following a link that was put there meanwhile; null when there is nothing. Where the system tells, what was opened is compared
 * with what was confined: a folder exchanged for a link leads nowhere.
 */
export async function openToRead(path: ConfinedPath): Promise<FileHandle | null> {
  const file = await openNoFollow(path);
  if (file === null || (await isPlaceOf(file, path.absolute))) return file;
  await file.close();
  throw new ToolFailure(`Cannot open "${path.shown}": it was exchanged meanwhile`);
}

async function openNoFollow(path: ConfinedPath): Promise<FileHandle | null> {
  try {
    return await open(path.absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new ToolFailure(`Cannot open "${path.shown}": ${codeOf(error) ?? String(error)}`, { cause: error });
  }
}

async function isPlaceOf(file: FileHandle, path: string): Promise<boolean> {
  const real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => path); // no /proc: nothing to compare with
  return real === path;
}

/**
 * Writes a file so that it is there whole or not at all, with the mode it had. The new file is opened exclusively beside the old one and, where
 * the system tells, checked to lie where it should: a folder exchanged for a link meanwhile does not lead the write elsewhere.
 */
export async function writeFileText(path: ConfinedPath, text: string, mode: number | null): Promise<void> {
  const folder = dirname(path.absolute);
  const temporary = join(folder, `.boocode-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await refuseOtherThanFile(path);
    await using file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o666);
    if (!(await isPlaceOf(file, temporary))) throw new ToolFailure(`Cannot write "${path.shown}": its folder was exchanged meanwhile`);
    await file.writeFile(text, 'utf8');
    if (mode !== null) await file.chmod(mode);
    await rename(temporary, path.absolute);
  } catch (error) {
    await unlink(temporary).catch(() => {}); // it may never have come to be
    if (error instanceof ToolFailure) throw error;
    throw new ToolFailure(`Cannot write "${path.shown}": ${codeOf(error) ?? String(error)}`, { cause: error });
  }
}

async function refuseOtherThanFile(path: ConfinedPath): Promise<void> {
  const facts = await stat(path.absolute).catch(() => null); // not there yet
  if (facts !== null && !facts.isFile()) throw new ToolFailure(`Cannot write "${path.shown}": it is not a regular file`);
}
