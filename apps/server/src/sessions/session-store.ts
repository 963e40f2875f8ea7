import { AgentStatus, type Chat, type Session } from '@boocode/contracts/chat.ts';
import { Access } from '@boocode/contracts/access.ts';
import { ChatId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { Baseline } from '@boocode/contracts/task.ts';
import type { Sql } from 'postgres';

interface SessionRow {
  readonly id: string;
  readonly project_id: string;
  readonly title: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly pending_changes: number;
}

export interface ChatRow {
  readonly id: string;
  readonly session_id: string;
  readonly project_id: string;
  readonly title: string;
  readonly agent: string;
  readonly model: string | null;
  readonly mode: string | null;
  readonly access: string;
  readonly status: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface NewSession {
  readonly projectId: ProjectId;
  readonly title: string;
  readonly baseline: Baseline;
  readonly agent: string;
  readonly model: string | null;
  readonly mode: string | null;
  readonly access: Access;
}

/** Makes a session with its first chat. */
export async function insertSession(sql: Sql, session: NewSession): Promise<Session> {
  const id = SessionId.parse(crypto.randomUUID());
  await sql`
    with s as (
      insert into sessions (id, project_id, title, baseline)
      values (${id}, ${session.projectId}, ${session.title}, ${session.baseline}) returning id
    )
    insert into chats (id, session_id, title, agent, model, mode, access)
    select ${crypto.randomUUID()}::uuid, s.id, 'Chat 1', ${session.agent}, ${session.model}, ${session.mode}, ${session.access} from s`;
  const inserted = await findSession(sql, id);
  if (inserted === null) throw new TypeError(`session ${id} is gone right after its insertion`);
  return inserted;
}

export async function findSession(sql: Sql, id: SessionId): Promise<Session | null> {
  const [session] = await readSessions(sql, sql`s.id = ${id}`, 1, 0);
  return session ?? null;
}

/** Newest first, for one project or for all. */
export async function listSessions(sql: Sql, projectId: ProjectId | null, limit: number, offset: number): Promise<Session[]> {
  return readSessions(sql, projectId === null ? sql`true` : sql`s.project_id = ${projectId}`, limit, offset);
}

/** What a new worktree of this session starts from. */
export async function readBaseline(sql: Sql, id: SessionId): Promise<Baseline | null> {
  const [row] = await sql<{ baseline: string }[]>`select baseline from sessions where id = ${id}`;
  return row === undefined ? null : Baseline.parse(row.baseline);
}

export async function updateSessionTitle(sql: Sql, id: SessionId, title: string): Promise<boolean> {
  const result = await sql`update sessions set title = ${title} where id = ${id} and deleted_at is null`;
  return result.count === 1;
}

/** Hides the session with its chats. Its worktree stays where it is, and belongs to nobody as long as the session is hidden. */
export async function deleteSession(sql: Sql, id: SessionId): Promise<boolean> {
  const result = await sql`update sessions set deleted_at = now() where id = ${id} and deleted_at is null`;
  return result.count === 1;
}

/** Brings a deleted session back as it was. */
export async function reopenSession(sql: Sql, id: SessionId): Promise<void> {
  await sql`update sessions set deleted_at = null where id = ${id}`;
}

async function readSessions(sql: Sql, condition: ReturnType<Sql>, limit: number, offset: number): Promise<Session[]> {
  const rows = await sql<SessionRow[]>`
    select s.*, (select count(*)::int from changes c where c.session_id = s.id and c.state in ('pending', 'conflict')) as pending_changes
    from sessions s where s.deleted_at is null and ${condition}
    order by s.updated_at desc, s.id limit ${limit} offset ${offset}`;
  if (rows.length === 0) return [];
  const chats = await sql<ChatRow[]>`
    select c.*, s.project_id from chats c join sessions s on s.id = c.session_id
    where c.session_id in ${sql(rows.map((row) => row.id))} and c.closed_at is null
    order by c.created_at, c.id`;
  return rows.map((row) => toSession(row, chats.filter((chat) => chat.session_id === row.id).map(toChat)));
}

function toSession(row: SessionRow, chats: Chat[]): Session {
  return {
    id: SessionId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    title: row.title,
    status: mostUrgent(chats.map((chat) => chat.status)),
    pendingChanges: row.pending_changes,
    chats,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function toChat(row: ChatRow): Chat {
  return {
    id: ChatId.parse(row.id),
    sessionId: SessionId.parse(row.session_id),
    projectId: ProjectId.parse(row.project_id),
    title: row.title,
    agent: row.agent,
    model: row.model,
    mode: row.mode,
    access: Access.parse(row.access),
    status: AgentStatus.parse(row.status),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** What a session shows when its chats differ: a person waited for, then work, then an error. */
const URGENCY: readonly AgentStatus[] = ['blocked', 'working', 'error', 'idle'];

function mostUrgent(statuses: readonly AgentStatus[]): AgentStatus {
  return URGENCY.find((status) => statuses.includes(status)) ?? 'idle';
}
