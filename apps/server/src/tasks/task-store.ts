import { Access } from '@boocode/contracts/access.ts';
import type { Usage } from '@boocode/contracts/agent-event.ts';
import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { Failure } from '@boocode/contracts/error-code.ts';
import { ChatId, MessageId, ProjectId, SessionId, TaskId } from '@boocode/contracts/ids.ts';
import type { Attachment, Message } from '@boocode/contracts/message.ts';
import { type Task, TaskState } from '@boocode/contracts/task.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import type { Sql } from 'postgres';
import { titleOf, UNTITLED } from '../sessions/session-title.ts';
import { isUniqueViolation } from '../db/is-unique-violation.ts';
import { moment } from '../db/moment.ts';
import type { Queries } from '../db/queries.ts';
import { retryDeadlock } from '../db/retry-deadlock.ts';

type Fragment = ReturnType<Sql>;

interface TaskRow {
  readonly id: string;
  readonly project_id: string;
  readonly session_id: string;
  readonly chat_id: string;
  readonly parent_task_id: string | null;
  readonly message_id: string;
  readonly answer_id: string;
  readonly position: string;
  readonly kind: string;
  readonly state: string;
  readonly agent: string;
  readonly model: string | null;
  readonly mode: string | null;
  readonly access: string;
  readonly priority: number;
  readonly input: string;
  readonly output_summary: string | null;
  readonly error: unknown;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost: number | null;
  readonly waits_for: string | null;
  readonly settled: boolean;
  readonly fence: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
}

export interface NewTurn {
  readonly chatId: ChatId;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly kind: 'prompt' | 'continue';
  readonly agent: string | null;
  readonly model: string | null;
  readonly mode: string | null;
  readonly access: Access | null;
  readonly priority: number;
  readonly parentTaskId: TaskId | null;
  readonly idempotencyKey: string | null;
  /** The ended task that this one goes on from or tries again: settled in the same statement; after a retry agents forget that attempt. */
  readonly again: { readonly taskId: TaskId; readonly isRetry: boolean } | null;
}

/** Who may run an accepted turn at once, when nothing of its chat or worktree is in the way. */
export interface Claim {
  readonly owner: string;
  readonly leaseMs: number;
  /** The model of a task that names none; null = not known yet. */
  readonly defaultModel: string | null;
}

export interface AcceptedTurn {
  readonly task: Task;
  /** The prompt and its answer, as they begin: waiting, or of a turn that runs. */
  readonly messages: readonly [Message, Message];
  /** Null unless the turn was claimed with its acceptance. */
  readonly claimed: ClaimedTask | null;
  /** False when the idempotency key had been accepted before: then `task` is that one. */
  readonly isNew: boolean;
}

/**
 * Writes the intent of a turn in one statement: prompt, empty answer and task. What is null in `turn` is the chat's own choice, and what
 * is given becomes it. Null when there is no such chat. The insert trigger wakes dispatchers elsewhere.
 */
export async function acceptTurn(sql: Sql, turn: NewTurn, claim: Claim | null = null): Promise<AcceptedTurn | null> {
  try {
    return await retryDeadlock(() => insertTurn(sql, turn, claim));
  } catch (error) {
    // Somebody else's turn began at the same moment: this one waits.
    if (claim !== null && isBusyElsewhere(error)) return acceptTurn(sql, turn, null);
    if (turn.idempotencyKey === null || !isUniqueViolation(error, 'tasks_idempotency')) throw error;
    const [row] = await sql<TaskRow[]>`select * from tasks where chat_id = ${turn.chatId} and idempotency_key = ${turn.idempotencyKey}`;
    if (row === undefined) throw error;
    return { ...acceptedFrom(row, turn), isNew: false, claimed: null };
  }
}

