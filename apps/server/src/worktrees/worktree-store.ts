import { ProjectId, SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import { type Worktree, WorktreeState } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

export interface WorktreeRow {
  readonly id: string;
  readonly project_id: string;
  readonly session_id: string | null;
  readonly path: string;
  readonly branch: string;
  readonly base: string;
  readonly state: string;
  readonly setup: string | null;
  /** Text within JSON. */
  readonly created_at: Date | string;
}

/** Notes that a worktree is about to be made at `path`. */
export async function insertWorktree(sql: Sql, worktree: { id: WorktreeId; projectId: ProjectId; sessionId: SessionId; path: string }): Promise<void> {
  await sql`
    insert into worktrees (id, project_id, session_id, path, branch, base, state)
    values (${worktree.id}, ${worktree.projectId}, ${worktree.sessionId}, ${worktree.path}, '', '', 'creating')`;
}

export async function markReady(sql: Sql, id: WorktreeId, made: { branch: string; base: string }): Promise<Worktree> {
  const [row] = await sql<[WorktreeRow]>`update worktrees set state = 'ready', branch = ${made.branch}, base = ${made.base} where id = ${id} returning *`;
  return toWorktree(row);
}

/** What set-up did: `done`, or a sentence that says what is missing. Null = it has not run. */
export async function updateSetup(sql: Sql, id: WorktreeId, setup: string): Promise<void> {
  await sql`update worktrees set setup = ${setup} where id = ${id}`;
}

/** The commit that pending changes are counted from. */
export async function updateBase(sql: Queries, id: WorktreeId, base: string): Promise<void> {
  await sql`update worktrees set base = ${base} where id = ${id}`;
}

export async function deleteWorktree(sql: Sql, id: WorktreeId): Promise<void> {
  await sql`delete from worktrees where id = ${id}`;
}

export async function findWorktree(sql: Sql, id: WorktreeId): Promise<Worktree | null> {
  const [row] = await sql<WorktreeRow[]>`select ${owned(sql)} where w.id = ${id}`;
  return row === undefined ? null : toWorktree(row);
}

export async function findSessionWorktree(sql: Sql, sessionId: SessionId): Promise<Worktree | null> {
  const [row] = await sql<WorktreeRow[]>`select * from worktrees where session_id = ${sessionId}`;
  return row === undefined ? null : toWorktree(row);
}

/** Newest first; those that are gone are not listed. */
export async function listWorktrees(sql: Sql): Promise<Worktree[]> {
  const rows = await sql<WorktreeRow[]>`select ${owned(sql)} where w.state <> 'removed' order by w.created_at desc, w.id`;
  return rows.map(toWorktree);
}

/** A worktree whose session is deleted belongs to nobody, until the session is brought back. */
function owned(sql: Sql): ReturnType<Sql> {
  return sql`
    w.id, w.project_id, case when s.deleted_at is null then w.session_id end as session_id, w.path, w.branch, w.base, w.state, w.setup, w.created_at
    from worktrees w left join sessions s on s.id = w.session_id`;
}

export function toWorktree(row: WorktreeRow): Worktree {
  return {
    id: WorktreeId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    sessionId: row.session_id === null ? null : SessionId.parse(row.session_id),
    path: row.path,
    branch: row.branch,
    base: row.base,
    state: WorktreeState.parse(row.state),
    setup: row.setup,
    createdAt: new Date(row.created_at).toISOString(),
  };
}
