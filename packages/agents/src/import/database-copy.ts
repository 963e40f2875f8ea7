import { constants } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as sqlite from 'node:sqlite';
import { BooError } from '@boocode/contracts/error-code.ts';

const MAX_DATABASE_BYTES = 1_024 * 1_024 * 1_024;
const ATTEMPTS = 5;
const PREFIX = 'import-';
const OWN_PREFIX = `${PREFIX}${process.pid}-`;

/**
 * Reads an agent's SQLite database from a copy: even reading the original would write into the files beside it, and its newest rows may stand in its
 * write-ahead log alone. Null when there is no such file. Throws `too_large`, and `conflict` when the agent writes without a pause.
 */
export async function readDatabaseCopy<T>(path: string, scratch: string, read: (database: sqlite.DatabaseSync) => T): Promise<T | null> {
  const before = await factsOf(path);
  if (before === null) return null;
  if (before.bytes > MAX_DATABASE_BYTES) throw new BooError('too_large', `Cannot read "${path}": it has more than 1 GB`);
  const { DatabaseSync } = await loadSqlite(path);
  await removeLeftovers(scratch);
  const folder = await mkdtemp(join(scratch, OWN_PREFIX));
  try {
    const copy = join(folder, 'copy.db');
    await copyQuiet(path, copy);
    const database = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
    try {
      return read(database);
    } finally {
      database.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies of a server that was killed: there is one server per home. */
async function removeLeftovers(scratch: string): Promise<void> {
  const left = (await readdir(scratch)).filter((name) => name.startsWith(PREFIX) && !name.startsWith(OWN_PREFIX));
  await Promise.all(left.map((name) => rm(join(scratch, name), { recursive: true, force: true })));
}

/** Copies database and log as they stood at one moment: neither changed in between. */
async function copyQuiet(path: string, copy: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await factsOf(path);
    await copyFile(path, copy, constants.COPYFILE_FICLONE);
    await rm(`${copy}-wal`, { force: true });
    await copyFile(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE).catch(ignoreMissing);
    if (before?.mark === (await factsOf(path))?.mark) return;
  }
  throw new BooError('conflict', `Cannot read "${path}": it is being written; try again in a moment`);
}

async function factsOf(path: string): Promise<{ readonly bytes: number; readonly mark: string } | null> {
  const [main, log] = await Promise.all([path, `${path}-wal`].map((file) => stat(file, { bigint: true }).catch(ignoreMissing)));
  if (main === undefined) return null;
  const mark = [main, log].map((facts) => (facts === undefined ? '' : `${facts.ino} ${facts.size} ${facts.mtimeNs}`)).join(' / ');
  return { bytes: Number(main.size) + Number(log?.size ?? 0n), mark };
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** Older versions of Node.js have none. */
async function loadSqlite(path: string): Promise<typeof sqlite> {
  try {
    return await import('node:sqlite');
  } catch (cause) {
    throw new BooError('agent_unavailable', `Cannot read "${path}": this Node.js cannot read SQLite; run BooCode with Node.js 22.13 or newer`, { cause });
  }
}