async function insertTurn(sql: Sql, turn: NewTurn, claim: Claim | null): Promise<AcceptedTurn | null> {
  const [taskId, messageId, answerId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  const parts = promptParts(turn);
  // Nothing of this chat waits or runs, and nobody writes in the worktree it would write in. A statement can update a row once: so both places ask the same.
  const startsNow = (access: Fragment): Fragment => sql`(
    ${claim !== null} and not exists (select from tasks t where t.chat_id = chats.id and t.state in ('pending', 'running', 'blocked'))
    and (${access} = 'read-only' or not exists (
      select from tasks t where t.session_id = chats.session_id and t.state in ('running', 'blocked') and t.access <> 'read-only'
    ))
  )`;
  // Another agent has other models and modes.
  const ofThisAgent = (column: 'model' | 'mode', value: string | null): Fragment =>
    sql`coalesce(${value}, case when coalesce(${turn.agent}, agent) = agent then ${sql(column)} end)`;
  const [row] = await sql<TaskRow[]>`
    with chat as (
      update chats set
        next_position = next_position + 2, updated_at = now(),
        agent = coalesce(${turn.agent}, agent), model = ${ofThisAgent('model', turn.model)}, mode = ${ofThisAgent('mode', turn.mode)}, access = coalesce(${turn.access}, access),
        status = case when ${startsNow(sql`coalesce(${turn.access}, chats.access)`)} then 'working' else status end
      where id = ${turn.chatId} and closed_at is null
      returning *, ${startsNow(sql`chats.access`)} as starts
    ), session as (
      update sessions set updated_at = now(), title = case when sessions.title = ${UNTITLED} then ${titleOf(turn.text)} else sessions.title end
      from chat where sessions.id = chat.session_id and sessions.deleted_at is null
      returning sessions.id, sessions.project_id
    ), task as (
      insert into tasks (id, project_id, session_id, chat_id, parent_task_id, message_id, answer_id, position, kind, agent, model, mode, access, priority, input, idempotency_key,
        state, lease_owner, lease_until, fence, started_at)
      select ${taskId}::uuid, session.project_id, session.id, chat.id, ${turn.parentTaskId}::uuid, ${messageId}::uuid, ${answerId}::uuid, chat.next_position - 2,
        ${turn.kind}, chat.agent, coalesce(chat.model, case when chat.agent = ${NATIVE_AGENT} then ${claim?.defaultModel ?? null} end), chat.mode, chat.access, ${turn.priority}::int, ${turn.text}, ${turn.idempotencyKey},
        case when chat.starts then 'running' else 'pending' end, case when chat.starts then ${claim?.owner ?? null}::uuid end,
        case when chat.starts then now() + ${claim?.leaseMs ?? 0} * interval '1 millisecond' end, case when chat.starts then 1 else 0 end,
        case when chat.starts then clock_timestamp() end
      from chat join session on session.id = chat.session_id
      returning *
    ), again as (
      update tasks set settled = true, superseded_by = case when ${turn.again?.isRetry ?? false} then task.id else tasks.superseded_by end
      from task where tasks.id = ${turn.again?.taskId ?? null}::uuid
    ), rows as (
      insert into messages (id, chat_id, task_id, position, role, status, agent, model, mode)
      select m.id, task.chat_id, task.id, task.position + m.offset, m.role,
        case when task.state = 'pending' then 'waiting' when m.role = 'user' then 'completed' else 'streaming' end, task.agent, task.model, task.mode
      from task, (values (${messageId}::uuid, 0, 'user'), (${answerId}::uuid, 1, 'assistant')) as m (id, "offset", role)
    ), words as (
      insert into parts (message_id, index, segment, data, text)
      select task.message_id, p.index - 1, 0, p.data::json, p.text
      from task, unnest(${parts.data}::text[], ${parts.texts}::text[]) with ordinality as p (data, text, index)
    )
    select * from task`;
  if (row === undefined) return null;
  const accepted = acceptedFrom(row, turn);
  return { ...accepted, isNew: true, claimed: row.state === 'running' ? { ...toClaimed(row), messages: accepted.messages } : null };
}

function promptParts(turn: NewTurn): { parts: Part[]; data: string[]; texts: string[] } {
  const files: Part[] = turn.attachments.map((file) => ({ type: 'file', name: file.name, mediaType: file.mediaType, text: file.text }));
  return {
    parts: [{ type: 'text', text: turn.text }, ...files],
    data: ['{"type":"text"}', ...files.map((file) => JSON.stringify(file))],
    texts: [turn.text, ...files.map(() => '')],
  };
}

function acceptedFrom(row: TaskRow, turn: NewTurn): Pick<AcceptedTurn, 'task' | 'messages'> {
  const task = toTask(row);
  const position = Number(row.position);
  const message = {
    chatId: task.chatId,
    taskId: task.id,
    metadata: { agent: task.agent, model: task.model, mode: task.mode },
    usage: null,
    activity: null,
    failure: null,
    createdAt: task.createdAt,
    endedAt: null,
  };
  return {
    task,
    messages: [
      { ...message, id: task.messageId, position, role: 'user', status: task.state === 'pending' ? 'waiting' : 'completed', parts: promptParts(turn).parts },
      { ...message, id: task.answerId, position: position + 1, role: 'assistant', status: task.state === 'pending' ? 'waiting' : 'streaming', parts: [] },
    ],
  };
}

/** A task that this runner has taken; `fence` must match in every later write. */
export interface ClaimedTask {
  readonly task: Task;
  readonly kind: 'prompt' | 'continue';
  readonly fence: number;
  readonly position: number;
  /** Prompt and answer, where they are known without a look at the rows. */
  readonly messages: readonly [Message, Message] | null;
}

/**
 * Takes a pending task, or returns null: it is gone, an earlier message of its chat still waits, or its chat or worktree is busy.
 * Safe to call concurrently: the two unique indexes on running tasks decide races.
 */
export async function claimTask(sql: Sql, id: TaskId, owner: string, leaseMs: number): Promise<ClaimedTask | null> {
  try {
    const [row] = await retryDeadlock(
      () => sql<TaskRow[]>`
      with claimed as (
        update tasks t set state = 'running', lease_owner = ${owner}, lease_until = now() + ${leaseMs} * interval '1 millisecond',
          fence = t.fence + 1, started_at = clock_timestamp(), waits_for = null
        where t.id = ${id} and t.state = 'pending' and not t.cancel_requested
          and not exists (select from tasks e where e.chat_id = t.chat_id and e.state = 'pending' and e.position < t.position)
        returning t.*
      ), m as (
        update messages set status = case role when 'user' then 'completed' else 'streaming' end, agent = claimed.agent, model = claimed.model
        from claimed where messages.id in (claimed.message_id, claimed.answer_id)
      ), c as (
        update chats set status = 'working' from claimed where chats.id = claimed.chat_id
      )
      select * from claimed`,
    );
    return row === undefined ? null : toClaimed(row);
  } catch (error) {
    if (isBusyElsewhere(error)) return null;
    throw error;
  }
}

function isBusyElsewhere(error: unknown): boolean {
  return isUniqueViolation(error, 'tasks_one_running_per_chat') || isUniqueViolation(error, 'tasks_one_writer_per_session');
}

/**
 * Moves a waiting message of a running turn's chat into the turn's answer, as its part `index`: the message and its empty answer go, its task ends as
 * completed. All of it or nothing. Null when the message waits no more, has files with it, or the turn is not this runner's any more.
 */
export async function takeWaiting(sql: Sql, turn: ClaimedTask, messageId: MessageId, index: number): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    with turn as (
      select * from tasks where id = ${turn.task.id} and fence = ${turn.fence} and state in ('running', 'blocked') for update
    ), taken as (
      update tasks t set state = 'completed', settled = true, ended_at = clock_timestamp(), waits_for = null, output_summary = 'Given to the turn that ran'
      from turn where t.message_id = ${messageId} and t.chat_id = turn.chat_id and t.state = 'pending' and not t.cancel_requested
        and not exists (select from parts p where p.message_id = t.message_id and p.data ->> 'type' = 'file')
      returning t.*
    ), part as (
      insert into parts (message_id, index, segment, data)
      select turn.answer_id, ${index}::int, 0, json_build_object('type', 'steered', 'text', taken.input, 'messageId', taken.message_id) from turn, taken
    ), gone as (
      delete from messages using taken where messages.id in (taken.message_id, taken.answer_id)
    )
    select * from taken`;
  return row === undefined ? null : toTask(row);
}

/** What the lane policy looks at. */
export interface QueueRow {
  readonly id: TaskId;
  readonly chatId: string;
  readonly sessionId: string;
  readonly state: 'pending' | 'running' | 'blocked';
  readonly access: Access;
  readonly agent: string;
  readonly model: string | null;
  readonly priority: number;
  readonly position: number;
  readonly createdAt: number;
  readonly waitsFor: string | null;
}

const QUEUE_LIMIT = 1_000;

/** Running and blocked tasks, and the first of those that wait, in the order in which they should run. */
export async function readQueue(sql: Sql): Promise<QueueRow[]> {
  const rows = await sql<TaskRow[]>`
    (select * from tasks where state in ('running', 'blocked'))
    union all
    (select * from tasks where state = 'pending' and not cancel_requested order by priority desc, created_at, position limit ${QUEUE_LIMIT})`;
  return rows.map((row) => ({
    id: TaskId.parse(row.id),
    chatId: row.chat_id,
    sessionId: row.session_id,
    state: row.state === 'pending' ? 'pending' : row.state === 'running' ? 'running' : 'blocked',
    access: Access.parse(row.access),
    agent: row.agent,
    model: row.model,
    priority: row.priority,
    position: Number(row.position),
    createdAt: row.created_at.getTime(),
    waitsFor: row.waits_for,
  }));
}

/** Says why a pending task waits. Null when it does not wait any more. */
export async function updateWaitsFor(sql: Sql, id: TaskId, waitsFor: string | null): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`update tasks set waits_for = ${waitsFor} where id = ${id} and state = 'pending' returning *`;
  return row === undefined ? null : toTask(row);
}

/** Renews the leases of a runner's tasks; returns the tasks among `ids` that are no longer its own. */
export async function renewLeases(sql: Sql, owner: string, ids: readonly TaskId[], leaseMs: number): Promise<TaskId[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: string }[]>`
    update tasks set lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where id in ${sql([...ids])} and lease_owner = ${owner} and state in ('running', 'blocked')
    returning id`;
  const kept = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !kept.has(id));
}

/** Says which model a running task and its answer use, where the task had named none. */
export async function updateModel(sql: Sql, id: TaskId, fence: number, model: string): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    with t as (update tasks set model = ${model} where id = ${id} and fence = ${fence} returning *),
    answer as (update messages set model = ${model} from t where messages.id in (t.answer_id, t.message_id))
    select * from t`;
  return row === undefined ? null : toTask(row);
}

