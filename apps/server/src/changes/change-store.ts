import { Change, type ChangeState } from '@boocode/contracts/change.ts';
import { ChangeId, type ProjectId, type SessionId, type WorktreeId } from '@boocode/contracts/ids.ts';
import type { FileChange } from '@boocode/git/collect-changes.ts';
import type { Sql } from 'postgres';
import type { Hunk } from '@boocode/git/hunks.ts';
import * as z from 'zod/mini';
import type { Queries } from '../db/queries.ts';
import { carryHunks } from './hunk-policy.ts';
import { type Attribution, StoredHunk } from './stored-hunk.ts';

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
  readonly hunks: unknown;
  readonly journal_part: unknown;
  readonly note: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const FileEditJson = z.object({
  path: z.string(),
  oldPath: z.nullable(z.string()),
  oldBlob: z.nullable(z.string()),
  newBlob: z.nullable(z.string()),
  oldMode: z.nullable(z.string()),
  newMode: z.nullable(z.string()),
});

/** A part of a change: some of its hunks, and the edit that is just them. */
export const ChangePart = z.object({ hunks: z.array(z.string()), edit: FileEditJson });
export type ChangePart = z.infer<typeof ChangePart>;

/** A change and what git needs to act on it. */
export interface StoredChange {
  readonly change: Change;
  readonly file: FileChange;
  readonly hunks: readonly StoredHunk[];
}

/** A change, or a part of it, that something is done to. */
export interface ChosenChange extends StoredChange {
  /** Null: all of it. */
  readonly part: ChangePart | null;
}

/** One file as it was collected. `hunks`: null when its row knows them already. */
export interface CollectedFile {
  readonly file: FileChange;
  readonly hunks: readonly Hunk[] | null;
}

/** The pending changes of a worktree that no journal has taken, by path. */
export async function listWaiting(sql: Queries, worktreeId: WorktreeId): Promise<Map<string, StoredChange>> {
  const rows = await sql<ChangeRow[]>`
    select * from changes where worktree_id = ${worktreeId} and state in ('pending', 'conflict') and journal_id is null`;
  return new Map(rows.map((row) => [row.path, toStored(row)]));
}

/**
 * Makes the rows of a worktree's pending changes what its files say now. A file that is still different keeps its row while the agent goes on; its hunks
 * keep their names, decisions and authors while their lines are the same, new ones are `by`'s, and those that vanished are written down as superseded. A
 * file that is as in the base again has its row superseded. `inherited`: hunks that come back from elsewhere, by path. Returns how many are pending.
 */
export async function reconcileChanges(
  sql: Sql,
  worktree: { readonly worktreeId: WorktreeId; readonly sessionId: SessionId },
  found: readonly CollectedFile[],
  by: Attribution,
  inherited: ReadonlyMap<string, readonly StoredHunk[]>,
): Promise<number> {
  return sql.begin(async (tx) => {
    const rows = await tx<ChangeRow[]>`
      select * from changes where worktree_id = ${worktree.worktreeId} and state in ('pending', 'conflict') and journal_id is null for update`;
    const known = new Map(rows.map((row) => [row.path, toStored(row)]));
    const fresh: CollectedFile[] = [];
    for (const each of found) {
      const row = known.get(each.file.path);
      known.delete(each.file.path);
      if (row === undefined) fresh.push(each);
      else if (each.hunks !== null) await moveOn(tx, row, { file: each.file, hunks: each.hunks }, by, inherited.get(each.file.path) ?? []);
    }
    const actor = by.agent ?? 'person';
    await writeStates(
      tx,
      [...known.values()].map(({ change }) => change.id),
      'superseded',
      actor,
      null,
    );
    if (fresh.length > 0) await insertPending(tx, worktree, fresh, by, inherited);
    return found.length;
  });
}

