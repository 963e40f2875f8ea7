import { statfs } from 'node:fs/promises';
import type { StorageProblem } from './db-errors.ts';

const INTERVAL_MS = 2_000;
const MEGABYTE = 1_048_576;
const TOO_LITTLE = 16 * MEGABYTE;
const ENOUGH = 32 * MEGABYTE;

export interface DiskWatchOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProblem: (problem: StorageProblem | null) => void;
}

/** Tells when the disk of a folder is almost full, before a write fails, and when there is room again. */
export function watchDisk({ folder, signal, onProblem }: DiskWatchOptions): void {
  let isFull = false;
  async function look(): Promise<void> {
    const found = await statfs(folder).catch(() => null);
    if (found === null || signal.aborted) return;
    const free = found.bavail * found.bsize;
    const next = free < (isFull ? ENOUGH : TOO_LITTLE);
    if (next === isFull) return;
    isFull = next;
    onProblem(isFull ? diskProblem(folder, free) : null);
  }
  const timer = setInterval(() => void look(), INTERVAL_MS);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  void look();
}

function diskProblem(folder: string, free: number): StorageProblem {
  const megabytes = Math.floor(free / MEGABYTE);
  return { code: 'storage_full', text: `The disk of "${folder}" is almost full (${megabytes} MB left); free some space, or new messages cannot be kept` };
}
