import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const IGNORED = new Set(['node_modules', 'dist', 'test', 'fixtures']);
const TEST_FILE = /\.(test|spec)\.tsx?$/;

/** What each part of the build is made from, relative to the checkout. */
const SOURCES = {
  program: ['apps/server/src', 'apps/cli/src', 'packages', 'scripts/build.ts', 'package-lock.json'],
  web: ['apps/web', 'packages/contracts/src', 'scripts/build.ts', 'package-lock.json'],
};

/** @typedef {keyof typeof SOURCES} BuildPart */

/** The parts of the build, in the order they are built. */
export const BUILD_PARTS = /** @type {BuildPart[]} */ (Object.keys(SOURCES));

/**
 * A hash over path, size and time of every source of a part: it changes whenever a build would be older than its sources.
 * @param {string} root
 * @param {BuildPart} part
 */
export function fingerprint(root, part) {
  const hash = createHash('sha256');
  for (const source of SOURCES[part]) addTo(hash, root, source);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addTo(hash, root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
    return;
  }
  const names = readdirSync(join(root, path)).filter((name) => !IGNORED.has(name) && !TEST_FILE.test(name));
  for (const name of names.sort()) addTo(hash, root, `${path}/${name}`);
}
