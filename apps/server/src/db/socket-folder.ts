import { chown, lstat, mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { PostgresAccount } from './postgres-account.ts';
import { shortHash } from './postgres-data.ts';

/** A Unix socket's whole path has at most 107 bytes, and PostgreSQL adds a file name. */
const LONGEST_FOLDER = 90;
const SHORT = '/tmp';

/** A private folder for the socket: the run folder itself, or a short one under /tmp when that lies too deep or belongs to another user than the server. */
export async function makeSocketFolder(runDir: string, account: PostgresAccount): Promise<string> {
  const real = await realpath(runDir);
  const uid = account.owner?.uid ?? process.getuid?.() ?? 0;
  const fits = account.owner === null && Buffer.byteLength(real) <= LONGEST_FOLDER;
  const folder = fits ? real : join(SHORT, `boocode-${uid}-${shortHash(real)}`);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined && account.owner !== null) await chown(folder, account.owner.uid, account.owner.gid);
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new BooError(
      'storage_unavailable',
      `Cannot use "${folder}" for the database's socket: it is not a private folder of yours; remove it, then start again`,
    );
  }
  return folder;
}

/** Removes a folder that was made for a home too deep; the server has taken its socket away. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (dirname(folder) === SHORT) await rmdir(folder).catch(() => {}); // a later start already uses it again
}
