import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError } from './set-up-error.mjs';

const OLDEST_FOR_SET_UP = [20, 19];
const OLDEST_FOR_PROGRAM = [24, 0];

/**
 * Refuses a Node that is too old even for the set-up.
 * @param {string} version
 */
export function requireNodeForSetUp(version) {
  if (isAtLeast(version, OLDEST_FOR_SET_UP)) return;
  throw new SetUpError(
    `Cannot set up BooCode: this is Node ${version}, and 20.19 is the oldest that works; install a newer one from https://nodejs.org and try again`,
  );
}

/**
 * True where this Node can run BooCode itself, so that no second process is needed.
 * @param {string} version
 */
export function canRunProgram(version) {
  return isAtLeast(version, OLDEST_FOR_PROGRAM);
}

/**
 * The Node that runs BooCode: the one npm installed, else the caller's where it is new enough.
 * @param {string} root
 */
export function findPlatformNode(root) {
  const installed = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  const candidates = existsSync(installed) ? [installed, process.execPath] : [process.execPath];
  const found = candidates.find((path) => canRunProgram(versionOf(path)));
  if (found !== undefined) return found;
  throw new SetUpError(
    `Cannot run BooCode: it needs Node 24 or newer, npm offers none for ${process.platform}-${process.arch} and yours is ${process.versions.node}; install Node 24 from https://nodejs.org and try again`,
  );
}

/** @param {string} path */
function versionOf(path) {
  if (path === process.execPath) return process.versions.node;
  const run = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000, shell: path.endsWith('.cmd') });
  return run.status === 0 ? run.stdout.trim().slice(1) : '0.0';
}

/**
 * @param {string} version
 * @param {readonly number[]} oldest
 */
function isAtLeast(version, oldest) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
