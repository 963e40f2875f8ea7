import { SessionId, StashId, type WorktreeId, WorktreeId as WorktreeIdSchema } from '@boocode/contracts/ids.ts';
import { SetUpStep, type Worktree, type WorktreeItem, type WorktreeStash } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import * as z from 'zod/mini';
import { isUniqueViolation } from '../db/is-unique-violation.ts';
import { listLeases } from './lease-store.ts';
import { toWorktree, type WorktreeRow } from './worktree-store.ts';

interface ItemRow extends WorktreeRow {
  readonly live_session_id: string | null;
  readonly session_title: string | null;
  readonly session_deleted_at: Date | null;
  readonly project_name: string;
  readonly project_path: string;
  readonly used_at: Date;
  readonly trash_path: string | null;
  readonly trashed_at: Date | null;
  readonly trashed_by: 'person' | 'reaper' | null;
  readonly disk_bytes: string | null;
  readonly disk_files: number | null;
  readonly measured_at: Date | null;
  readonly steps: unknown;
  readonly problem: string | null;
  readonly leases: { use: 'turn' | 'agent' | 'terminal'; until: string }[];
  readonly stashes: StashJson[];
}

interface StashJson {
  readonly id: string;
  readonly files: number;
  readonly note: string | null;
  readonly created_at: string;
  readonly restored_at: string | null;
}

/** A worktree with what the reaper has to know of it. */
export interface TrackedWorktree {
  readonly item: WorktreeItem;
  /** Also when that is deleted. */
  readonly sessionId: SessionId | null;
  readonly sessionDeletedAt: string | null;
}

/** All that are not gone for good, newest first; or one. */
export async function listTracked(sql: Sql, trashMs: number, id: WorktreeId | null = null): Promise<TrackedWorktree[]> {
  const rows = await sql<ItemRow[]>`
    select w.*, case when s.deleted_at is null then s.id end as live_session_id, s.title as session_title, s.deleted_at as session_deleted_at,
      p.name as project_name, p.path as project_path,
      (select coalesce(json_agg(json_build_object('use', l.use, 'until', l.until) order by l.use), '[]') from worktree_leases l
        where l.worktree_id = w.id and l.until > clock_timestamp()) as leases,
      (select coalesce(json_agg(json_build_object('id', x.id, 'files', x.files, 'note', x.note, 'created_at', x.created_at, 'restored_at', x.restored_at)
        order by x.created_at desc), '[]') from worktree_stashes x where x.worktree_id = w.id and x.kind = 'stash') as stashes
    from worktrees w join projects p on p.id = w.project_id left join sessions s on s.id = w.session_id
    where w.state <> 'removed' ${id === null ? sql`` : sql`and w.id = ${id}`}
    order by w.created_at desc, w.id`;
  return rows.map((row) => toTracked(row, trashMs));
}

export async function findTracked(sql: Sql, trashMs: number, id: WorktreeId): Promise<TrackedWorktree | null> {
  return (await listTracked(sql, trashMs, id))[0] ?? null;
}

export interface Trashing {
  readonly trashPath: string;
  readonly by: 'person' | 'reaper';
  /** A process that has ended its agents and terminals in it, whose leases of these do not count. */
  readonly except: string | null;
}

/**
 * Writes down that a worktree goes to the trash, before anything is moved. Null when it may not: it is in use, or not in its place any more.
 * Its session's turns are the caller's to look at; leases are looked at here, under the row's lock that every new lease needs.
 */
export async function markTrashing(sql: Sql, id: WorktreeId, { trashPath, by, except }: Trashing): Promise<Worktree | null> {
  return sql.begin(async (tx) => {
    const [row] = await tx<(WorktreeRow & { is_free: boolean })[]>`
      select w.*, s.deleted_at is not null or s.id is null as is_free from worktrees w left join sessions s on s.id = w.session_id
      where w.id = ${id} and w.state in ('ready', 'failed') for update of w`;
    if (row === undefined || (by === 'reaper' && !row.is_free)) return null;
    if ((await listLeases(tx, id, except)).length > 0) return null;
    const [moved] = await tx<[WorktreeRow]>`
      update worktrees set state = 'trashing', trash_path = ${trashPath}, trashed_by = ${by}, trashed_at = now() where id = ${id} returning *`;
    return toWorktree(moved);
  });
}

export async function markTrashed(sql: Sql, id: WorktreeId): Promise<void> {
  await sql`update worktrees set state = 'trashed', problem = null where id = ${id} and state = 'trashing'`;
}

/** Writes down that a worktree comes back. It belongs to its session again unless that has another one by now. Null when it is not in the trash. */
export async function markRestoring(sql: Sql, id: WorktreeId): Promise<Worktree | null> {
  const mark = async (withSession: boolean): Promise<WorktreeRow | undefined> => {
    const [row] = await sql<WorktreeRow[]>`
      update worktrees set state = 'restoring' ${withSession ? sql`` : sql`, session_id = null`} where id = ${id} and state = 'trashed' returning *`;
    return row;
  };
  try {
    const row = await mark(true);
    return row === undefined ? null : toWorktree(row);
  } catch (error) {
    if (!isUniqueViolation(error, 'worktrees_one_per_session')) throw error;
    const row = await mark(false);
    return row === undefined ? null : toWorktree(row);
  }
}

