import { Change, type ChangeState } from '@boocode/contracts/change.ts';
import { ChangeId, type SessionId, type TaskId, type WorktreeId } from '@boocode/contracts/ids.ts';
import type { FileChange } from '@boocode/git/collect-changes.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

interface ChangeRow {
  readonly id: string;
  readonly session_id: string;
  readonly worktree_id: string;
  readonly path: string;
  readonly old_path: string | null;
  readonly kind: string;
  readonly state: string;
  readonly marked: boolean;
  readonly agent: string | null;
  readonly task_id: string | null;
  readonly old_blob: string | null;
  readonly new_blob: string | null;
  readonly old_mode: string | null;
  readonly new_mode: string | null;
  readonly is_binary: boolean;
  readonly additions: number;
  readonly deletions: number;
  readonly note: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A change and what git needs to act on it. */
export interface StoredChange {
  readonly change: Change;
  readonly file: FileChange;
}

export interface Attribution {
  /** Null: a person. */
  readonly agent: string | null;
  readonly taskId: TaskId | null;
}

/**
 * Makes the rows of a worktree's pending changes what its files say now. A change that is still the same keeps its row and its state; one that
 * moved on is superseded by a new row with the new attribution. Returns how many are pending.
 */
export async function reconcileChanges(
  sql: Sql,
  worktree: { readonly worktreeId: WorktreeId; readonly sessionId: SessionId },
  found: readonly FileChange[],
  by: Attribution,
): Promise<number> {
  return sql.begin(async (tx) => {
    const rows = await tx<ChangeRow[]>`
      select * from changes where worktree_id = ${worktree.worktreeId} and state in ('pending', 'conflict') and journal_id is null for update`;
    const known = new Map(rows.map((row) => [row.path, row]));
    const fresh = found.filter((file) => !isSame(known.get(file.path), file));
    const same = new Set(found.filter((file) => isSame(known.get(file.path), file)).map((file) => file.path));
    const gone = rows.filter((row) => !same.has(row.path));
    await writeStates(
      tx,
      gone.map((row) => ChangeId.parse(row.id)),
      'superseded',
      by.agent ?? 'person',
      null,
    );
    if (fresh.length > 0) {
      await tx`
        insert into changes ${tx(
          fresh.map((file) => ({
            id: crypto.randomUUID(),
            session_id: worktree.sessionId,
            worktree_id: worktree.worktreeId,
            path: file.path,
            old_path: file.oldPath,
            kind: file.kind,
            agent: by.agent,
            task_id: by.taskId,
            old_blob: file.oldBlob,
            new_blob: file.newBlob,
            old_mode: file.oldMode,
            new_mode: file.newMode,
            is_binary: file.binary,
            additions: file.additions,
            deletions: file.deletions,
          })),
        )} on conflict (worktree_id, path) where state in ('pending', 'conflict') do nothing`;
    }
    return found.length;
  });
}

function isSame(row: ChangeRow | undefined, file: FileChange): boolean {
  return (
    row !== undefined &&
    row.old_path === file.oldPath &&
    row.old_blob === file.oldBlob &&
    row.new_blob === file.newBlob &&
    row.old_mode === file.oldMode &&
    row.new_mode === file.newMode
  );
}

/** By path. `states` empty = all. */
export async function listChanges(sql: Queries, sessionId: SessionId, states: readonly ChangeState[]): Promise<StoredChange[]> {
  const rows = await sql<ChangeRow[]>`
    select * from changes where session_id = ${sessionId} and (${states.length === 0} or state = any (${[...states]}::text[]))
    order by path, created_at, id`;
  return rows.map(toStored);
}

export async function findChange(sql: Sql, id: ChangeId): Promise<StoredChange | null> {
  const [row] = await sql<ChangeRow[]>`select * from changes where id = ${id}`;
  return row === undefined ? null : toStored(row);
}

export async function findChangesByIds(sql: Sql, ids: readonly ChangeId[]): Promise<StoredChange[]> {
  const rows = await sql<ChangeRow[]>`select * from changes where id = any (${[...ids]}::uuid[]) order by path, id`;
  return rows.map(toStored);
}

export async function updateMarked(sql: Sql, id: ChangeId, marked: boolean): Promise<Change | null> {
  const [row] = await sql<
    ChangeRow[]
  >`update changes set marked = ${marked}, updated_at = clock_timestamp() where id = ${id} and state in ('pending', 'conflict') returning *`;
  return row === undefined ? null : toStored(row).change;
}

/** What a journal does to changes while it is under way. */
export type JournalAction = 'apply' | 'rewind' | 'reject';

/**
 * Takes changes for a journal, so that nobody else acts on them meanwhile and recovery knows what was meant. All of them or none: false when one is
 * not in such a state any more or is taken.
 */
export async function takeForJournal(
  sql: Sql,
  ids: readonly ChangeId[],
  states: readonly ChangeState[],
  journalId: string,
  action: JournalAction,
): Promise<boolean> {
  class NotAll extends Error {}
  try {
    return await sql.begin(async (tx) => {
      const result = await tx`
        update changes set journal_id = ${journalId}, journal_action = ${action}
        where id = any (${[...ids]}::uuid[]) and journal_id is null and state = any (${[...states]}::text[])`;
      if (result.count !== ids.length) throw new NotAll();
      return true;
    });
  } catch (error) {
    if (error instanceof NotAll) return false;
    throw error;
  }
}

export async function releaseFromJournal(sql: Queries, journalId: string): Promise<void> {
  await sql`update changes set journal_id = null, journal_action = null where journal_id = ${journalId}`;
}

export interface JournalledChanges {
  readonly action: JournalAction;
  readonly changes: StoredChange[];
}

/** The changes that a journal has taken; null when it has none (any more). */
export async function findJournalled(sql: Sql, journalId: string): Promise<JournalledChanges | null> {
  const rows = await sql<(ChangeRow & { journal_action: string })[]>`select * from changes where journal_id = ${journalId} order by path, id`;
  const [first] = rows;
  if (first === undefined) return null;
  return { action: first.journal_action === 'apply' ? 'apply' : first.journal_action === 'rewind' ? 'rewind' : 'reject', changes: rows.map(toStored) };
}

/** Journals that have taken changes, whatever became of them. */
export async function listJournals(sql: Sql): Promise<string[]> {
  const rows = await sql<{ journal_id: string }[]>`select distinct journal_id from changes where journal_id is not null`;
  return rows.map((row) => row.journal_id);
}

/** Moves changes to a state, lets go of their journal and writes down who did it. */
export async function writeStates(sql: Queries, ids: readonly ChangeId[], state: ChangeState, actor: string, note: string | null): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    with before as (select id, state from changes where id = any (${[...ids]}::uuid[]) for update),
    after as (
      update changes set state = ${state}, note = ${note}, marked = false, journal_id = null, journal_action = null, updated_at = clock_timestamp()
      from before where changes.id = before.id
    )
    insert into change_events (change_id, from_state, to_state, actor, note) select id, state, ${state}, ${actor}, ${note} from before`;
}

/** Of these changes, those whose path has another pending change by now. */
export async function findOvertaken(sql: Queries, ids: readonly ChangeId[]): Promise<ChangeId[]> {
  const rows = await sql<{ id: string }[]>`
    select c.id from changes c where c.id = any (${[...ids]}::uuid[])
      and exists (select from changes o where o.worktree_id = c.worktree_id and o.path = c.path and o.id <> c.id and o.state in ('pending', 'conflict'))`;
  return rows.map((row) => ChangeId.parse(row.id));
}

export async function countPending(sql: Sql, sessionId: SessionId): Promise<number> {
  const [row] = await sql<[{ count: number }]>`select count(*)::int as count from changes where session_id = ${sessionId} and state in ('pending', 'conflict')`;
  return row.count;
}

function toStored(row: ChangeRow): StoredChange {
  const change = Change.parse({
    id: row.id,
    sessionId: row.session_id,
    worktreeId: row.worktree_id,
    path: row.path,
    oldPath: row.old_path,
    kind: row.kind,
    state: row.state,
    marked: row.marked,
    agent: row.agent,
    taskId: row.task_id,
    binary: row.is_binary,
    additions: row.additions,
    deletions: row.deletions,
    note: row.note,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  });
  return {
    change,
    file: {
      path: change.path,
      oldPath: change.oldPath,
      kind: change.kind,
      oldBlob: row.old_blob,
      newBlob: row.new_blob,
      oldMode: row.old_mode,
      newMode: row.new_mode,
      binary: change.binary,
      additions: change.additions,
      deletions: change.deletions,
    },
  };
}
