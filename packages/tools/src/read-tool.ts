import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import * as z from 'zod/mini';
import { confinePath } from './confine-path.ts';
import { openToRead } from './file-text.ts';
import { defineTool, ToolFailure, type ToolResult } from './tool.ts';

const DEFAULT_LINES = 1_000;
const MAX_BYTES = 40_000;
const MAX_LINE = 1_000;
const IMAGES = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp', '.bmp', '.ico', '.avif']);

export const readTool = defineTool({
  name: 'read',
  kind: 'read',
  description: `Read a text file, with line numbers. Up to ${DEFAULT_LINES} lines; use offset and limit for more of a long one.`,
  input: z.strictObject({
    path: z.string().check(z.minLength(1), z.describe('File, relative to the project folder')),
    offset: z.optional(z.int().check(z.gte(1), z.describe('First line, from 1'))),
    limit: z.optional(z.int().check(z.gte(1), z.lte(5_000), z.describe('Number of lines'))),
  }),
  title: (input) => `Read ${input.path}${range(input.offset, input.limit)}`,
  effect: () => ({ type: 'none' }),
  async run(input, context): Promise<ToolResult> {
    const path = await confinePath(input.path, 'read', context);
    const handle = await openToRead(path);
    if (handle === null) throw new ToolFailure(`Cannot read "${input.path}": there is no such file; use "list" or "search" to find it`);
    await using file = handle;
    const facts = await file.stat();
    if (facts.isDirectory()) throw new ToolFailure(`Cannot read "${path.shown}": it is a folder; use "list"`);
    if (!facts.isFile()) throw new ToolFailure(`Cannot read "${path.shown}": it is not a regular file`);
    if (IMAGES.has(extname(path.absolute).toLowerCase())) return { text: `${path.shown} is an image (${facts.size} bytes); images cannot be read as text.` };
    if (await isBinary(file)) throw new ToolFailure(`Cannot read "${path.shown}": it is a binary file (${facts.size} bytes)`);
    const window = await readWindow(file, input.offset ?? 1, input.limit ?? DEFAULT_LINES, context.signal);
    return { text: describe(window, input.offset ?? 1), whole: { bytes: facts.size, lines: window.total, file: null } };
  },
});

interface Window {
  readonly lines: readonly string[];
  readonly total: number;
}

async function isBinary(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8_192), 0, 8_192, 0);
  return buffer.subarray(0, bytesRead).includes(0);
}

/** Goes through the file once, keeping only the asked lines: memory stays small whatever the size. */
async function readWindow(file: FileHandle, offset: number, limit: number, signal: AbortSignal): Promise<Window> {
  const lines: string[] = [];
  let bytes = 0;
  let total = 0;
  for await (const line of file.readLines({ start: 0, encoding: 'utf8', autoClose: false, signal })) {
    total += 1;
    if (total < offset || lines.length >= limit || bytes > MAX_BYTES) continue;
    const shown = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}... (${line.length - MAX_LINE} more characters)` : line;
    lines.push(total === 1 ? shown.replace(/^\uFEFF/, '') : shown);
    bytes += shown.length;
  }
  return { lines, total };
}

function describe(window: Window, offset: number): string {
  if (window.total === 0) return '(empty file)';
  if (window.lines.length === 0) return `(the file has ${window.total} lines; there is nothing at line ${offset})`;
  const last = offset + window.lines.length - 1;
  const body = window.lines.map((line, index) => `${offset + index}\t${line}`).join('\n');
  return last < window.total ? `${body}\n(lines ${offset}-${last} of ${window.total}; go on with offset ${last + 1})` : body;
}

function range(offset: number | undefined, limit: number | undefined): string {
  if (offset === undefined && limit === undefined) return '';
  const first = offset ?? 1;
  return limit === undefined ? ` from ${first}` : ` ${first}-${first + limit - 1}`;
}
