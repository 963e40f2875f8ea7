import { ProjectId, SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import { SetUpStep, type Worktree, WorktreeState } from '@boocode/contracts/worktree.ts';
import * as z from 'zod/mini';
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
export async function updateSetup(sql: Sql, id: WorktreeId, setup: string | null): Promise<void> {
  await sql`update worktrees set setup = ${setup} where id = ${id}`;
}

/** What set-up did, step by step; replaces what is known of the same things. */
export async function insertSteps(sql: Sql, id: WorktreeId, steps: readonly SetUpStep[]): Promise<void> {
  const known = await readSteps(sql, id);
  const fresh = new Set(steps.map((step) => step.what));
  const all = [...known.filter((step) => !fresh.has(step.what)), ...steps];
  await sql`update worktrees set steps = ${JSON.stringify(all)}::text::json where id = ${id}`;
}

async function readSteps(sql: Sql, id: WorktreeId): Promise<SetUpStep[]> {
  const [row] = await sql<{ steps: unknown }[]>`select steps from worktrees where id = ${id}`;
  return z.array(SetUpStep).safeParse(row?.steps).data ?? [];
}

/** What is wrong with it, as a sentence; null = nothing that was noticed. */
export async function updateProblem(sql: Sql, id: WorktreeId, problem: string | null): Promise<void> {
  await sql`update worktrees set problem = ${problem} where id = ${id} and problem is distinct from ${problem}`;
}

export async function updateDisk(sql: Sql, id: WorktreeId, disk: { readonly bytes: number; readonly files: number }): Promise<void> {
  await sql`update worktrees set disk_bytes = ${disk.bytes}, disk_files = ${disk.files}, measured_at = now() where id = ${id}`;
}

/** Those that were not measured for this long, oldest first. */
export async function listUnmeasured(sql: Sql, ageMs: number): Promise<Worktree[]> {
  const rows = await sql<WorktreeRow[]>`
    select ${owned(sql)} where w.state in ('ready', 'trashed')
      and (w.measured_at is null or w.measured_at < now() - ${ageMs} * interval '1 millisecond' and (w.used_at > w.measured_at or w.trashed_at > w.measured_at))
    order by w.measured_at nulls first limit 200`;
  return rows.map(toWorktree);
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
  const [row] = await sql<WorktreeRow[]>`select * from worktrees where session_id = ${sessionId} and state in ('creating', 'ready', 'failed', 'restoring')`;
  return row === undefined ? null : toWorktree(row);
}

/** The one in the trash that a session had last; null = none. */
export async function findTrashedOf(sql: Sql, sessionId: SessionId): Promise<Worktree | null> {
  const [row] = await sql<WorktreeRow[]>`
    select * from worktrees where session_id = ${sessionId} and state = 'trashed' and trashed_by = 'reaper' order by trashed_at desc limit 1`;
  return row === undefined ? null : toWorktree(row);
}

/** In these states, of all projects. */
export async function listInState(sql: Sql, states: readonly WorktreeState[]): Promise<Worktree[]> {
  const rows = await sql<WorktreeRow[]>`select ${owned(sql)} where w.state = any(${[...states]}) order by w.created_at, w.id`;
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
