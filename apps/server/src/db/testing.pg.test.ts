import { expect, it } from 'vitest';
import { createTestDatabase } from './testing.ts';

it('createTestDatabase() gives every caller a migrated database of its own', async () => {
  await using first = await createTestDatabase();
  await using second = await createTestDatabase();
  await first.sql`create table only_here (id integer)`;
  expect(await first.sql`select to_regclass('only_here') is not null as found`).toEqual([{ found: true }]);
  expect(await second.sql`select to_regclass('only_here') is not null as found`).toEqual([{ found: false }]);
  expect(await second.sql`select to_regclass('schema_migrations') is not null as found`).toEqual([{ found: true }]);
});