/** In its place again. The grace begins anew. */
export async function markRestored(sql: Sql, id: WorktreeId, problem: string | null): Promise<void> {
  await sql`
    update worktrees set state = 'ready', trash_path = null, trashed_at = null, trashed_by = null, used_at = now(), problem = ${problem}
    where id = ${id} and state = 'restoring'`;
}

/** Writes down that it goes for good. Where it lies is kept until it is gone. */
export async function markPurging(sql: Sql, id: WorktreeId, from: readonly Worktree['state'][]): Promise<boolean> {
  const result = await sql`update worktrees set state = 'purging' where id = ${id} and state = any(${[...from]})`;
  return result.count === 1;
}

/** Gone: what is left is the row that past changes name. */
export async function markRemoved(sql: Sql, id: WorktreeId): Promise<void> {
  await sql`
    with gone as (delete from worktree_stashes where worktree_id = ${id}), free as (delete from worktree_leases where worktree_id = ${id})
    update worktrees set state = 'removed', session_id = null, trash_path = null, disk_bytes = null, disk_files = null, problem = null where id = ${id}`;
}

export async function findTrashPath(sql: Sql, id: WorktreeId): Promise<string | null> {
  const [row] = await sql<{ trash_path: string | null }[]>`select trash_path from worktrees where id = ${id}`;
  return row?.trash_path ?? null;
}

export interface StashRow {
  readonly id: StashId;
  readonly ref: string;
  readonly commit: string;
  readonly head: string | null;
}

export async function insertStash(
  sql: Sql,
  stash: StashRow & { readonly worktreeId: WorktreeId; readonly kind: 'stash' | 'final'; readonly files: number; readonly note: string | null },
): Promise<void> {
  await sql`
    insert into worktree_stashes (id, worktree_id, kind, ref, commit, head, files, note)
    values (${stash.id}, ${stash.worktreeId}, ${stash.kind}, ${stash.ref}, ${stash.commit}, ${stash.head}, ${stash.files}, ${stash.note})`;
}

/** A stash that can be brought back: the named one, else the newest that was not. */
export async function findStash(sql: Sql, worktreeId: WorktreeId, id: StashId | null): Promise<StashRow | null> {
  const [row] = await sql<{ id: string; ref: string; commit: string; head: string | null }[]>`
    select id, ref, commit, head from worktree_stashes
    where worktree_id = ${worktreeId} and kind = 'stash' and ${id === null ? sql`restored_at is null` : sql`id = ${id}`}
    order by created_at desc limit 1`;
  return row === undefined ? null : { ...row, id: StashId.parse(row.id) };
}

export async function deleteStash(sql: Sql, id: StashId): Promise<void> {
  await sql`delete from worktree_stashes where id = ${id}`;
}

export async function markStashRestored(sql: Sql, id: StashId): Promise<void> {
  await sql`update worktree_stashes set restored_at = now() where id = ${id}`;
}

export async function getStash(sql: Sql, id: StashId): Promise<WorktreeStash> {
  const [row] = await sql<
    [StashJson & { worktree_id: string }]
  >`select *, to_json(created_at)#>>'{}' as created_at, to_json(restored_at)#>>'{}' as restored_at from worktree_stashes where id = ${id}`;
  return toStash(WorktreeIdSchema.parse(row.worktree_id), row);
}

/** The refs of all that was put aside of a worktree. */
export async function listStashRefs(sql: Sql, worktreeId: WorktreeId): Promise<string[]> {
  const rows = await sql<{ ref: string }[]>`select ref from worktree_stashes where worktree_id = ${worktreeId}`;
  return rows.map((row) => row.ref);
}

function toTracked(row: ItemRow, trashMs: number): TrackedWorktree {
  const worktree = toWorktree({ ...row, session_id: row.live_session_id });
  const { trash_path: path, trashed_at: at, trashed_by: by } = row;
  return {
    sessionId: row.session_id === null ? null : SessionId.parse(row.session_id),
    sessionDeletedAt: row.session_deleted_at?.toISOString() ?? null,
    item: {
      ...worktree,
      projectName: row.project_name,
      projectPath: row.project_path,
      sessionTitle: row.session_title,
      leases: row.leases.map((lease) => ({ ...lease, until: new Date(lease.until).toISOString() })),
      disk:
        row.disk_bytes === null || row.disk_files === null || row.measured_at === null
          ? null
          : { bytes: Number(row.disk_bytes), files: row.disk_files, measuredAt: row.measured_at.toISOString() },
      trash: path === null || at === null || by === null ? null : { path, at: at.toISOString(), by, purgeAt: new Date(at.getTime() + trashMs).toISOString() },
      stashes: row.stashes.map((stash) => toStash(worktree.id, stash)),
      steps: z.array(SetUpStep).safeParse(row.steps).data ?? [],
      problem: row.problem,
      usedAt: row.used_at.toISOString(),
    },
  };
}

function toStash(worktreeId: WorktreeId, row: StashJson): WorktreeStash {
  return {
    id: StashId.parse(row.id),
    worktreeId,
    files: row.files,
    note: row.note,
    createdAt: new Date(row.created_at).toISOString(),
    restoredAt: row.restored_at === null ? null : new Date(row.restored_at).toISOString(),
  };
}
