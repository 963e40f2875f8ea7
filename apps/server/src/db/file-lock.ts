import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from '@boocode/processes/process-table.ts';

const POLL_MS = 15;

/** Runs `work` while no other process on this machine does so with the same path. The lock of a dead process counts for nothing. */
export async function withFileLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${process.pid}.${crypto.randomUUID().slice(0, 8)}`;
  try {
    await writeFile(mine, `${process.pid} ${identifyProcess(process.pid)?.start ?? ''}\n`, { mode: 0o600 });
    while (!(await tryLink(mine, path))) {
      signal.throwIfAborted();
      await dropDeadLock(path, `${mine}.dead`);
      await sleep(POLL_MS, undefined, { signal });
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** A link is made completely or not at all, so a lock never lacks its owner. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead lock aside. Of several who try, one moves it; who moved a living one instead puts it back. */
async function dropDeadLock(path: string, aside: string): Promise<void> {
  if (!(await isDeadLock(path))) return;
  try {
    await rename(path, aside);
  } catch {
    return; // another waiter was faster
  }
  if (!(await isDeadLock(aside))) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function isDeadLock(path: string): Promise<boolean> {
  try {
    const [pid, start] = (await readFile(path, 'utf8')).trim().split(' ');
    return pid === undefined || start === undefined || !isAlive({ pid: Number(pid), start });
  } catch {
    return false; // gone: the next attempt decides
  }
}
