import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 250;
const NAMELESS_IS_STALE_MS = 5_000;

/**
 * Runs `work` while holding the folder `path` as a lock between processes. A lock whose owner is dead is taken over.
 * @template T
 * @param {string} path
 * @param {(pid: number) => void} onWait called once when somebody else holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; !tryTake(path); waited = true) {
    const owner = readOwner(path);
    if (isStale(path, owner)) {
      removeStale(path, owner);
      continue;
    }
    if (!waited) onWait(owner);
    await sleep(LOOK_AGAIN_MS);
  }
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function tryTake(path) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

/** @param {string} path */
function readOwner(path) {
  try {
    return Number(readFileSync(join(path, 'pid'), 'utf8')) || 0;
  } catch {
    return 0; // taken, but not yet signed
  }
}

/**
 * @param {string} path
 * @param {number} owner
 */
function isStale(path, owner) {
  if (owner !== 0) return !isAlive(owner);
  try {
    return Date.now() - statSync(path).mtimeMs > NAMELESS_IS_STALE_MS;
  } catch {
    return false; // released in the meantime
  }
}

/**
 * Moves it away before it is removed: of several who saw the dead owner, none takes the lock of the first that was faster.
 * @param {string} path
 * @param {number} owner
 */
function removeStale(path, owner) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readOwner(aside) === owner) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch {
    // somebody else moved it
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/** @param {number} pid */
function isZombie(pid) {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // no /proc on this system
  }
}
