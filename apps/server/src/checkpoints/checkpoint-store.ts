import { Checkpoint, type CheckpointKind, CheckpointTurn, type LeftOut } from '@boocode/contracts/checkpoint.ts';
import { CheckpointId, ChatId, MessageId, ProjectId, SessionId, type TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

interface CheckpointRow {
  readonly id: string;
  readonly project_id: string;
  readonly session_id: string;
  readonly worktree_id: string | null;
  readonly chat_id: string | null;
  readonly task_id: string | null;
  readonly message_id: string | null;
  readonly kind: string;
  readonly label: string;
  readonly agent: string | null;
  readonly commit_id: string;
  readonly tree_id: string;
  readonly fingerprint: string;
  readonly skipped: unknown;
  readonly counted_from: string | null;
  readonly files: number | null;
  readonly additions: number | null;
  readonly deletions: number | null;
  readonly chat_position: string | null;
  readonly chat_hidden: string[];
  readonly created_at: Date;
  readonly turns?: unknown[];
}

/** The conversation of a chat at a moment: what is up to the position, but what was hidden. */
export interface Conversation {
  readonly chatId: ChatId;
  readonly position: number;
  readonly hidden: readonly MessageId[];
}

/** A checkpoint and what is needed to act on it. */
export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly projectId: ProjectId;
  readonly fingerprint: string;
  readonly conversation: Conversation | null;
  /** The checkpoint that its counts are from; null: not counted. */
  readonly countedFrom: CheckpointId | null;
}

export interface NewCheckpoint {
  readonly id: CheckpointId;
  readonly projectId: ProjectId;
  readonly sessionId: SessionId;
  readonly worktreeId: WorktreeId;
  readonly kind: CheckpointKind;
  readonly label: string;
  /** The turn it is taken for; null: it belongs to the chat that was used last. */
  readonly taskId: TaskId | null;
  /** The chat whose conversation it knows, when there is no turn; null: the one that was used last. */
  readonly chatId: ChatId | null;
}

/** Writes down that a checkpoint is being taken, with the conversation as it is: before its turn's prompt, up to its answer, or up to now. */
export async function insertTaking(sql: Sql, { id, projectId, sessionId, worktreeId, kind, label, taskId, chatId }: NewCheckpoint): Promise<void> {
  await sql`
    with turn as (
      select t.id, t.chat_id, t.message_id, t.agent, t.position + ${kind === 'before' ? -1 : 1} as position from tasks t where t.id = ${taskId}::uuid
    ), chat as (
      select c.id, c.next_position - 1 as position from chats c
      where c.session_id = ${sessionId} and (${chatId}::uuid is null or c.id = ${chatId}::uuid) order by c.updated_at desc, c.id limit 1
    ), place as (
      select coalesce(turn.chat_id, chat.id) as chat_id, coalesce(turn.position, chat.position) as position, turn.id as task_id, turn.message_id, turn.agent
      from (select) one left join turn on true left join chat on turn.id is null
    )
    insert into checkpoints (id, project_id, session_id, worktree_id, chat_id, task_id, message_id, kind, label, agent, chat_position, chat_hidden)
    select ${id}::uuid, ${projectId}::uuid, ${sessionId}::uuid, ${worktreeId}::uuid, place.chat_id, place.task_id, place.message_id, ${kind}, ${label}, place.agent, place.position,
      coalesce((select array_agg(m.id) from messages m where m.chat_id = place.chat_id and m.hidden_at is not null and m.position <= place.position), '{}')
    from place`;
}

export interface Kept {
  readonly commit: string;
  readonly treeId: string;
  readonly fingerprint: string;
  readonly skipped: readonly LeftOut[];
}

/** It is in the repository now. */
export async function markKept(sql: Queries, id: CheckpointId, kept: Kept): Promise<void> {
  await sql`
    update checkpoints set state = 'kept', commit_id = ${kept.commit}, tree_id = ${kept.treeId}, fingerprint = ${kept.fingerprint},
      skipped = ${JSON.stringify(kept.skipped)}::text::json
    where id = ${id}`;
}

export async function deleteCheckpoints(sql: Queries, ids: readonly CheckpointId[]): Promise<void> {
  await sql`delete from checkpoints where id = any (${[...ids]}::uuid[])`;
}

/** Those of which nobody knows whether they were kept: a server died meanwhile. */
export async function listTaking(sql: Sql): Promise<Pick<CheckpointAge, 'id' | 'projectId' | 'worktreeId'>[]> {
  const rows = await sql<
    { id: string; project_id: string; worktree_id: string | null }[]
  >`select id, project_id, worktree_id from checkpoints where state = 'taking'`;
  return rows.map(placeOf);
}

/** The newest checkpoint of a worktree; null when there is none. */
export async function findNewest(sql: Sql, worktreeId: WorktreeId): Promise<StoredCheckpoint | null> {
  const [row] = await sql<CheckpointRow[]>`
    select * from checkpoints where worktree_id = ${worktreeId} and state = 'kept' order by created_at desc, id desc limit 1`;
  return row === undefined ? null : toStored(row);
}

export async function findCheckpoint(sql: Sql, id: CheckpointId): Promise<StoredCheckpoint | null> {
  const [row] = await readCheckpoints(sql, sql`c.id = ${id}`);
  return row ?? null;
}

/** Oldest first. */
export function listCheckpoints(sql: Sql, sessionId: SessionId): Promise<StoredCheckpoint[]> {
  return readCheckpoints(sql, sql`c.session_id = ${sessionId}`);
}