async function insertPending(
  tx: Queries,
  { worktreeId, sessionId }: { readonly worktreeId: WorktreeId; readonly sessionId: SessionId },
  files: readonly CollectedFile[],
  by: Attribution,
  inherited: ReadonlyMap<string, readonly StoredHunk[]>,
): Promise<void> {
  const rows = files.map(({ file, hunks }) => {
    const { carried } = carryHunks(inherited.get(file.path) ?? [], hunks ?? [], by);
    return { id: crypto.randomUUID(), session_id: sessionId, worktree_id: worktreeId, ...columnsOf(file, carried), ...lastAuthor(carried, by) };
  });
  await tx`
    insert into changes (id, session_id, worktree_id, path, old_path, kind, agent, task_id, old_blob, new_blob, old_mode, new_mode, is_binary, additions, deletions, hunks, marked)
    select id, session_id, worktree_id, path, old_path, kind, agent, task_id, old_blob, new_blob, old_mode, new_mode, is_binary, additions, deletions, hunks, marked
    from json_populate_recordset(null::changes, ${JSON.stringify(rows)}::text::json)
    on conflict (worktree_id, path) where state in ('pending', 'conflict') do nothing`;
}

async function moveOn(
  tx: Queries,
  { change, hunks: before }: StoredChange,
  { file, hunks }: { readonly file: FileChange; readonly hunks: readonly Hunk[] },
  by: Attribution,
  inherited: readonly StoredHunk[],
): Promise<void> {
  const { carried, vanished, isNew } = carryHunks([...before, ...inherited], hunks, by);
  const author = isNew ? lastAuthor(carried, by) : { agent: change.agent, task_id: change.taskId };
  await updateColumns(tx, change.id, { ...columnsOf(file, carried), ...author });
  if (vanished.length > 0) await insertEvent(tx, change.id, { from: change.state, to: 'superseded', actor: by.agent ?? 'person', hunks: vanished });
}

/** What a file says now, in place of what it said before: whatever it was in conflict about is looked at anew. */
async function updateColumns(
  tx: Queries,
  id: ChangeId,
  columns: ReturnType<typeof columnsOf> & { readonly agent: string | null; readonly task_id: string | null },
): Promise<void> {
  await tx`
    update changes c set ${fileFrom(tx)}, state = 'pending', note = null
    from json_populate_record(null::changes, ${JSON.stringify(columns)}::text::json) n
    where c.id = ${id}`;
}

/** Sets what a row says of its file to what `n` says: `columnsOf` with its author. */
function fileFrom(sql: Queries) {
  return sql`old_path = n.old_path, kind = n.kind, agent = n.agent, task_id = n.task_id, old_blob = n.old_blob, new_blob = n.new_blob,
    old_mode = n.old_mode, new_mode = n.new_mode, is_binary = n.is_binary, additions = n.additions, deletions = n.deletions, hunks = n.hunks,
    marked = n.marked, updated_at = clock_timestamp()`;
}

async function insertEvent(
  tx: Queries,
  id: ChangeId,
  event: { readonly from: ChangeState; readonly to: ChangeState; readonly actor: string; readonly hunks: readonly string[] },
): Promise<void> {
  await tx`
    insert into change_events (change_id, from_state, to_state, actor, hunks)
    values (${id}, ${event.from}, ${event.to}, ${event.actor}, ${JSON.stringify(event.hunks)}::text::json)`;
}

/** A change is its last author's; what only came back stays with whom it was. */
function lastAuthor(hunks: readonly StoredHunk[], by: Attribution): { readonly agent: string | null; readonly task_id: string | null } {
  const last = hunks.length === 0 ? by : (hunks.find((hunk) => hunk.taskId === by.taskId) ?? hunks[0] ?? by);
  return { agent: last.agent, task_id: last.taskId };
}

function columnsOf(file: FileChange, hunks: readonly StoredHunk[]) {
  return {
    path: file.path,
    old_path: file.oldPath,
    kind: file.kind,
    old_blob: file.oldBlob,
    new_blob: file.newBlob,
    old_mode: file.oldMode,
    new_mode: file.newMode,
    is_binary: file.binary,
    additions: file.additions,
    deletions: file.deletions,
    hunks,
    marked: areMarked(hunks),
  };
}

function areMarked(hunks: readonly StoredHunk[]): boolean {
  return hunks.length > 0 && hunks.every((hunk) => hunk.marked);
}

