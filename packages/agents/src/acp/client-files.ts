import { confinePath, type Bounds } from '@boocode/tools/confine-path.ts';
import { findFileText, writeFileText } from '@boocode/tools/file-text.ts';
import { ToolFailure } from '@boocode/tools/tool.ts';
import { INTERNAL_ERROR, RpcError } from './json-rpc-peer.ts';

const NOT_FOUND = -32002;

/** Reads a text file for an agent, in the worktree or where reading is allowed. `line` counts from 1. */
export async function readForAgent(path: string, part: { readonly line: number | null; readonly limit: number | null }, bounds: Bounds): Promise<string> {
  const file = await kindly(async () => findFileText(await confinePath(path, 'read', bounds)));
  if (file === null) throw new RpcError(NOT_FOUND, `Resource not found: ${path}`);
  if (part.line === null && part.limit === null) return file.text;
  const from = Math.max(0, (part.line ?? 1) - 1);
  return file.text
    .split('\n')
    .slice(from, part.limit === null ? undefined : from + part.limit)
    .join('\n');
}

/** Writes a text file for an agent, in the worktree alone. `mayWrite` is asked with its real path, and rejects when it may not. */
export async function writeForAgent(path: string, text: string, bounds: Bounds, mayWrite: (absolute: string) => Promise<void>): Promise<void> {
  const confined = await kindly(() => confinePath(path, 'write', bounds));
  await mayWrite(confined.absolute);
  await kindly(async () => {
    const before = await findFileText(confined);
    await writeFileText(confined, text, before?.mode ?? null);
  });
}

async function kindly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ToolFailure) throw new RpcError(INTERNAL_ERROR, error.message);
    throw error;
  }
}