/** The checkpoint before a prompt's turn; null when there is none. */
export async function findBeforeMessage(sql: Sql, id: MessageId): Promise<StoredCheckpoint | null> {
  const [row] = await readCheckpoints(
    sql,
    sql`c.id = (select b.before_id from turn_checkpoints b join tasks t on t.id = b.task_id where t.message_id = ${id})`,
  );
  return row ?? null;
}

async function readCheckpoints(sql: Sql, condition: ReturnType<Sql>): Promise<StoredCheckpoint[]> {
  const rows = await sql<CheckpointRow[]>`
    select c.*, (
      select coalesce(json_agg(json_build_object(
        'moment', case when b.before_id = c.id then 'before' else 'after' end, 'taskId', t.id, 'chatId', t.chat_id, 'messageId', t.message_id, 'agent', t.agent,
        'prompt', left(t.input, 200), 'hidden', exists (select from messages m where m.id = t.message_id and m.hidden_at is not null)
      ) order by t.created_at, t.id), '[]')
      from turn_checkpoints b join tasks t on t.id = b.task_id where b.before_id = c.id or b.after_id = c.id
    ) as turns
    from checkpoints c where c.state = 'kept' and ${condition} order by c.created_at, c.id`;
  return rows.map(toStored);
}

export interface Counted {
  readonly id: CheckpointId;
  readonly from: CheckpointId;
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
}

/** Keeps what was counted, so that it is counted once. */
export async function updateCounts(sql: Sql, counted: readonly Counted[]): Promise<void> {
  for (const { id, from, files, additions, deletions } of counted) {
    await sql`update checkpoints set counted_from = ${from}, files = ${files}, additions = ${additions}, deletions = ${deletions} where id = ${id}`;
  }
}

/** Notes where a turn began. The first answer counts: it is before its first effect. */
export async function setBefore(sql: Sql, taskId: TaskId, id: CheckpointId): Promise<void> {
  await sql`
    insert into turn_checkpoints (task_id, before_id) values (${taskId}, ${id})
    on conflict (task_id) do update set before_id = coalesce(turn_checkpoints.before_id, excluded.before_id)`;
}

/** Notes where a turn ended. One of which no beginning is known had no effect before: it began where it ended. */
export async function setAfter(sql: Sql, taskId: TaskId, id: CheckpointId, isBefore: 'too' | 'not'): Promise<void> {
  await sql`
    insert into turn_checkpoints (task_id, before_id, after_id) values (${taskId}, ${isBefore === 'too' ? id : null}, ${id})
    on conflict (task_id) do update set after_id = excluded.after_id, before_id = coalesce(turn_checkpoints.before_id, excluded.before_id)`;
}

/** What deciding which checkpoints may go needs of each. */
export interface CheckpointAge {
  readonly id: CheckpointId;
  readonly projectId: ProjectId;
  readonly worktreeId: WorktreeId | null;
  readonly sessionId: SessionId;
  readonly kind: CheckpointKind;
  readonly createdAt: number;
  /** Its session has turns that have not ended, or a restore under way. */
  readonly isInUse: boolean;
}

/** All of them, oldest first. */
export async function listAges(sql: Sql): Promise<CheckpointAge[]> {
  const rows = await sql<
    { id: string; project_id: string; worktree_id: string | null; session_id: string; kind: CheckpointKind; created_at: Date; is_in_use: boolean }[]
  >`
    select c.id, c.project_id, c.worktree_id, c.session_id, c.kind, c.created_at,
      exists (select from tasks t where t.session_id = c.session_id and t.state in ('pending', 'running', 'blocked'))
        or exists (select from restores r where r.session_id = c.session_id and r.state <> 'done') as is_in_use
    from checkpoints c where c.state = 'kept' order by c.created_at, c.id`;
  return rows.map((row) => ({
    ...placeOf(row),
    sessionId: SessionId.parse(row.session_id),
    kind: row.kind,
    createdAt: row.created_at.getTime(),
    isInUse: row.is_in_use,
  }));
}

function placeOf(row: { readonly id: string; readonly project_id: string; readonly worktree_id: string | null }) {
  return {
    id: CheckpointId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    worktreeId: row.worktree_id === null ? null : WorktreeId.parse(row.worktree_id),
  };
}

function toStored(row: CheckpointRow): StoredCheckpoint {
  const chatId = row.chat_id === null ? null : ChatId.parse(row.chat_id);
  const checkpoint = Checkpoint.parse({
    id: row.id,
    sessionId: row.session_id,
    worktreeId: row.worktree_id,
    kind: row.kind,
    label: row.label,
    chatId,
    taskId: row.task_id,
    messageId: row.message_id,
    agent: row.agent,
    commit: row.commit_id,
    tree: row.tree_id,
    files: row.files ?? 0,
    additions: row.additions ?? 0,
    deletions: row.deletions ?? 0,
    skipped: row.skipped,
    turns: (row.turns ?? []).map((turn) => CheckpointTurn.parse(turn)),
    createdAt: row.created_at.toISOString(),
  });
  return {
    checkpoint,
    projectId: ProjectId.parse(row.project_id),
    fingerprint: row.fingerprint,
    conversation:
      chatId === null || row.chat_position === null
        ? null
        : { chatId, position: Number(row.chat_position), hidden: row.chat_hidden.map((id) => MessageId.parse(id)) },
    countedFrom: row.counted_from === null ? null : CheckpointId.parse(row.counted_from),
  };
}