/** Whether a row says what was found in the file. */
export function isSameFile(row: StoredChange | undefined, file: FileChange): boolean {
  return (
    row !== undefined &&
    row.file.oldPath === file.oldPath &&
    row.file.oldBlob === file.oldBlob &&
    row.file.newBlob === file.newBlob &&
    row.file.oldMode === file.oldMode &&
    row.file.newMode === file.newMode &&
    row.hunks.length > 0
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

/** Marks a pending change, or some of its hunks. Null when it is not pending (any more); hunks that it does not have are `unknown`. */
export async function updateMarked(
  sql: Sql,
  id: ChangeId,
  marked: boolean,
  chosen: readonly string[] | null,
): Promise<{ readonly change: Change | null; readonly unknown: readonly string[] }> {
  return sql.begin(async (tx) => {
    const [row] = await tx<ChangeRow[]>`select * from changes where id = ${id} and state in ('pending', 'conflict') for update`;
    if (row === undefined) return { change: null, unknown: [] };
    const { hunks } = toStored(row);
    const unknown = (chosen ?? []).filter((hunkId) => !hunks.some((hunk) => hunk.id === hunkId));
    if (unknown.length > 0) return { change: null, unknown };
    const next = hunks.map((hunk) => (chosen === null || chosen.includes(hunk.id) ? { ...hunk, marked } : hunk));
    const [updated] = await tx<[ChangeRow]>`
      update changes set hunks = ${JSON.stringify(next)}::text::json, marked = ${next.length === 0 ? marked : areMarked(next)}, updated_at = clock_timestamp()
      where id = ${id} returning *`;
    return { change: toStored(updated).change, unknown: [] };
  });
}

/** What a journal does to changes while it is under way. */
export type JournalAction = 'apply' | 'rewind' | 'reject';

/**
 * Takes changes for a journal, so that nobody else acts on them meanwhile and recovery knows what was meant. All of them or none: false when one is
 * not in such a state any more or is taken.
 */
export async function takeForJournal(
  sql: Sql,
  chosen: readonly ChosenChange[],
  states: readonly ChangeState[],
  journalId: string,
  action: JournalAction,
): Promise<boolean> {
  class NotAll extends Error {}
  const wanted = chosen.map(({ change, file, part }) => ({ id: change.id, old_blob: file.oldBlob, new_blob: file.newBlob, journal_part: part }));
  try {
    return await sql.begin(async (tx) => {
      const result = await tx`
        update changes c set journal_id = ${journalId}, journal_action = ${action}, journal_part = n.journal_part
        from json_populate_recordset(null::changes, ${JSON.stringify(wanted)}::text::json) n
        where c.id = n.id and c.journal_id is null and c.state = any (${[...states]}::text[])
          and c.old_blob is not distinct from n.old_blob and c.new_blob is not distinct from n.new_blob`;
      if (result.count !== chosen.length) throw new NotAll();
      return true;
    });
  } catch (error) {
    if (error instanceof NotAll) return false;
    throw error;
  }
}

export async function releaseFromJournal(sql: Queries, journalId: string): Promise<void> {
  await sql`update changes set journal_id = null, journal_action = null, journal_part = null where journal_id = ${journalId}`;
}

export interface JournalledChanges {
  readonly action: JournalAction;
  readonly changes: ChosenChange[];
}

/** The changes that a journal has taken; null when it has none (any more). */
export async function findJournalled(sql: Sql, journalId: string): Promise<JournalledChanges | null> {
  const rows = await sql<(ChangeRow & { journal_action: string })[]>`select * from changes where journal_id = ${journalId} order by path, id`;
  const [first] = rows;
  if (first === undefined) return null;
  const action = first.journal_action === 'apply' ? 'apply' : first.journal_action === 'rewind' ? 'rewind' : 'reject';
  return { action, changes: rows.map((row) => ({ ...toStored(row), part: row.journal_part === null ? null : ChangePart.parse(row.journal_part) })) };
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
      update changes set state = ${state}, note = ${note}, marked = false, journal_id = null, journal_action = null, journal_part = null, updated_at = clock_timestamp()
      from before where changes.id = before.id
    )
    insert into change_events (change_id, from_state, to_state, actor, note) select id, state, ${state}, ${actor}, ${note} from before`;
}

/** What is left of a change when a part of it has gone its own way: the change itself, with a new file and fewer hunks. */
export interface LeftOver {
  readonly file: FileChange;
  readonly hunks: readonly StoredHunk[];
}

/**
 * Writes down that a part of a change has gone its own way: the part becomes a change of its own in `to` (null: it is only taken out), and the change
 * goes on with what is left over, in the state that it had.
 */
export async function splitOff(
  sql: Queries,
  { change }: StoredChange,
  options: {
    readonly left: LeftOver;
    readonly part: LeftOver;
    readonly to: 'applied' | 'rejected' | null;
    readonly actor: string;
    readonly note: string | null;
  },
): Promise<ChangeId | null> {
  const { left, part, to } = options;
  const taken = part.hunks.map((hunk) => hunk.id);
  const by = { agent: change.agent, chatId: null, taskId: change.taskId };
  await sql`
    update changes c set ${fileFrom(sql)}, journal_id = null, journal_action = null, journal_part = null
    from json_populate_record(null::changes, ${JSON.stringify({ ...columnsOf(left.file, left.hunks), ...lastAuthor(left.hunks, by) })}::text::json) n
    where c.id = ${change.id}`;
  if (to === null) {
    await insertEvent(sql, change.id, { from: change.state, to: 'pending', actor: options.actor, hunks: taken });
    return null;
  }
  const id = ChangeId.parse(crypto.randomUUID());
  const row = {
    id,
    session_id: change.sessionId,
    worktree_id: change.worktreeId,
    state: to,
    note: options.note,
    ...columnsOf(part.file, part.hunks),
    ...lastAuthor(part.hunks, by),
    marked: false,
  };
  await sql`
    insert into changes (id, session_id, worktree_id, path, old_path, kind, state, agent, task_id, old_blob, new_blob, old_mode, new_mode, is_binary, additions, deletions, hunks, marked, note)
    select id, session_id, worktree_id, path, old_path, kind, state, agent, task_id, old_blob, new_blob, old_mode, new_mode, is_binary, additions, deletions, hunks, marked, note
    from json_populate_record(null::changes, ${JSON.stringify(row)}::text::json)`;
  await insertEvent(sql, id, { from: change.state, to, actor: options.actor, hunks: taken });
  return id;
}

/** Of these changes, those whose path has another pending change by now. */
export async function findOvertaken(sql: Queries, ids: readonly ChangeId[]): Promise<ChangeId[]> {
  const rows = await sql<{ id: string }[]>`
    select c.id from changes c where c.id = any (${[...ids]}::uuid[])
      and exists (select from changes o where o.worktree_id = c.worktree_id and o.path = c.path and o.id <> c.id and o.state in ('pending', 'conflict'))`;
  return rows.map((row) => ChangeId.parse(row.id));
}

/** A change of another session, with the session's title. */
export interface ElsewhereChange extends StoredChange {
  readonly sessionTitle: string;
}

/** What waits in other sessions of the same project at these paths. */
export async function listWaitingElsewhere(
  sql: Queries,
  worktree: { readonly id: WorktreeId; readonly projectId: ProjectId },
  paths: readonly string[],
): Promise<ElsewhereChange[]> {
  if (paths.length === 0) return [];
  const rows = await sql<(ChangeRow & { session_title: string })[]>`
    select c.*, s.title as session_title from changes c join sessions s on s.id = c.session_id
    where s.project_id = ${worktree.projectId} and s.deleted_at is null and c.worktree_id <> ${worktree.id}
      and c.state in ('pending', 'conflict') and (c.path = any (${[...paths]}::text[]) or c.old_path = any (${[...paths]}::text[]))
    order by s.updated_at desc, c.path`;
  return rows.map((row) => ({ ...toStored(row), sessionTitle: row.session_title }));
}

export async function countPending(sql: Sql, sessionId: SessionId): Promise<number> {
  const [row] = await sql<[{ count: number }]>`select count(*)::int as count from changes where session_id = ${sessionId} and state in ('pending', 'conflict')`;
  return row.count;
}

function toStored(row: ChangeRow): StoredChange {
  const hunks = z.array(StoredHunk).parse(row.hunks);
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
    hunks,
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
    hunks,
  };
}
