import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sql } from 'postgres';
import { inject } from 'vitest';
import { connect } from './connect.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test run's database server lives; see test/vitest-global-setup.ts. */
    testDatabaseHome: string;
  }
}

export interface TestDatabase extends AsyncDisposable {
  readonly sql: Sql;
  readonly url: string;
}

const MIGRATIONS = fileURLToPath(new URL('./migrations/', import.meta.url));
const TEMPLATE_LOCK = 7_215_002;
const servers = new Map<string, Promise<EmbeddedPostgres>>();

/** A migrated database of its own, dropped when disposed. The first call of a test run starts the server; all test files share it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await sharedServer(inject('testDatabaseHome'));
  const admin = connect(server.connectionString, { max: 1, name: 'boocode-test' });
  try {
    const template = await ensureTemplate(admin, server.connectionString);
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await admin.unsafe(`create database ${name} template ${template}`);
    const url = withDatabase(server.connectionString, name);
    const sql = connect(url, { max: 5 });
    return { sql, url, [Symbol.asyncDispose]: () => drop(sql, server.connectionString, name) };
  } finally {
    await admin.end({ timeout: 0 });
  }
}

function sharedServer(home: string): Promise<EmbeddedPostgres> {
  const known = servers.get(home);
  if (known !== undefined) return known;
  const log = { info: () => {}, warn: () => {} };
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', autovacuum: 'off' };
  const started = EmbeddedPostgres.start({ home, log, signal: new AbortController().signal, settings });
  servers.set(home, started);
  return started;
}

/** Named after the content of the migrations; nobody may connect to it, so it can be copied at any time. */
async function ensureTemplate(admin: Sql, serverUrl: string): Promise<string> {
  const name = `template_${await migrationsHash()}`;
  if (await isReady(admin, name)) return name;
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`;
  if (await isReady(admin, name)) return name;
  await admin.unsafe(`drop database if exists ${name}`);
  await admin.unsafe(`create database ${name}`);
  const sql = connect(withDatabase(serverUrl, name), { max: 1 });
  await migrate(sql, MIGRATIONS).finally(() => sql.end());
  await admin.unsafe(`alter database ${name} with is_template true allow_connections false`);
  return name;
}

async function isReady(admin: Sql, name: string): Promise<boolean> {
  const rows = await admin`select from pg_database where datname = ${name} and datistemplate`;
  return rows.length === 1;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(MIGRATIONS)).sort()) hash.update(file).update(await readFile(join(MIGRATIONS, file)));
  return hash.digest('hex').slice(0, 16);
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function drop(sql: Sql, serverUrl: string, name: string): Promise<void> {
  await sql.end({ timeout: 1 });
  const admin = connect(serverUrl, { max: 1 });
  await admin.unsafe(`drop database if exists ${name} with (force)`).finally(() => admin.end({ timeout: 0 }));
}