/** A running turn begins to wait for a person, or goes on. Null when the task is not this runner's any more. */
export async function updateBlocked(sql: Queries, claimed: ClaimedTask, isBlocked: boolean, waitsFor: string | null): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    with t as (
      update tasks set state = ${isBlocked ? 'blocked' : 'running'}, waits_for = ${waitsFor}
      where id = ${claimed.task.id} and fence = ${claimed.fence} and state in ('running', 'blocked') returning *
    ), c as (update chats set status = ${isBlocked ? 'blocked' : 'working'} from t where chats.id = t.chat_id)
    select * from t`;
  return row === undefined ? null : toTask(row);
}

/** Notes that a person wants the task to end. A pending one is nobody's yet: the caller finishes it. */
export async function requestCancel(sql: Sql, id: TaskId): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    update tasks set cancel_requested = true where id = ${id} and state in ('pending', 'running', 'blocked') returning *`;
  return row === undefined ? null : toTask(row);
}

/** Which of these tasks somebody asked to cancel. */
export async function findCancelRequests(sql: Sql, ids: readonly TaskId[]): Promise<TaskId[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: string }[]>`select id from tasks where id in ${sql([...ids])} and cancel_requested`;
  return rows.map((row) => TaskId.parse(row.id));
}

export interface TaskEnding {
  readonly state: 'completed' | 'cancelled' | 'failed' | 'interrupted';
  readonly failure: Failure | null;
  readonly outputSummary: string | null;
  readonly usage: Usage | null;
}

