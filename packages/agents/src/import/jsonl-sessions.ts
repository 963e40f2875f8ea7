import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ImportAgent, ImportProblem } from '@boocode/contracts/import.ts';
import { JsonLines } from '../json-lines.ts';
import { foldPast } from './fold-past.ts';
import {
  isInside,
  MAX_SESSION_BYTES,
  MAX_SESSIONS,
  type PastConversation,
  type PastEntry,
  type PastPlaces,
  type PastSession,
  type PastSource,
} from './past-session.ts';

/** All that one listing reads: more would keep the disk busy for too long. */
const MAX_LISTED_BYTES = 256 * 1_024 * 1_024;
/** Programs shorten the names of very deep folders. */
const COMMON_NAME = 150;
const SESSION_FILE = /\.jsonl$/;

/** An agent that keeps each conversation in a file of JSON lines, in a folder named after the folder it worked in. */
export interface JsonlStorage {
  readonly agent: ImportAgent;
  /** The folder of the folders. */
  root(places: PastPlaces): string;
  /** Where the files are within such a folder; empty: in itself. */
  readonly below: string;
  map(records: readonly object[]): { readonly title: string | null; readonly entries: readonly PastEntry[] };
}

interface SessionFile {
  readonly path: string;
  readonly id: string;
  readonly bytes: number;
  readonly changedAt: number;
}

/** Reads conversations of such an agent. */
export function jsonlSource(storage: JsonlStorage): PastSource {
  const { agent } = storage;
  return {
    async list(places, folder) {
      const sessions: PastSession[] = [];
      const problems: ImportProblem[] = [];
      let bytes = 0;
      for (const file of await listFiles(storage, places, folder)) {
        if (sessions.length >= MAX_SESSIONS || bytes > MAX_LISTED_BYTES) {
          problems.push({ agent, message: 'Older sessions are not shown' });
          break;
        }
        try {
          const past = await readFile(storage, file, folder);
          bytes += Math.min(file.bytes, MAX_SESSION_BYTES);
          if (past !== null) sessions.push(sessionOf(past));
        } catch (error) {
          problems.push({ agent, message: error instanceof Error ? error.message : String(error) });
        }
      }
      return { sessions, problems };
    },
    async read(places, folder, externalId) {
      const file = (await listFiles(storage, places, folder)).find(({ id }) => id === externalId);
      return file === undefined ? null : readFile(storage, file, folder);
    },
  };
}

/** Newest first. The names of folders are ambiguous: what a file says of its folder decides. */
async function listFiles({ root, below }: JsonlStorage, places: PastPlaces, folder: string): Promise<SessionFile[]> {
  const name = folder.replaceAll(/[^a-zA-Z0-9]/g, '-').slice(0, COMMON_NAME);
  const top = root(places);
  const folders = (await entriesOf(top)).filter((entry) => entry.startsWith(name));
  const paths = await Promise.all(
    folders.map(async (entry) =>
      (await entriesOf(join(top, entry, below))).filter((file) => SESSION_FILE.test(file)).map((file) => join(top, entry, below, file)),
    ),
  );
  const files = await Promise.all(
    paths.flat().map(async (path) => {
      const facts = await stat(path).catch(() => null); // gone since
      return facts?.isFile() === true ? { path, id: basename(path, '.jsonl'), bytes: facts.size, changedAt: facts.mtimeMs } : null;
    }),
  );
  return files.filter((file) => file !== null).toSorted((a, b) => b.changedAt - a.changedAt);
}

async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []); // this agent was never used, or not so
}

/** Null: the agent worked somewhere else, or nobody said anything. Throws when the file is too long or cannot be read. */
async function readFile(storage: JsonlStorage, file: SessionFile, folder: string): Promise<PastConversation | null> {
  const found = await readRecords(storage.agent, file, folder);
  if (found === null) return null;
  const { title, entries } = storage.map(found.records);
  const messages = foldPast(entries);
  const prompts = entries.filter((entry) => entry.type === 'prompt');
  const [first] = prompts;
  if (first === undefined) return null;
  return {
    agent: storage.agent,
    externalId: file.id,
    cwd: found.cwd,
    title: title ?? first.text,
    updatedAt: entries.at(-1)?.at || Math.round(file.changedAt),
    prompts: prompts.length,
    messages,
  };
}

/** Stops as soon as it is known that the agent worked somewhere else. */
async function readRecords(agent: ImportAgent, file: SessionFile, folder: string): Promise<{ cwd: string; records: object[] } | null> {
  const records: object[] = [];
  let cwd: string | null = null;
  const lines = new JsonLines({
    onObject: (record) => {
      if (cwd === null && 'cwd' in record && typeof record.cwd === 'string') cwd = record.cwd;
      records.push(record);
    },
  });
  const isElsewhere = (): boolean => cwd !== null && !isInside(folder, cwd);
  for await (const chunk of createReadStream(file.path, { end: MAX_SESSION_BYTES })) {
    lines.push(Buffer.from(chunk));
    if (isElsewhere()) return null;
    if (cwd !== null && file.bytes > MAX_SESSION_BYTES) throw tooLong(agent, file);
  }
  lines.end();
  return cwd === null || isElsewhere() ? null : { cwd, records };
}

function tooLong(agent: ImportAgent, { id, bytes }: SessionFile): BooError {
  const size = (count: number): string => `${Math.round(count / 1_024 / 1_024)} MB`;
  return new BooError('too_large', `Cannot import session ${id} of ${agent}: it has ${size(bytes)}, and at most ${size(MAX_SESSION_BYTES)} are read`);
}

function sessionOf({ agent, externalId, cwd, title, updatedAt, prompts }: PastConversation): PastSession {
  return { agent, externalId, cwd, title, updatedAt, prompts };
}
