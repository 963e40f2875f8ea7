import { spawn } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { PostgresAccount } from './postgres-account.ts';

export const POSTGRES_MAJOR = '18';
export const POSTGRES_USER = 'boocode';
const MARKER = 'boocode.json';
const NEXT_STEP = 'set BOOCODE_HOME to another folder, or DATABASE_URL to a PostgreSQL 15 or newer';

export interface PostgresData {
  readonly folder: string;
  readonly password: string;
}

/** The data folder at `path`, made when it is not there. Rejects when it is not ours or of another major version: it is never touched then. */
export async function preparePostgresData(path: string, binaries: string, account: PostgresAccount): Promise<PostgresData> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new BooError('storage_unavailable', `Cannot open the database in "${path}": ${error.message}; ${NEXT_STEP}`, { cause: error });
  });
  if (entries === null) await createData(path, binaries, account);
  const folder = await realpath(path);
  return { folder, password: await checkData(folder) };
}

async function checkData(folder: string): Promise<string> {
  const password = parseMarker(await readFile(join(folder, MARKER), 'utf8').catch(() => ''));
  if (password === null) {
    throw new BooError('storage_unavailable', `Cannot open the database in "${folder}": the folder was not made by BooCode; ${NEXT_STEP}`);
  }
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '?')).trim();
  if (version !== POSTGRES_MAJOR) {
    throw new BooError(
      'storage_unavailable',
      `Cannot open the database in "${folder}": it was made by PostgreSQL ${version} and this BooCode brings ${POSTGRES_MAJOR}; start the BooCode that made it, or ${NEXT_STEP}`,
    );
  }
  return password;
}

function parseMarker(text: string): string | null {
  try {
    const marker: unknown = JSON.parse(text);
    return typeof marker === 'object' && marker !== null && 'password' in marker && typeof marker.password === 'string' ? marker.password : null;
  } catch {
    return null;
  }
}

/** Fills a temporary folder and renames it, so a half-made one never bears the name and of several starters one wins. */
async function createData(path: string, binaries: string, account: PostgresAccount): Promise<void> {
  const target = account.owner === null ? path : await reachableFolder(path);
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(`${target}.new-`);
  try {
    const data = join(temporary, 'data');
    const passwordFile = join(temporary, 'password');
    const password = randomBytes(24).toString('base64url');
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await writeFile(join(temporary, MARKER), `${JSON.stringify({ password })}\n`, { mode: 0o600 });
    await give(account, [temporary, data, passwordFile, join(temporary, MARKER)]);
    await runInitdb(binaries, account, data, passwordFile);
    await rename(join(temporary, MARKER), join(data, MARKER));
    await rename(data, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    if (target !== path) await symlink(target, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function give(account: PostgresAccount, paths: readonly string[]): Promise<void> {
  const owner = account.owner;
  if (owner !== null) await Promise.all(paths.map((path) => chown(path, owner.uid, owner.gid)));
}

/** Where another user's PostgreSQL can have its data: the wanted place, or one outside of a private home, which then holds a link to it. */
async function reachableFolder(path: string): Promise<string> {
  if (await isReachable(dirname(path))) return path;
  const shared = '/var/lib/boocode';
  await mkdir(shared, { recursive: true });
  await chmod(shared, 0o755);
  return join(shared, shortHash(path));
}

/** Whether everybody may pass through the folder and all folders above it. */
export async function isReachable(folder: string): Promise<boolean> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await lstat(place).catch(() => null);
    if (found !== null && !found.isSymbolicLink() && (found.mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function runInitdb(binaries: string, account: PostgresAccount, data: string, passwordFile: string): Promise<void> {
  const args = ['-D', data, '-U', POSTGRES_USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'];
  const [command = '', ...rest] = [...account.prefix, join(binaries, 'bin', 'initdb'), ...args, ...locale];
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', env: postgresEnvironment(), ...account.owner });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw describeFailure(output, data);
}

/** PostgreSQL needs nothing of our environment; English texts, so that its log can be read by a program. */
export function postgresEnvironment(): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', HOME: '/' };
}

/** Says in one sentence why initdb or the server ended. */
export function describeFailure(output: string, data: string): BooError {
  if (output.includes('No space left on device') || output.includes('Disk quota exceeded')) {
    return new BooError('storage_full', diskFullText(data));
  }
  const lines = output.split('\n').flatMap((line) => /(?:FATAL|PANIC|error|ERROR): +(.*)/.exec(line)?.[1] ?? []);
  const reason = lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
  return new BooError('storage_unavailable', `Cannot start the database in "${data}": ${reason || 'PostgreSQL ended without a word'}; ${NEXT_STEP}`);
}

export function diskFullText(data: string): string {
  return `Cannot start the database in "${data}": the disk is full; free some space, then start again`;
}
