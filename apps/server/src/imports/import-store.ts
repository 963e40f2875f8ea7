import type { PastConversation, PastMessage } from '@boocode/agents/import/past-session.ts';
import type { Access } from '@boocode/contracts/access.ts';
import { ChatId, type ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { ImportAgent, Imported } from '@boocode/contracts/import.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';
import { titleOf } from '../sessions/session-title.ts';
import { cleanValue } from '../turns/clean-event.ts';
import { mapPartRows } from '../turns/map-part-rows.ts';

/** So many messages are written by one statement. */
const BATCH = 200;
/** No way to reach an agent: none has worked in this chat yet. */
const BACKEND = 'import';

export interface NewImport {
  readonly projectId: ProjectId;
  readonly access: Access;
  readonly past: PastConversation;
}

interface KnownRow {
  readonly agent: string;
  readonly external_id: string;
  readonly session_id: string;
  readonly chat_id: string;
}

/** The chats that conversations of an agent are in: taken over, or begun here. Those that were deleted are left out. */
export async function listKnown(sql: Sql, agent: ImportAgent, externalIds: readonly string[]): Promise<ReadonlyMap<string, ChatId>> {
  const rows = await sql<KnownRow[]>`
    select k.* from (${known(sql, agent, externalIds)}) k join chats c on c.id = k.chat_id join sessions s on s.id = c.session_id
    where c.closed_at is null and s.deleted_at is null`;
  return new Map(rows.map((row) => [row.external_id, ChatId.parse(row.chat_id)]));
}

/** Where a conversation already is; a deleted chat comes back with its session. Null when it was never here. */
export async function reopenKnown(sql: Sql, agent: ImportAgent, externalId: string): Promise<Imported | null> {
  return sql.begin(async (tx) => {
    const [row] = await tx<KnownRow[]>`${known(tx, agent, [externalId])} limit 1`;
    if (row === undefined) return null;
    await tx`update sessions set deleted_at = null where id = ${row.session_id} and deleted_at is not null`;
    await tx`update chats set closed_at = null where id = ${row.chat_id} and closed_at is not null`;
    return { sessionId: SessionId.parse(row.session_id), chatId: ChatId.parse(row.chat_id) };
  });
}

/**
 * Makes a session with one chat that holds the whole conversation, all or nothing. Null when it is already here: the primary key decides, and a second
 * import at the same time waits for the first.
 */
export async function insertImport(sql: Sql, { projectId, access, past }: NewImport): Promise<Imported | null> {
  const ids = { sessionId: SessionId.parse(crypto.randomUUID()), chatId: ChatId.parse(crypto.randomUUID()) };
  const { agent, externalId, cwd, messages } = past;
  const first = new Date(messages[0]?.createdAt ?? past.updatedAt);
  return sql.begin(async (tx) => {
    const { count } = await tx`
      with i as (
        insert into imported_sessions (agent, external_id, chat_id) values (${agent}, ${externalId}, ${ids.chatId})
        on conflict (agent, external_id) do nothing returning chat_id
      ), s as (
        insert into sessions (id, project_id, title, created_at)
        select ${ids.sessionId}::uuid, ${projectId}::uuid, ${cleanValue(titleOf(past.title))}, ${first}::timestamptz from i
      )
      insert into chats (id, session_id, title, agent, access, next_position)
      select i.chat_id, ${ids.sessionId}::uuid, 'Chat 1', ${agent}, ${access}, ${messages.length + 1}::bigint from i`;
    if (count === 0) return null;
    await tx`
      insert into agent_sessions (chat_id, agent, backend, model, last_active_at, resume_token, resume_cwd, known_position)
      values (${ids.chatId}, ${agent}, ${BACKEND}, ${messages.findLast(({ model }) => model !== null)?.model ?? null}, ${new Date(past.updatedAt)},
        ${externalId}, ${cwd}, ${messages.length})`;
    for (let from = 0; from < messages.length; from += BATCH) await insertMessages(tx, ids.chatId, agent, messages.slice(from, from + BATCH), from + 1);
    return ids;
  });
}

/** Parts in the statement of their messages: what is looked through later is made when a message appears. */
async function insertMessages(tx: Queries, chatId: ChatId, agent: ImportAgent, messages: readonly PastMessage[], position: number): Promise<void> {
  const rows = messages.map((message, at) => ({ ...message, id: crypto.randomUUID(), position: position + at }));
  const parts = rows.flatMap(({ id, parts: own }) => mapPartRows([], cleanValue(own)).map((part) => ({ ...part, id })));
  await tx`
    with m as (
      insert into messages (id, chat_id, position, role, status, agent, model, failure, created_at, ended_at)
      select id, ${chatId}, position, role, status, ${agent}, model, failure::json, created_at, ended_at
      from unnest(
        ${rows.map(({ id }) => id)}::uuid[], ${rows.map((row) => row.position)}::bigint[], ${rows.map(({ role }) => role)}::text[],
        ${rows.map(({ status }) => status)}::text[], ${rows.map(({ model }) => cleanValue(model))}::text[],
        ${rows.map(({ failure }) => (failure === null ? null : JSON.stringify(cleanValue(failure))))}::text[],
        ${rows.map(({ createdAt }) => new Date(createdAt).toISOString())}::timestamptz[], ${rows.map(({ endedAt }) => new Date(endedAt).toISOString())}::timestamptz[]
      ) as m (id, position, role, status, model, failure, created_at, ended_at)
    )
    insert into parts (message_id, index, segment, data, text)
    select id, index, segment, data::json, text
    from unnest(
      ${parts.map(({ id }) => id)}::uuid[], ${parts.map(({ index }) => index)}::int[], ${parts.map(({ segment }) => segment)}::int[],
      ${parts.map(({ data }) => data)}::text[], ${parts.map(({ text }) => text)}::text[]
    ) as p (id, index, segment, data, text)`;
}

function known(sql: Queries, agent: ImportAgent, externalIds: readonly string[]) {
  return sql`
    select i.agent, i.external_id, c.session_id, c.id as chat_id from imported_sessions i join chats c on c.id = i.chat_id
    where i.agent = ${agent} and i.external_id = any (${[...externalIds]}::text[])
    union
    select a.agent, a.resume_token, c.session_id, c.id from agent_sessions a join chats c on c.id = a.chat_id
    where a.agent = ${agent} and a.resume_token = any (${[...externalIds]}::text[])`;
}
