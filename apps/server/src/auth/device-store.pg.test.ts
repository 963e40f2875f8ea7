import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { findDevice, insertDevice, touchDevice } from './device-store.ts';

it('keeps devices by the hash of their token', async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const id = randomUUID();
  await insertDevice(sql, { id, tokenHash: 'hash', name: 'a browser' });
  expect(await findDevice(sql, 'hash')).toBe(id);
  expect(await findDevice(sql, 'other')).toBeNull();
  await touchDevice(sql, id);
  expect(await sql`select name, last_seen_at is not null as seen from devices`).toEqual([{ name: 'a browser', seen: true }]);
  await expect(insertDevice(sql, { id: randomUUID(), tokenHash: 'hash', name: 'twice' })).rejects.toMatchObject({ code: '23505' });
});
