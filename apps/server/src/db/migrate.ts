import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
const FILE_NAME = /^(\d{4})_([a-z0-9_-]+)\.sql$/;
const LOCK_KEY = 7_215_001;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly hash: string;
  readonly text: string;
}

/**
 * Brings the schema up to date and returns the names of the migrations it applied. Each one is a transaction of its own;
 * an advisory lock lets one process migrate while the others wait and then find nothing to do.
 * Rejects with `storage_unavailable` when the database was made by a newer BooCode or an applied migration was edited.
 */
export async function migrate(sql: Sql, folder: string = MIGRATIONS_FOLDER): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const connection = await sql.reserve();
  try {
    await connection`select pg_advisory_lock(${LOCK_KEY})`;
    try {
      return await applyMissing(connection, migrations);
    } finally {
      await connection`select pg_advisory_unlock(${LOCK_KEY})`;
    }
  } finally {
    connection.release();
  }
}

async function applyMissing(sql: Sql, migrations: readonly Migration[]): Promise<string[]> {
  await sql`create table if not exists schema_migrations (
    version integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`;
  const rows = await sql<{ version: number; name: string; hash: string }[]>`select version, name, hash from schema_migrations order by version`;
  const applied = new Map(rows.map((row) => [row.version, row]));
  assertKnown(migrations, rows.at(-1));
  const names: string[] = [];
  for (const migration of migrations) {
    const before = applied.get(migration.version);
    if (before !== undefined) assertUnchanged(migration, before);
    if (before === undefined) {
      await applyOne(sql, migration);
      names.push(migration.name);
    }
  }
  return names;
}

/** One text with several statements is a simple query: `begin` and `commit` belong to it, so a failure in the middle leaves nothing. */
async function applyOne(sql: Sql, migration: Migration): Promise<void> {
  await sql`begin`;
  try {
    await sql.unsafe(migration.text).simple();
    await sql`insert into schema_migrations (version, name, hash) values (${migration.version}, ${migration.name}, ${migration.hash})`;
    await sql`commit`;
  } catch (cause) {
    await sql`rollback`;
    throw cause;
  }
}

function assertKnown(migrations: readonly Migration[], newest: { version: number; name: string } | undefined): void {
  const known = migrations.at(-1)?.version ?? 0;
  if (newest === undefined || newest.version <= known) return;
  throw new BooError(
    'storage_unavailable',
    `Cannot open the database: it was made by a newer BooCode (schema ${newest.version} "${newest.name}", this one knows ${known}); start that version, or use another home`,
  );
}

function assertUnchanged(migration: Migration, before: { hash: string }): void {
  if (before.hash === migration.hash) return;
  throw new BooError(
    'storage_unavailable',
    `Cannot open the database: migration ${migration.version} "${migration.name}" is not the one it was made with; start the BooCode that made it, or use another home`,
  );
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const [, version, name] = FILE_NAME.exec(file) ?? [];
      if (version === undefined || name === undefined || Number(version) !== index + 1) {
        throw new TypeError(`Cannot read migrations: "${file}" is not number ${index + 1} in the form NNNN_what.sql`);
      }
      const text = await readFile(join(folder, file), 'utf8');
      return { version: Number(version), name, hash: createHash('sha256').update(text).digest('hex'), text };
    }),
  );
}
