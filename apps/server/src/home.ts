import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';

/** The folders of BOOCODE_HOME, absolute and without links. */
export interface Home {
  readonly root: string;
  readonly run: string;
  readonly logs: string;
  readonly worktrees: string;
  readonly outputs: string;
  readonly journal: string;
  /** The private repositories of folders without git. */
  readonly shadow: string;
  readonly tokenFile: string;
}

/** How other programs of this user find the running server. */
export interface ServerFile {
  readonly pid: number;
  readonly url: string;
  readonly startedAt: string;
  readonly version: string;
}

/** Makes BOOCODE_HOME ready, for its owner alone. Throws `forbidden` or `storage_full` with a sentence when it cannot be used. */
export async function openHome(path: string): Promise<Home> {
  await refuseTooWide(path);
  await makeFolder(path);
  const root = await realpath(path);
  const home = foldersOf(root);
  for (const folder of [home.run, home.logs, home.worktrees, home.outputs, home.journal, home.shadow]) await makeFolder(folder);
  await closeToOthers(root);
  await checkWritable(root);
  return home;
}

/** Written when the server listens, in one step: a reader sees all of it or nothing. */
export async function writeServerFile(home: Home, file: ServerFile): Promise<void> {
  const path = serverFilePath(home);
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify(file)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

/** Removes the file when it is still that of this process: a later server may have written its own. */
export async function removeServerFile(home: Home, pid: number): Promise<void> {
  const path = serverFilePath(home);
  const text = await readFile(path, 'utf8').catch(() => ''); // not there: nothing to remove
  if (text.includes(`"pid":${pid},`)) await rm(path, { force: true });
}

/** BooCode closes its home to everybody but its owner, which must not happen to these. */
async function refuseTooWide(path: string): Promise<void> {
  const real = await realpath(path).catch(() => null); // not there yet: BooCode makes it
  if (real === null || (real !== parse(real).root && real !== (await realpath(homedir()).catch(() => null)))) return;
  throw new BooError(
    'forbidden',
    `Cannot use "${real}" as BOOCODE_HOME: it is not for BooCode alone; give it a folder of its own, for instance "${join(real, '.boocode')}"`,
  );
}

function foldersOf(root: string): Home {
  return {
    root,
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    worktrees: join(root, 'worktrees'),
    outputs: join(root, 'outputs'),
    journal: join(root, 'journal'),
    shadow: join(root, 'shadow'),
    tokenFile: join(root, 'token'),
  };
}

function serverFilePath(home: Home): string {
  return join(home.run, 'server.json');
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const info = await stat(path);
    const user = process.getuid?.();
    if (!info.isDirectory()) throw refusal(path, 'it is not a folder', 'move it away, or set BOOCODE_HOME to another folder');
    if (user !== undefined && info.uid !== user) {
      throw refusal(
        path,
        `it belongs to another user (${info.uid}), who could read what BooCode keeps there`,
        'run BooCode as that user, or set BOOCODE_HOME to another folder',
      );
    }
  } catch (error) {
    throw translate(path, error);
  }
}

/** The root alone: nobody gets below it. */
async function closeToOthers(root: string): Promise<void> {
  const { mode } = await stat(root);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  await chmod(root, 0o700).catch((error: unknown) => {
    throw translate(root, error);
  });
}

async function checkWritable(root: string): Promise<void> {
  const probe = join(root, `.probe-${randomUUID()}`);
  try {
    await writeFile(probe, 'x', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw translate(root, error);
  } finally {
    await rm(probe, { force: true });
  }
}

function translate(path: string, error: unknown): unknown {
  if (error instanceof BooError || !(error instanceof Error) || !('code' in error)) return error;
  const next = 'set BOOCODE_HOME to a folder that this user can write to';
  switch (error.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return refusal(path, 'it, or a part of its path, is not a folder', 'move the file away, or set BOOCODE_HOME to another folder', error);
    case 'EACCES':
    case 'EPERM':
      return refusal(path, 'this user may not write there', next, error);
    case 'EROFS':
      return refusal(path, 'its file system can only be read', next, error);
    case 'ENOSPC':
    case 'EDQUOT':
      return new BooError('storage_full', `Cannot use "${path}" as BOOCODE_HOME: its disk is full; free some space and start again`, { cause: error });
    case 'ELOOP':
    case 'ENOENT':
      return refusal(path, 'it is a link that leads nowhere', 'remove the link, or set BOOCODE_HOME to another folder', error);
    case 'ENAMETOOLONG':
      return refusal(path, 'its path is too long', 'set BOOCODE_HOME to a shorter one', error);
    default:
      return refusal(path, String(error.code), next, error);
  }
}

function refusal(path: string, reason: string, next: string, cause?: Error): BooError {
  return new BooError('forbidden', `Cannot use "${path}" as BOOCODE_HOME: ${reason}; ${next}`, { cause });
}