/**
 * Writes the end of a task, of its answer and of its chat's status. Null when somebody else has ended it or taken it over (`fence`; null = whoever
 * had it is gone). Call it in a transaction with whatever must end with it. Takes the chat before its session, as `acceptTurn` does: otherwise the two
 * wait for each other.
 */
export async function finishTask(sql: Queries, id: TaskId, fence: number | null, ending: TaskEnding): Promise<Task | null> {
  const { state, failure, usage } = ending;
  const [row] = await sql<TaskRow[]>`
    with t as (
      update tasks set state = ${state}, error = ${failure === null ? null : JSON.stringify(failure)}::text::json, output_summary = ${ending.outputSummary},
        tokens_in = ${usage?.inputTokens ?? null}, tokens_out = ${usage?.outputTokens ?? null}, cost = ${usage?.cost ?? null},
        ended_at = clock_timestamp(), lease_owner = null, lease_until = null, waits_for = null, settled = ${state === 'completed' || state === 'cancelled'}
      where id = ${id} and state in ('pending', 'running', 'blocked') and (${fence}::bigint is null or fence = ${fence})
      returning *
    ), answer as (
      update messages set status = ${state}, failure = t.error, usage = ${usage === null ? null : JSON.stringify(usage)}::text::json, ended_at = t.ended_at
      from t where messages.id = t.answer_id
    ), prompt as (
      update messages set status = 'completed' from t where messages.id = t.message_id and messages.status = 'waiting'
    ), chat as (
      update chats set status = ${state === 'failed' || state === 'interrupted' ? 'error' : 'idle'}, updated_at = now() from t where chats.id = t.chat_id
      returning chats.session_id
    ), session as (
      update sessions set updated_at = now() from chat where sessions.id = chat.session_id
    ), agent as (
      insert into agent_sessions (chat_id, agent, backend, model, status, input_tokens, output_tokens, cost)
      select t.chat_id, t.agent, case when t.agent = ${NATIVE_AGENT} then 'native' else '' end, t.model, ${state === 'failed' || state === 'interrupted' ? 'error' : 'idle'}, coalesce(t.tokens_in, 0), coalesce(t.tokens_out, 0), t.cost
      from t where t.started_at is not null
      on conflict (chat_id, agent) do update set model = excluded.model, status = excluded.status, last_active_at = now(),
        input_tokens = agent_sessions.input_tokens + excluded.input_tokens, output_tokens = agent_sessions.output_tokens + excluded.output_tokens,
        cost = case when excluded.cost is null then agent_sessions.cost else coalesce(agent_sessions.cost, 0) + excluded.cost end
    )
    select * from t`;
  return row === undefined ? null : toTask(row);
}

