import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { replaceDurable } from './durable-file.ts';
import { findBlocker, findStat } from './path-facts.ts';

/*
 * The life of a journal, <journalDir>/<id>.json:
 *   staging      written before anything else: names every temporary file. Killed here = the temporary files go, nothing happened.
 *   committing   all new contents and all old ones lie complete on the disk; files are being replaced. Killed here = it is finished,
 *                or taken back if a person edited one of the files meanwhile.
 *   taking_back  something went wrong: files become old again. Killed here = that is finished.
 *   done         every file is new. Stays until the caller has written down the result (`forgetApply`).
 *   rolled_back  every file is old again. Stays likewise, when a start after a kill found it.
 * Beside it lies <journalDir>/<id>/ with the old contents.
 */

/** What lies at a path, so exactly that an edit in between is noticed. */
const Print = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('missing') }),
  z.object({ kind: z.enum(['file', 'symlink']), hash: z.string(), exec: z.boolean() }),
  z.object({ kind: z.literal('other') }),
]);
export type Print = z.infer<typeof Print>;

const JournalOp = z.object({
  path: z.string(),
  /** The temporary file with the new content, relative to the folder; null = the path is removed. */
  temp: z.nullable(z.string()),
  before: Print,
  after: Print,
  /** The file in the journal's folder with the old content; null when there was none. */
  backup: z.nullable(z.string()),
});
export type JournalOp = z.infer<typeof JournalOp>;

export const Journal = z.object({
  version: z.literal(1),
  id: z.string(),
  folder: z.string(),
  /** The folder inside `folder` above which no emptied folder is removed. */
  prefix: z.string(),
  state: z.enum(['staging', 'committing', 'taking_back', 'done', 'rolled_back']),
  /** Whatever the caller needs to write the result down after a kill. */
  note: z.unknown(),
  ops: z.array(JournalOp),
  createdAt: z.number(),
});
export type Journal = z.infer<typeof Journal>;

export function journalFile(journalDir: string, id: string): string {
  if (!/^[\w-]{1,100}$/u.test(id)) throw new TypeError(`"${id}" cannot name a journal`);
  return join(journalDir, `${id}.json`);
}

export function backupFolder(journalDir: string, id: string): string {
  return join(journalDir, id);
}

export async function writeJournal(journalDir: string, journal: Journal): Promise<void> {
  await mkdir(backupFolder(journalDir, journal.id), { recursive: true, mode: 0o700 });
  await replaceDurable(journalFile(journalDir, journal.id), JSON.stringify(journal));
}

/** Forgets an apply whose result has been written down. Safe to repeat. */
export async function forgetApply(journalDir: string, id: string): Promise<void> {
  await rm(journalFile(journalDir, id), { force: true });
  await rm(`${journalFile(journalDir, id)}.next`, { force: true });
  await rm(backupFolder(journalDir, id), { recursive: true, force: true });
}

/** All journals of a directory, oldest first; those that cannot be read as null with their id. */
export async function readJournals(journalDir: string): Promise<{ id: string; journal: Journal | null }[]> {
  const names = (await readdir(journalDir).catch(() => [])).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(names.map((name) => readJournal(journalDir, name.slice(0, -'.json'.length))));
  return found.toSorted((one, other) => (one.journal?.createdAt ?? 0) - (other.journal?.createdAt ?? 0));
}

async function readJournal(journalDir: string, id: string): Promise<{ id: string; journal: Journal | null }> {
  try {
    const parsed = Journal.safeParse(JSON.parse(await readFile(join(journalDir, `${id}.json`), 'utf8')));
    return { id, journal: parsed.success ? parsed.data : null };
  } catch {
    // Not JSON: somebody else's file, or a disk that lost it. The caller reports it.
    return { id, journal: null };
  }
}

/** What lies at a path of the folder now. Parents are not followed through links: behind one nothing is there. */
export async function printOf(folder: string, path: string): Promise<Print> {
  if ((await findBlocker(folder, path)) !== null) return { kind: 'missing' };
  const full = join(folder, path);
  const stat = await findStat(full);
  if (stat === null) return { kind: 'missing' };
  if (stat.isFile()) return printContent('file', await readFile(full), (stat.mode & 0o100n) !== 0n);
  if (stat.isSymbolicLink()) return printContent('symlink', await readlink(full, { encoding: 'buffer' }), false);
  return { kind: 'other' };
}

export function printContent(kind: 'file' | 'symlink', content: Buffer, exec: boolean): Print {
  return { kind, hash: createHash('sha256').update(content).digest('hex'), exec };
}

export function isSamePrint(one: Print, other: Print): boolean {
  if (one.kind === 'missing' || one.kind === 'other' || other.kind === 'missing' || other.kind === 'other') return one.kind === other.kind;
  return one.kind === other.kind && one.hash === other.hash && one.exec === other.exec;
}
