import type { FileHandle } from 'node:fs/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { FileContent } from '@boocode/contracts/project-file.ts';
import { openToRead } from '@boocode/tools/file-text.ts';
import { confine, type Place, toBooError } from './open-place.ts';

/** Of a text; more is cut. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;
const MAX_COUNTED_BYTES = 64 * 1024 * 1024;
const LOOK_BYTES = 8_000;

type Encoding = NonNullable<FileContent['encoding']>;

/** A file of a place as text. A link is followed only inside the place. */
export async function readProjectFile(place: Place, path: string): Promise<FileContent> {
  const confined = await confine(place, path);
  const handle = await openToRead(confined).catch((error: unknown) => {
    throw toBooError(error);
  });
  if (handle === null) throw new BooError('not_found', `Cannot show "${path}": there is no such file (any more)`);
  await using file = handle;
  const facts = await file.stat();
  if (!facts.isFile()) throw new BooError('invalid_request', `Cannot show "${path}": it is not a regular file`);
  const bytes = await readStart(file, Math.min(facts.size, MAX_TEXT_BYTES));
  const truncated = facts.size > bytes.length;
  const common = { path: confined.shown, size: facts.size };
  const encoding = encodingOf(bytes, truncated);
  if (encoding === null) return { ...common, binary: true, encoding, text: null, truncated: false, lines: null };
  const text = new TextDecoder(encoding).decode(bytes, { stream: truncated });
  return { ...common, binary: false, encoding, text, truncated, lines: truncated ? await countLines(file, facts.size) : linesOf(text) };
}

/** Null: it is no text. */
function encodingOf(bytes: Buffer, isCut: boolean): Encoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes.subarray(0, LOOK_BYTES).includes(0)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return 'utf-8';
  } catch {
    return 'windows-1252'; // every byte means something in it
  }
}

async function readStart(file: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

async function countLines(file: FileHandle, size: number): Promise<number | null> {
  if (size > MAX_COUNTED_BYTES) return null;
  const chunk = Buffer.alloc(1024 * 1024);
  let lines = 0;
  let last = 10;
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return last === 10 ? lines : lines + 1;
    for (let next = chunk.indexOf(10); next >= 0 && next < bytesRead; next = chunk.indexOf(10, next + 1)) lines++;
    last = chunk[bytesRead - 1] ?? last;
    at += bytesRead;
  }
}

function linesOf(text: string): number {
  if (text === '') return 0;
  const ends = text.split('\n').length - 1;
  return text.endsWith('\n') ? ends : ends + 1;
}