/** Which tasks have nobody who runs them. `isLeaseIgnored`: whatever their lease says. */
export interface OrphanSearch {
  readonly isLeaseIgnored: boolean;
  /** Who asks, and what it really runs. */
  readonly runnerId: string;
  readonly running: readonly TaskId[];
}

/** Tasks that claim to run although their runner's lease is over, or although their runner is the one that asks and knows nothing of them. */
export async function findOrphans(sql: Sql, { isLeaseIgnored, runnerId, running }: OrphanSearch): Promise<ClaimedTask[]> {
  const rows = await sql<TaskRow[]>`
    select * from tasks where state in ('running', 'blocked') and (lease_owner is distinct from ${runnerId} or id <> all (${[...running]}::uuid[]))
      and (${isLeaseIgnored} or lease_until < now())
    order by created_at`;
  return rows.map(toClaimed);
}

/** Waiting tasks that a person has cancelled. */
export async function findCancelled(sql: Sql): Promise<Task[]> {
  const rows = await sql<TaskRow[]>`select * from tasks where state = 'pending' and cancel_requested`;
  return rows.map(toTask);
}

/** Takes an ended task out of the inbox. */
export async function settleTask(sql: Queries, id: TaskId): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`
    with t as (
      update tasks set settled = true
      where id = ${id} and state in ('completed', 'failed', 'cancelled', 'interrupted') returning *
    ), c as (
      update chats set status = 'idle' from t where chats.id = t.chat_id and chats.status = 'error'
    )
    select * from t`;
  return row === undefined ? null : toTask(row);
}

export async function findTask(sql: Sql, id: TaskId): Promise<Task | null> {
  const [row] = await sql<TaskRow[]>`select * from tasks where id = ${id}`;
  return row === undefined ? null : toTask(row);
}

/** What a chat still has to do. */
export async function findUnendedTasks(sql: Sql, chatId: ChatId): Promise<Task[]> {
  const rows = await sql<TaskRow[]>`
    select * from tasks where chat_id = ${chatId} and state in ('pending', 'running', 'blocked') order by created_at, id`;
  return rows.map(toTask);
}

