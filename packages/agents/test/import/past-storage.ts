import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PastPlaces } from '../../src/import/past-session.ts';

/** Where the agents of the samples worked. */
export const SAMPLE_FOLDER = '/home/ada/notes';

/** A home with what the real programs (claude 2.1.330, qwen 0.24.4, goose 1.50.0, opencode 1.18.33) kept of two prompts each. */
export async function pastStorage(): Promise<AsyncDisposable & { readonly root: string; readonly places: PastPlaces }> {
  const root = await mkdtemp(join(tmpdir(), 'boocode-past-'));
  const places = { home: join(root, 'home'), dataHome: join(root, 'data'), scratch: join(root, 'scratch') };
  await mkdir(places.scratch);
  await put('claude.jsonl', join(places.home, '.claude/projects/-home-ada-notes/96681c61-9522-49aa-9b4f-2072c894f919.jsonl'));
  await put('qwen.jsonl', join(places.home, '.qwen/projects/-home-ada-notes/chats/62e5237b-8d29-4560-a4ea-457b661474db.jsonl'));
  await makeDatabase('goose.json', join(places.dataHome, 'goose/sessions/sessions.db'));
  await makeDatabase('opencode.json', join(places.dataHome, 'opencode/opencode.db'));
  return { root, places, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

async function put(sample: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await copyFile(new URL(sample, import.meta.url), path);
}

/** With the tables that are read, whose rows the sample has; in the journal mode of the real ones. */
async function makeDatabase(sample: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const tables: Record<string, Record<string, string | number | null>[]> = JSON.parse(await readFile(new URL(sample, import.meta.url), 'utf8'));
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal');
  for (const [table, rows] of Object.entries(tables)) {
    const columns = Object.keys(rows[0]!);
    database.exec(`create table ${table} (${columns.join(', ')})`);
    const insert = database.prepare(`insert into ${table} values (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
  }
  database.close();
}
