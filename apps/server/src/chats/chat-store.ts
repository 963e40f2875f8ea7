import type { Access } from '@boocode/contracts/access.ts';
import type { AgentSessionRow, Chat, PatchChat } from '@boocode/contracts/chat.ts';
import { AgentStatus } from '@boocode/contracts/chat.ts';
import { ChatId, type SessionId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import { type ChatRow, toChat } from '../sessions/session-store.ts';

export async function findChat(sql: Sql, id: ChatId): Promise<Chat | null> {
  const [row] = await sql<ChatRow[]>`
    select c.*, s.project_id from chats c join sessions s on s.id = c.session_id
    where c.id = ${id} and c.closed_at is null and s.deleted_at is null`;
  return row === undefined ? null : toChat(row);
}

export async function insertChat(
  sql: Sql,
  chat: { sessionId: SessionId; title: string | null; agent: string; model: string | null; mode: string | null; access: Access },
): Promise<ChatId> {
  const id = ChatId.parse(crypto.randomUUID());
  await sql`
    insert into chats (id, session_id, title, agent, model, mode, access)
    select ${id}::uuid, ${chat.sessionId}, coalesce(${chat.title}, 'Chat ' || (count(*) + 1)), ${chat.agent}, ${chat.model}, ${chat.mode}, ${chat.access}
    from chats where session_id = ${chat.sessionId}`;
  return id;
}

/** Another agent has other models and modes: those of the one before are forgotten. */
export async function updateChat(sql: Sql, id: ChatId, patch: PatchChat): Promise<boolean> {
  const isOther = sql`(${patch.agent ?? null}::text is not null and ${patch.agent ?? null} is distinct from agent)`;
  const result = await sql`
    update chats set
      title = coalesce(${patch.title ?? null}, title),
      agent = coalesce(${patch.agent ?? null}, agent),
      model = case when ${patch.model !== undefined} then ${patch.model ?? null} when ${isOther} then null else model end,
      mode = case when ${patch.mode !== undefined} then ${patch.mode ?? null} when ${isOther} then null else mode end,
      access = coalesce(${patch.access ?? null}, access),
      updated_at = now()
    where id = ${id} and closed_at is null`;
  return result.count === 1;
}

/** Hides the chat; everything in it stays. */
export async function closeChat(sql: Sql, id: ChatId): Promise<boolean> {
  const result = await sql`update chats set closed_at = now() where id = ${id} and closed_at is null`;
  return result.count === 1;
}

/** Brings a closed chat back. Null when there is none with this id, or its session is deleted. */
export async function reopenChat(sql: Sql, id: ChatId): Promise<Chat | null> {
  await sql`update chats set closed_at = null from sessions s where chats.id = ${id} and s.id = chats.session_id and s.deleted_at is null`;
  return findChat(sql, id);
}

/** Snake case on purpose: a public payload. */
export async function listAgentSessions(sql: Sql, sessionId: SessionId): Promise<AgentSessionRow[]> {
  const rows = await sql<
    {
      agent: string;
      status: string;
      has_session: boolean;
      last_active_at: Date;
      chat_id: string;
      backend: string;
      model: string | null;
      input_tokens: number;
      output_tokens: number;
      cost: number | null;
    }[]
  >`
    select a.agent, a.status, a.resume_token is not null or a.backend = 'native' as has_session, a.last_active_at, a.chat_id, a.backend, a.model,
      a.input_tokens::float8 as input_tokens, a.output_tokens::float8 as output_tokens, a.cost
    from agent_sessions a join chats c on c.id = a.chat_id
    where c.session_id = ${sessionId} and c.closed_at is null
    order by a.last_active_at desc`;
  return rows.map((row) => ({
    ...row,
    status: AgentStatus.parse(row.status),
    chat_id: ChatId.parse(row.chat_id),
    last_active_at: row.last_active_at.toISOString(),
  }));
}
