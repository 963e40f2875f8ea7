import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_PARTS, fingerprint } from './fingerprint.mjs';
import { install, isInstalled } from './install.mjs';
import { findPlatformNode, requireNodeForSetUp } from './platform-node.mjs';
import { say, withProgress } from './progress.mjs';
import { runAsProgram, SetUpError } from './set-up-error.mjs';
import { withLock } from './set-up-lock.mjs';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const PART_NAMES = { program: 'Building the program', web: 'Building the web pages' };

/**
 * Makes the checkout ready to run: dependencies as in the lockfile, and a build as new as its sources. Silent when there is nothing to do.
 * Plain JavaScript without dependencies, because it runs before there are any.
 * @param {{ build: boolean }} options
 */
export async function setUp({ build }) {
  requireNodeForSetUp(process.versions.node);
  if (isReady(build)) return;
  const lock = join(ROOT, '.cache', 'set-up.lock');
  const onWait = (/** @type {number} */ pid) => say(`Waiting for another set-up of this checkout (process ${pid}) ...`);
  await withLock(lock, onWait, async () => {
    if (!isInstalled(ROOT)) await install(ROOT);
    if (!build) return;
    for (const part of BUILD_PARTS) {
      if (!isBuilt(part)) await withProgress(PART_NAMES[part], () => buildPart(part));
    }
  });
}

/**
 * True when a start would have nothing to set up.
 * @param {boolean} build
 */
export function isReady(build) {
  return isInstalled(ROOT) && (!build || BUILD_PARTS.every(isBuilt));
}

/** @param {import('./fingerprint.mjs').BuildPart} part */
function isBuilt(part) {
  const stamp = join(ROOT, 'dist', `${part}.stamp`);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(ROOT, part);
}

/** @param {import('./fingerprint.mjs').BuildPart} part */
async function buildPart(part) {
  const child = spawn(findPlatformNode(ROOT), [join(ROOT, 'scripts', 'build.ts'), part], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (status === 0) return;
  process.stderr.write(output);
  throw new SetUpError(`Cannot build BooCode: the build of its ${part} failed (its messages stand above); mend that and run the same command again`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runAsProgram(async () => {
    await setUp({ build: !process.argv.includes('--no-build') });
    return 0;
  });
}
