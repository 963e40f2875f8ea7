import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, sep } from 'node:path';
import { withProgress } from './progress.mjs';
import { SetUpError } from './set-up-error.mjs';

const NETWORK_ERRORS = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request .* failed/;

/**
 * True when node_modules holds what the lockfile says.
 * @param {string} root
 */
export function isInstalled(root) {
  const stamp = readText(stampFile(root));
  return stamp !== null && stamp === lockfileHash(root);
}

/**
 * Installs what the lockfile says, unless somebody else (a plain `npm ci`) has done it already.
 * @param {string} root
 */
export async function install(root) {
  if (!holdsLockfile(root)) await withProgress('Installing dependencies', () => npmCi(root));
  writeFileSync(stampFile(root), lockfileHash(root));
}

/** @param {string} root */
async function npmCi(root) {
  const { status, output } = await runNpm(root, [
    'ci',
    '--loglevel=error',
    '--include=dev',
    '--include=optional',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=3000',
  ]);
  if (status === 0) return;
  const lines = output.split('\n').filter((line) => /^npm error (?! +at )/.test(line));
  process.stderr.write(`${lines.slice(0, 12).join('\n')}\n`);
  const reason = NETWORK_ERRORS.test(output)
    ? 'the npm registry does not answer; check the network, the proxy and `npm config get registry`, then run the same command again'
    : `npm ended with status ${status} (its messages stand above); mend that and run the same command again`;
  throw new SetUpError(`Cannot install the dependencies: ${reason}`);
}

/**
 * npm under its own Node, never under the one that this very installation replaces.
 * @param {string} root
 * @param {readonly string[]} args
 * @param {number} [timeout] after which it is ended
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runNpm(root, args, timeout) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const env = { ...process.env, PATH: pathWithoutModules() };
  const isNpm = cli !== undefined && node !== undefined && basename(cli) === 'npm-cli.js' && existsSync(node);
  const options = { cwd: root, env, stdio: /** @type {['ignore', 'pipe', 'pipe']} */ (['ignore', 'pipe', 'pipe']), timeout };
  const child = isNpm ? spawn(node, [cli, ...args], options) : spawn('npm', [...args], { ...options, shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ status: 1, output: `npm error ${error.message}` }));
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

function pathWithoutModules() {
  const parts = (process.env['PATH'] ?? '').split(delimiter);
  return parts.filter((part) => !part.includes(join('node_modules', '.bin')) && !part.includes(`node_modules${sep}@npmcli`)).join(delimiter);
}

/**
 * True when every package of the lockfile lies in node_modules in that version (npm's own record says so); optional ones may be missing.
 * @param {string} root
 */
function holdsLockfile(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> | null}
 */
function readPackages(file) {
  const text = readText(file);
  return text === null ? null : JSON.parse(text).packages;
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.boocode-lockfile');
}

/** @param {string} root */
function lockfileHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // not there yet
  }
}
