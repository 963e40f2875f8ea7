import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { migrate } from './migrate.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let folder = '';
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boocode-migrations-'));
  database = await createTestDatabase();
  await database.sql`drop schema public cascade`;
  await database.sql`create schema public`;
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function add(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

it('migrate() applies what is missing in order, and nothing twice', async () => {
  await add('0001_first.sql', 'create table a (id integer); insert into a values (1);');
  expect(await migrate(database.sql, folder)).toEqual(['first']);
  await add('0002_second.sql', 'alter table a add column name text;\nupdate a set name = $$x$$;');
  expect(await migrate(database.sql, folder)).toEqual(['second']);
  expect(await migrate(database.sql, folder)).toEqual([]);
  expect(await database.sql`select * from a`).toEqual([{ id: 1, name: 'x' }]);
  expect(await database.sql`select version, name from schema_migrations order by version`).toEqual([
    { version: 1, name: 'first' },
    { version: 2, name: 'second' },
  ]);
});

it('migrate() applies each migration once when several start at the same time', async () => {
  await add('0001_first.sql', 'create table a (id integer); select pg_sleep(0.05); insert into a values (1);');
  await add('0002_second.sql', 'insert into a values (2);');
  const pools = Array.from({ length: 5 }, () => connect(database.url, { max: 2 }));
  const applied = await Promise.all(pools.map((sql) => migrate(sql, folder)));
  await Promise.all(pools.map((sql) => sql.end()));
  expect(applied.flat()).toEqual(['first', 'second']);
  expect(await database.sql`select id from a order by id`).toEqual([{ id: 1 }, { id: 2 }]);
});

it('migrate() leaves nothing of a migration that fails, and can be run again', async () => {
  await add('0001_first.sql', 'create table a (id integer);');
  await add('0002_second.sql', 'create table b (id integer); select 1 / 0;');
  await expect(migrate(database.sql, folder)).rejects.toThrow('division by zero');
  expect(await database.sql`select to_regclass('a') is not null as a, to_regclass('b') is not null as b`).toEqual([{ a: true, b: false }]);
  await add('0002_second.sql', 'create table b (id integer);');
  expect(await migrate(database.sql, folder)).toEqual(['second']);
});

it('migrate() refuses a database that a newer program has made', async () => {
  await add('0001_first.sql', 'create table a (id integer);');
  await add('0002_second.sql', 'create table b (id integer);');
  await migrate(database.sql, folder);
  await rm(join(folder, '0002_second.sql'));
  await expect(migrate(database.sql, folder)).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: 'Cannot open the database: it was made by a newer BooCode (schema 2 "second", this one knows 1); start that version, or use another home',
  });
});

it('migrate() refuses a database whose migrations were others', async () => {
  await add('0001_first.sql', 'create table a (id integer);');
  await migrate(database.sql, folder);
  await add('0001_first.sql', 'create table a (id bigint);');
  await expect(migrate(database.sql, folder)).rejects.toMatchObject({ code: 'storage_unavailable' });
});

it('migrate() refuses files that are not numbered one after the other', async () => {
  await add('0002_second.sql', 'select 1;');
  await expect(migrate(database.sql, folder)).rejects.toThrow('"0002_second.sql" is not number 1');
});