/** Whether a project or a session has tasks that have not ended; with `isWriting`, only those that write in a worktree now. */
export async function hasUnended(
  sql: Sql,
  where: { readonly projectId?: ProjectId; readonly sessionId?: SessionId; readonly chatId?: ChatId; readonly isWriting?: boolean },
): Promise<boolean> {
  const [row] = await sql<[{ found: boolean }]>`
    select exists (
      select from tasks where state in ('pending', 'running', 'blocked')
        and (${where.projectId ?? null}::uuid is null or project_id = ${where.projectId ?? null})
        and (${where.sessionId ?? null}::uuid is null or session_id = ${where.sessionId ?? null})
        and (${where.chatId ?? null}::uuid is null or chat_id = ${where.chatId ?? null})
        and (${!(where.isWriting ?? false)} or (state in ('running', 'blocked') and access <> 'read-only'))
    ) as found`;
  return row.found;
}

export interface TaskFilter {
  readonly state: TaskState | null;
  readonly projectId: ProjectId | null;
  readonly sessionId: SessionId | null;
  readonly agent: string | null;
  /** In the prompt, whatever its case. */
  readonly text: string | null;
  /** Moments or days (UTC), ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Newest first. */
export async function listTasks(sql: Sql, filter: TaskFilter, limit: number, offset: number): Promise<Task[]> {
  const rows = await sql<TaskRow[]>`
    select t.* from tasks t
    where (${filter.state}::text is null or t.state = ${filter.state}) and (${filter.projectId}::uuid is null or t.project_id = ${filter.projectId})
      and (${filter.sessionId}::uuid is null or t.session_id = ${filter.sessionId}) and (${filter.agent}::text is null or t.agent = ${filter.agent})
      and (${filter.text}::text is null or position(lower(${filter.text}) in lower(t.input)) > 0)
      and (${filter.from}::text is null or t.created_at >= ${moment(sql, filter.from, 'from', 'UTC')})
      and (${filter.to}::text is null or t.created_at < ${moment(sql, filter.to, 'to', 'UTC')})
    order by t.created_at desc, t.id limit ${limit} offset ${offset}`;
  return rows.map(toTask);
}

/** Failed and interrupted tasks that nobody has settled, newest first; none of deleted chats and sessions, and none that a restore took back. */
export async function listUnsettled(sql: Sql): Promise<Task[]> {
  const rows = await sql<TaskRow[]>`
    select t.* from tasks t join chats c on c.id = t.chat_id join sessions s on s.id = t.session_id
    where t.state in ('failed', 'interrupted') and not t.settled and c.closed_at is null and s.deleted_at is null
      and not exists (select from messages m where m.id = t.message_id and m.hidden_at is not null) order by t.ended_at desc limit 200`;
  return rows.map(toTask);
}

export async function countByState(sql: Sql): Promise<{ pending: number; running: number; blocked: number }> {
  const [row] = await sql<[{ pending: number; running: number; blocked: number }]>`
    select count(*) filter (where state = 'pending')::int as pending, count(*) filter (where state = 'running')::int as running,
      count(*) filter (where state = 'blocked')::int as blocked
    from tasks where state in ('pending', 'running', 'blocked')`;
  return row;
}

function toClaimed(row: TaskRow): ClaimedTask {
  return { task: toTask(row), kind: row.kind === 'continue' ? 'continue' : 'prompt', fence: Number(row.fence), position: Number(row.position), messages: null };
}

function toTask(row: TaskRow): Task {
  return {
    id: TaskId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    sessionId: SessionId.parse(row.session_id),
    chatId: ChatId.parse(row.chat_id),
    parentTaskId: row.parent_task_id === null ? null : TaskId.parse(row.parent_task_id),
    messageId: MessageId.parse(row.message_id),
    answerId: MessageId.parse(row.answer_id),
    state: TaskState.parse(row.state),
    agent: row.agent,
    model: row.model,
    mode: row.mode,
    access: Access.parse(row.access),
    priority: row.priority,
    input: row.input,
    outputSummary: row.output_summary,
    error: row.error === null ? null : Failure.parse(row.error),
    tokensIn: row.tokens_in,
    tokensOut: row.tokens_out,
    cost: row.cost,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    waitsFor: row.waits_for,
    settled: row.settled,
  };
}
