import type { ChatId, SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import { WorktreeLease } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

export type LeaseUse = WorktreeLease['use'];

export interface LeaseHolder {
  /** The server process. */
  readonly owner: string;
  readonly ttlMs: number;
}

/** Takes or renews a lease. False when the worktree is not there to be worked in (any more). Decides the race with the trash: both lock the row. */
export async function takeLease(sql: Sql, id: WorktreeId, use: LeaseUse, { owner, ttlMs }: LeaseHolder): Promise<boolean> {
  const result = await sql`
    with place as (select id from worktrees where id = ${id} and state in ('creating', 'ready') for share)
    insert into worktree_leases (worktree_id, owner, use, until)
    select id, ${owner}::uuid, ${use}, clock_timestamp() + ${ttlMs} * interval '1 millisecond' from place
    on conflict (worktree_id, owner, use) do update set renewed_at = clock_timestamp(), until = excluded.until`;
  return result.count === 1;
}

/** What this process works in now: its running turns, its warm agents, its terminals. */
export interface InUse {
  readonly chats: readonly ChatId[];
  readonly sessions: readonly SessionId[];
}

/** The heartbeat: renews the leases of everything in use. What is not in use any more is let go. */
export async function renewLeases(sql: Sql, { owner, ttlMs }: LeaseHolder, { chats, sessions }: InUse): Promise<void> {
  const [beat] = await sql<[{ at: Date }]>`select clock_timestamp() as at`;
  await sql`
    with wanted as (
      select w.id, 'turn' as use from worktrees w join tasks t on t.session_id = w.session_id
      where w.state in ('creating', 'ready') and t.state in ('running', 'blocked') and t.lease_owner = ${owner}
      union select w.id, 'agent' from worktrees w join chats c on c.session_id = w.session_id where w.state = 'ready' and c.id = any(${[...chats]}::uuid[])
      union select w.id, 'terminal' from worktrees w where w.state = 'ready' and w.session_id = any(${[...sessions]}::uuid[])
    )
    insert into worktree_leases (worktree_id, owner, use, until)
    select id, ${owner}::uuid, use, clock_timestamp() + ${ttlMs} * interval '1 millisecond' from wanted
    on conflict (worktree_id, owner, use) do update set renewed_at = clock_timestamp(), until = excluded.until`;
  await sql`delete from worktree_leases where owner = ${owner} and renewed_at < ${beat.at}`;
  // A statement of its own: who takes a lease has the worktree's row first and then the lease's, and must not meet this the other way round.
  await sql`update worktrees set used_at = now() where id in (select worktree_id from worktree_leases where owner = ${owner})`;
}

/** Lets go what this process has: of one worktree, or of all. */
export async function releaseLeases(sql: Sql, owner: string, id: WorktreeId | null): Promise<void> {
  await sql`delete from worktree_leases where owner = ${owner} ${id === null ? sql`` : sql`and worktree_id = ${id}`}`;
}

/** Leases that hold now. `except`: a process that has ended its agents and terminals there; its turns count all the same. */
export async function listLeases(sql: Queries, id: WorktreeId, except: string | null = null): Promise<WorktreeLease[]> {
  const rows = await sql<{ use: string; until: Date }[]>`
    select use, until from worktree_leases
    where worktree_id = ${id} and until > clock_timestamp() and (${except}::uuid is null or owner <> ${except}::uuid or use = 'turn') order by use`;
  return rows.map((row) => WorktreeLease.parse({ use: row.use, until: row.until.toISOString() }));
}

/** Leases that ended long ago, of processes that are gone. */
export async function deleteOldLeases(sql: Sql): Promise<void> {
  await sql`delete from worktree_leases where until < now() - interval '1 day'`;
}
