import type { Sql } from 'postgres';

/** A browser or another client that exchanged a code. Its token is kept as a hash only. */
export interface NewDevice {
  readonly id: string;
  readonly tokenHash: string;
  readonly name: string;
}

export async function insertDevice(sql: Sql, { id, tokenHash, name }: NewDevice): Promise<void> {
  await sql`insert into devices (id, token_hash, name) values (${id}, ${tokenHash}, ${name})`;
}

/** The device's id, or null. */
export async function findDevice(sql: Sql, tokenHash: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`select id from devices where token_hash = ${tokenHash}`;
  return row?.id ?? null;
}

export async function touchDevice(sql: Sql, id: string): Promise<void> {
  await sql`update devices set last_seen_at = now() where id = ${id}`;
}
