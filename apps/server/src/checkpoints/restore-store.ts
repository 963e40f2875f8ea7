import { RestoreWhat } from '@boocode/contracts/checkpoint.ts';
import { CheckpointId, ChatId, MessageId, SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import * as z from 'zod/mini';
import type { Sql } from 'postgres';
import { isUniqueViolation } from '../db/is-unique-violation.ts';
import type { Queries } from '../db/queries.ts';
import type { Conversation } from './checkpoint-store.ts';

/** One restore: what is to be, and how far it got. `stuck`: its files cannot be reached; a later start looks again. */
export interface Restore {
  readonly id: string;
  readonly sessionId: SessionId;
  readonly worktreeId: WorktreeId | null;
  readonly checkpointId: CheckpointId | null;
  readonly safetyId: CheckpointId | null;
  readonly what: RestoreWhat;
  readonly paths: readonly string[] | null;
  /** How the chat's conversation is to be; null: it stays as it is. */
  readonly conversation: Conversation | null;
  readonly state: 'running' | 'done' | 'stuck';
}

interface RestoreRow {
  readonly id: string;
  readonly session_id: string;
  readonly worktree_id: string | null;
  readonly checkpoint_id: string | null;
  readonly safety_id: string | null;
  readonly what: string;
  readonly paths: unknown;
  readonly chat_id: string | null;
  readonly chat_position: string | null;
  readonly chat_hidden: string[];
  readonly state: string;
}

/** What keeps a restore from beginning: a turn that runs, a message that waits for its turn, another restore. */
export type Obstacle = 'turn' | 'waiting' | 'restore';

/**
 * Begins a restore where nothing is in its way (null): from then on no turn of the session begins, since `tasks_wait_for_restore` looks at the same lock.
 * Decided in one transaction with the turns that run.
 */
export async function beginRestore(sql: Sql, restore: Omit<Restore, 'state' | 'safetyId'>): Promise<Obstacle | null> {
  const { id, sessionId, worktreeId, checkpointId, what, paths, conversation } = restore;
  try {
    return await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(7215003, hashtext(${sessionId}::text))`;
      const obstacle = await findObstacle(tx, sessionId, conversation?.chatId ?? null);
      if (obstacle !== null) return obstacle;
      await tx`
        insert into restores (id, session_id, worktree_id, checkpoint_id, what, paths, chat_id, chat_position, chat_hidden)
        values (${id}, ${sessionId}, ${worktreeId}, ${checkpointId}, ${what}, ${paths === null ? null : JSON.stringify(paths)}::text::json,
          ${conversation?.chatId ?? null}, ${conversation?.position ?? null}, ${[...(conversation?.hidden ?? [])]}::uuid[])`;
      return null;
    });
  } catch (error) {
    if (isUniqueViolation(error, 'restores_one_running_per_session')) return 'restore';
    throw error;
  }
}

export async function findObstacle(sql: Queries, sessionId: SessionId, chatId: ChatId | null): Promise<Obstacle | null> {
  const [row] = await sql<[{ runs: boolean; waits: boolean; restores: boolean }]>`
    select exists (select from tasks where session_id = ${sessionId} and state in ('running', 'blocked')) as runs,
      exists (select from tasks where chat_id = ${chatId}::uuid and state = 'pending') as waits,
      exists (select from restores where session_id = ${sessionId} and state = 'running') as restores`;
  return row.restores ? 'restore' : row.runs ? 'turn' : row.waits ? 'waiting' : null;
}

export async function updateSafety(sql: Sql, id: string, safetyId: CheckpointId): Promise<void> {
  await sql`update restores set safety_id = ${safetyId} where id = ${id}`;
}

/** Nothing came of it. */
export async function deleteRestore(sql: Queries, id: string): Promise<void> {
  await sql`delete from restores where id = ${id}`;
}

export async function updateRestoreState(sql: Queries, id: string, state: Restore['state']): Promise<void> {
  await sql`update restores set state = ${state}, ended_at = case when ${state === 'done'} then clock_timestamp() end where id = ${id}`;
}

export async function findRestore(sql: Sql, id: string): Promise<Restore | null> {
  const [row] = await sql<RestoreRow[]>`select * from restores where id = ${id}`;
  return row === undefined ? null : toRestore(row);
}

export async function listUnfinished(sql: Sql): Promise<Restore[]> {
  const rows = await sql<RestoreRow[]>`select * from restores where state <> 'done' order by created_at`;
  return rows.map(toRestore);
}

/** The messages of a chat that go or come back when its conversation becomes another, in reading order. */
export interface ConversationChange {
  readonly hide: readonly MessageId[];
  readonly show: readonly MessageId[];
}

export async function readConversationChange(sql: Queries, { chatId, position, hidden }: Conversation): Promise<ConversationChange> {
  const rows = await sql<{ id: string; stays: boolean }[]>`
    select id, stays from (
      select id, position, hidden_at is not null as is_hidden, position <= ${position} and id <> all (${[...hidden]}::uuid[]) as stays
      from messages where chat_id = ${chatId}
    ) m where is_hidden = stays order by position`;
  const ids = (stays: boolean) => rows.filter((row) => row.stays === stays).map((row) => MessageId.parse(row.id));
  return { hide: ids(false), show: ids(true) };
}

/** The agents of a chat whose own conversations cannot be gone on with when it changes. */
export async function listConversationAgents(sql: Queries, chatId: ChatId): Promise<string[]> {
  const rows = await sql<{ agent: string }[]>`select agent from agent_sessions where chat_id = ${chatId} and resume_token is not null order by agent`;
  return rows.map((row) => row.agent);
}

/** Hides and shows messages, and lets the agents of the chat begin anew. */
export async function writeConversation(tx: Queries, chatId: ChatId, { hide, show }: ConversationChange): Promise<void> {
  await tx`update messages set hidden_at = now() where id = any (${[...hide]}::uuid[])`;
  await tx`update messages set hidden_at = null where id = any (${[...show]}::uuid[])`;
  await tx`update agent_sessions set resume_token = null, resume_cwd = null, known_position = 0, status = 'idle' where chat_id = ${chatId}`;
  await tx`
    update chats set updated_at = now(), status = case when exists (
        select from tasks t join messages m on m.id = t.answer_id
        where t.chat_id = chats.id and t.state in ('failed', 'interrupted') and not t.settled and m.hidden_at is null
      ) then 'error' else 'idle' end
    where id = ${chatId} and status in ('idle', 'error')`;
}

/** The tasks of messages. */
export async function listTaskIds(sql: Queries, messages: readonly MessageId[]): Promise<TaskId[]> {
  if (messages.length === 0) return [];
  const rows = await sql<{ id: string }[]>`select distinct task_id as id from messages where id = any (${[...messages]}::uuid[]) and task_id is not null`;
  return rows.map((row) => TaskId.parse(row.id));
}

/** The conversation before a prompt; null when there is no such prompt. */
export async function findPrompt(sql: Sql, id: MessageId): Promise<{ sessionId: SessionId; conversation: Conversation } | null> {
  const [row] = await sql<{ session_id: string; chat_id: string; position: string; hidden: string[] }[]>`
    select c.session_id, m.chat_id, m.position - 1 as position,
      coalesce((select array_agg(o.id) from messages o where o.chat_id = m.chat_id and o.hidden_at is not null and o.position < m.position), '{}') as hidden
    from messages m join chats c on c.id = m.chat_id where m.id = ${id} and m.role = 'user'`;
  if (row === undefined) return null;
  return {
    sessionId: SessionId.parse(row.session_id),
    conversation: { chatId: ChatId.parse(row.chat_id), position: Number(row.position), hidden: row.hidden.map((hidden) => MessageId.parse(hidden)) },
  };
}

/** Of files, those whose change was applied to the project's folder. */
export async function listAppliedPaths(sql: Queries, sessionId: SessionId, paths: readonly string[]): Promise<string[]> {
  const rows = await sql<{ path: string }[]>`
    select distinct path from changes where session_id = ${sessionId} and state = 'applied' and path = any (${[...paths]}::text[]) order by path`;
  return rows.map((row) => row.path);
}

/** Really removes what was hidden before a moment. The tasks stay: they have cost something. Returns how many messages went. */
export async function deleteHidden(sql: Sql, before: Date): Promise<number> {
  const result = await sql`delete from messages where hidden_at < ${before}`;
  return result.count;
}

function toRestore(row: RestoreRow): Restore {
  return {
    id: row.id,
    sessionId: SessionId.parse(row.session_id),
    worktreeId: row.worktree_id === null ? null : WorktreeId.parse(row.worktree_id),
    checkpointId: row.checkpoint_id === null ? null : CheckpointId.parse(row.checkpoint_id),
    safetyId: row.safety_id === null ? null : CheckpointId.parse(row.safety_id),
    what: RestoreWhat.parse(row.what),
    paths: row.paths === null ? null : z.array(z.string()).parse(row.paths),
    conversation:
      row.chat_id === null || row.chat_position === null
        ? null
        : { chatId: ChatId.parse(row.chat_id), position: Number(row.chat_position), hidden: row.chat_hidden.map((id) => MessageId.parse(id)) },
    state: row.state === 'done' ? 'done' : row.state === 'stuck' ? 'stuck' : 'running',
  };
}
