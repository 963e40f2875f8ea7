import { ChatId, PermissionId, ProjectId, SessionId, TaskId } from '@boocode/contracts/ids.ts';
import { type Permission, PermissionRequest, PermissionState } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

interface PermissionRow {
  readonly id: string;
  readonly project_id: string;
  readonly session_id: string;
  readonly chat_id: string;
  readonly task_id: string;
  readonly agent: string;
  readonly request: unknown;
  readonly state: string;
  readonly answer: string | null;
  readonly note: string | null;
  readonly created_at: Date;
  readonly answered_at: Date | null;
}

export async function insertPermission(sql: Queries, task: Task, request: PermissionRequest): Promise<Permission> {
  const [row] = await sql<[PermissionRow]>`
    insert into permissions (id, project_id, session_id, chat_id, task_id, agent, request)
    values (${crypto.randomUUID()}, ${task.projectId}, ${task.sessionId}, ${task.chatId}, ${task.id}, ${task.agent}, ${JSON.stringify(request)}::text::json)
    returning *`;
  return toPermission(row);
}

export async function findPermission(sql: Sql, id: PermissionId): Promise<Permission | null> {
  const [row] = await sql<PermissionRow[]>`select * from permissions where id = ${id}`;
  return row === undefined ? null : toPermission(row);
}

/** Writes the answer if nobody has answered yet; null when somebody was first or it has expired. */
export async function answerOnce(sql: Queries, id: PermissionId, state: 'allowed' | 'denied', answer: string, note: string | null): Promise<Permission | null> {
  const [row] = await sql<PermissionRow[]>`
    update permissions set state = ${state}, answer = ${answer}, note = ${note}, answered_at = clock_timestamp()
    where id = ${id} and state = 'open' returning *`;
  return row === undefined ? null : toPermission(row);
}

/** Closes what is still open of a task that waits no more. */
export async function expirePermissions(sql: Queries, taskId: TaskId): Promise<Permission[]> {
  const rows = await sql<PermissionRow[]>`
    update permissions set state = 'expired', answered_at = clock_timestamp() where task_id = ${taskId} and state = 'open' returning *`;
  return rows.map(toPermission);
}

/** Of one chat, with those of tasks that were handed out from it, however deep; or of all chats. */
export async function listOpenPermissions(sql: Sql, chatId: ChatId | null): Promise<Permission[]> {
  const rows = await sql<PermissionRow[]>`
    select p.* from permissions p
    where p.state = 'open' and (${chatId}::uuid is null or p.chat_id = ${chatId} or exists (
      with recursive above as (
        select t.parent_task_id as id from tasks t where t.id = p.task_id
        union
        select t.parent_task_id from tasks t join above on t.id = above.id
      ) select from above join tasks a on a.id = above.id where a.chat_id = ${chatId}
    ))
    order by p.created_at, p.id`;
  return rows.map(toPermission);
}

/** The chats in which a task's questions are shown: its own, and those that it was handed out from. */
export async function findAskedChats(sql: Sql, taskId: TaskId): Promise<ChatId[]> {
  const rows = await sql<{ chat_id: string }[]>`
    with recursive above as (
      select t.id, t.chat_id, t.parent_task_id from tasks t where t.id = ${taskId}
      union
      select t.id, t.chat_id, t.parent_task_id from tasks t join above on t.id = above.parent_task_id
    ) select distinct chat_id from above`;
  return rows.map((row) => ChatId.parse(row.chat_id));
}

/** Open ones first, then the newest. */
export async function listPermissions(sql: Sql, limit: number): Promise<Permission[]> {
  const rows = await sql<PermissionRow[]>`select * from permissions order by state = 'open' desc, created_at desc, id limit ${limit}`;
  return rows.map(toPermission);
}

function toPermission(row: PermissionRow): Permission {
  return {
    id: PermissionId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    sessionId: SessionId.parse(row.session_id),
    chatId: ChatId.parse(row.chat_id),
    taskId: TaskId.parse(row.task_id),
    agent: row.agent,
    ...PermissionRequest.parse(row.request),
    state: PermissionState.parse(row.state),
    answer: row.answer,
    note: row.note,
    createdAt: row.created_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
  };
}
