import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ImportAgent } from '@boocode/contracts/import.ts';
import * as z from 'zod/mini';
import { readDatabaseCopy } from './database-copy.ts';
import { foldPast } from './fold-past.ts';
import { MAX_SESSION_BYTES, MAX_SESSIONS, type PastConversation, type PastEntry, type PastSession, type PastSource } from './past-session.ts';

/** An agent that keeps all conversations in one SQLite database. */
export interface SqliteStorage {
  readonly agent: ImportAgent;
  /** Below XDG_DATA_HOME. */
  readonly file: readonly string[];
  /**
   * All sessions of a folder (`$folder`) or below it, of people, newest first: `id`, `cwd`, `title` (null: none that says anything), `updatedAt` in ms,
   * `prompts`, `first`: the text of the first prompt; the first `$limit`.
   */
  readonly sessions: string;
  /** `bytes` of the conversation `$id`. */
  readonly size: string;
  entries(ask: (sql: string) => readonly unknown[], cwd: string): readonly PastEntry[];
}

const Row = z.object({
  id: z.string(),
  cwd: z.string(),
  title: z.nullable(z.string()),
  updatedAt: z.number(),
  prompts: z.number(),
  first: z.nullable(z.string()),
});
const Size = z.object({ bytes: z.number() });

/** Reads conversations of such an agent. A database of another version is a problem, no crash. */
export function sqliteSource(storage: SqliteStorage): PastSource {
  const { agent } = storage;
  return {
    async list({ dataHome, scratch }, folder) {
      try {
        const sessions = await readDatabaseCopy(join(dataHome, ...storage.file), scratch, (database) => listSessions(storage, database, folder));
        if (sessions === null) return { sessions: [], problems: [] };
        const older = sessions.length > MAX_SESSIONS ? [{ agent, message: 'Older sessions are not shown' }] : [];
        return { sessions: sessions.slice(0, MAX_SESSIONS), problems: older };
      } catch (error) {
        return { sessions: [], problems: [{ agent, message: asProblem(error, agent) }] };
      }
    },
    async read({ dataHome, scratch }, folder, externalId) {
      return readDatabaseCopy(join(dataHome, ...storage.file), scratch, (database) => readSession(storage, database, folder, externalId));
    },
  };
}

function listSessions({ agent, sessions }: SqliteStorage, database: DatabaseSync, folder: string): PastSession[] {
  const rows = ask(database, sessions, { folder, limit: MAX_SESSIONS + 1 }).map((row) => Row.parse(row));
  return rows.flatMap(({ id, cwd, title, updatedAt, prompts, first }) =>
    prompts === 0 ? [] : [{ agent, externalId: id, cwd, title: title ?? first ?? id, updatedAt, prompts }],
  );
}

function readSession(storage: SqliteStorage, database: DatabaseSync, folder: string, externalId: string): PastConversation | null {
  const session = listSessions(storage, database, folder).find((one) => one.externalId === externalId);
  if (session === undefined) return null;
  const [size] = ask(database, storage.size, { id: externalId }).map((row) => Size.parse(row));
  if (size !== undefined && size.bytes > MAX_SESSION_BYTES) {
    throw new BooError(
      'too_large',
      `Cannot import session ${externalId} of ${storage.agent}: it has ${Math.round(size.bytes / 1_024 / 1_024)} MB, and at most 20 MB are read`,
    );
  }
  return { ...session, messages: foldPast(storage.entries((sql) => ask(database, sql, { id: externalId }), session.cwd)) };
}

function ask(database: DatabaseSync, sql: string, values: Record<string, SQLInputValue>): readonly unknown[] {
  return database.prepare(sql).all(values);
}

function asProblem(error: unknown, agent: ImportAgent): string {
  if (error instanceof BooError) return error.message;
  return `Cannot read the sessions of ${agent}: ${error instanceof Error ? error.message : String(error)}; it may be a version that BooCode does not know`;
}
