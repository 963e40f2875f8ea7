import { ChatId, MessageId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { ChatMatch, PastPrompt, SearchHit } from '@boocode/contracts/search.ts';
import type { Sql } from 'postgres';

/** A message found, without its snippet. */
export type FoundMessage = Omit<SearchHit, 'snippet'>;

/** Messages with all of these words or beginnings of words, newest first. Running ones are found when they have ended. */
export async function searchMessages(sql: Sql, words: readonly string[], projectId: ProjectId | null, limit: number, offset: number): Promise<FoundMessage[]> {
  const query = words.map((word) => `'${word.replaceAll(/['\\]/g, '')}':*`).join(' & ');
  const rows = await sql<FoundRow[]>`
    select m.id, m.position, m.role, m.created_at, c.id as chat_id, c.title as chat_title, s.id as session_id, s.title as session_title, s.project_id
    from message_words w
    join messages m on m.id = w.message_id join chats c on c.id = w.chat_id join sessions s on s.id = c.session_id
    where w.words @@ to_tsquery('simple', lower(${query})) and c.closed_at is null and s.deleted_at is null and m.hidden_at is null
      and (${projectId}::uuid is null or s.project_id = ${projectId})
      and not exists (
        select from message_words e where e.message_id = w.message_id and e.piece < w.piece and e.words @@ to_tsquery('simple', lower(${query}))
      )
    order by w.created_at desc, w.message_id limit ${limit} offset ${offset}`;
  return rows.map((row) => ({
    projectId: ProjectId.parse(row.project_id),
    sessionId: SessionId.parse(row.session_id),
    sessionTitle: row.session_title,
    chatId: ChatId.parse(row.chat_id),
    chatTitle: row.chat_title,
    messageId: MessageId.parse(row.id),
    position: Number(row.position),
    role: row.role === 'user' ? 'user' : 'assistant',
    createdAt: row.created_at.toISOString(),
  }));
}

interface FoundRow {
  readonly id: string;
  readonly position: string;
  readonly role: string;
  readonly created_at: Date;
  readonly chat_id: string;
  readonly chat_title: string;
  readonly session_id: string;
  readonly session_title: string;
  readonly project_id: string;
}

/** What of these messages can be found, by message, each part's text on its own. */
export async function readSearchable(sql: Sql, ids: readonly MessageId[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ message_id: string; text: string }[]>`
    select message_id, text from (${searchable(sql)} where p.message_id in ${sql([...ids])} group by p.message_id, p.index) t
    where text <> '' order by message_id, index`;
  const texts = new Map<string, string[]>();
  for (const row of rows) texts.set(row.message_id, [...(texts.get(row.message_id) ?? []), row.text]);
  return texts;
}

/** Messages of a chat with this text in them, whatever its case, in reading order. */
export async function findInChat(sql: Sql, chatId: ChatId, text: string): Promise<ChatMatch[]> {
  const rows = await sql<{ id: string; position: string; count: number }[]>`
    select m.id, m.position, sum((length(t.text) - length(replace(lower(t.text), lower(${text}), ''))) / length(lower(${text})))::int as count
    from messages m
    join (${searchable(sql)} where p.message_id in (select id from messages where chat_id = ${chatId}) group by p.message_id, p.index) t on t.message_id = m.id
    where m.chat_id = ${chatId} and m.hidden_at is null and position(lower(${text}) in lower(t.text)) > 0
    group by m.id, m.position order by m.position`;
  return rows.map((row) => ({ messageId: MessageId.parse(row.id), position: Number(row.position), count: row.count }));
}

/** Prompts of a chat and what was steered into its turns, newest first. */
export async function listPrompts(sql: Sql, chatId: ChatId, limit: number): Promise<PastPrompt[]> {
  const rows = await sql<{ id: string; text: string; created_at: Date }[]>`
    select * from (
      (select m.id, p.text, m.created_at, m.position, p.index from messages m join parts p on p.message_id = m.id and p.index = 0 and p.segment = 0
       where m.chat_id = ${chatId} and m.role = 'user' and m.hidden_at is null order by m.position desc limit ${limit})
      union all
      (select m.id, p.data ->> 'text', m.created_at, m.position, p.index from messages m join parts p on p.message_id = m.id
       where m.chat_id = ${chatId} and m.role = 'assistant' and m.hidden_at is null and p.segment = 0 and p.data ->> 'type' = 'steered' order by m.position desc, p.index desc limit ${limit})
    ) prompts order by position desc, index desc limit ${limit}`;
  return rows.map((row) => ({ messageId: MessageId.parse(row.id), text: row.text, createdAt: row.created_at.toISOString() }));
}

/** The texts of parts as people see them; the caller says which and groups them. */
function searchable(sql: Sql) {
  return sql`
    select p.message_id, p.index, case (array_agg(p.data ->> 'type' order by p.segment))[1]
        when 'text' then string_agg(p.text, '' order by p.segment)
        when 'tool' then (array_agg(p.data ->> 'title'))[1]
        when 'steered' then (array_agg(p.data ->> 'text'))[1]
        when 'file' then (array_agg(p.data ->> 'name'))[1]
        else '' end as text
    from parts p`;
}
