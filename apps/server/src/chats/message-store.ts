import { Usage } from '@boocode/contracts/agent-event.ts';
import { Failure } from '@boocode/contracts/error-code.ts';
import { ChatId, MessageId, TaskId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import { MessageStatus, type Part } from '@boocode/contracts/turn-state.ts';
import * as z from 'zod/mini';
import type { Sql } from 'postgres';

interface MessageRow {
  readonly id: string;
  readonly chat_id: string;
  readonly task_id: string | null;
  readonly position: string;
  readonly role: string;
  readonly status: string;
  readonly agent: string | null;
  readonly model: string | null;
  readonly mode: string | null;
  readonly usage: unknown;
  readonly failure: unknown;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

interface PartRow {
  readonly message_id: string;
  readonly index: number;
  readonly segment: number;
  readonly data: unknown;
  readonly text: string;
}

/** The newest `limit` messages before `before` (null = the end), in reading order, and whether there are older ones. What a restore took back is not there. */
export async function listMessages(sql: Sql, chatId: ChatId, before: number | null, limit: number): Promise<{ messages: Message[]; hasOlder: boolean }> {
  const rows = await sql<MessageRow[]>`
    select * from messages
    where chat_id = ${chatId} and position < ${before ?? Number.MAX_SAFE_INTEGER} and hidden_at is null
    order by position desc limit ${limit + 1}`;
  const page = rows.slice(0, limit).reverse();
  return { messages: await withParts(sql, page), hasOlder: rows.length > limit };
}

/** The oldest `limit` messages after `after`, in reading order, and whether there are newer ones. */
export async function listNewer(sql: Sql, chatId: ChatId, after: number, limit: number): Promise<{ messages: Message[]; hasNewer: boolean }> {
  const rows = await sql<MessageRow[]>`
    select * from messages where chat_id = ${chatId} and position > ${after} and hidden_at is null order by position limit ${limit + 1}`;
  return { messages: await withParts(sql, rows.slice(0, limit)), hasNewer: rows.length > limit };
}

/** The chat before a message, as an agent should remember it: without waiting messages, attempts that were tried again, and what a restore took back. */
export async function listHistory(sql: Sql, chatId: ChatId, before: number, limit: number): Promise<Message[]> {
  const rows = await sql<MessageRow[]>`
    select m.* from messages m left join tasks t on t.id = m.task_id
    where m.chat_id = ${chatId} and m.position < ${before} and m.status <> 'waiting' and m.hidden_at is null and (t.superseded_by is null or ${isHidden(sql)})
    order by m.position desc limit ${limit}`;
  return withParts(sql, rows.reverse());
}

/** The attempt that took its place was taken back itself. */
function isHidden(sql: Sql) {
  return sql`exists (select from tasks s join messages h on h.id = s.message_id where s.id = t.superseded_by and h.hidden_at is not null)`;
}

/** Whether a restore has taken a message back. */
export async function isTakenBack(sql: Sql, id: MessageId): Promise<boolean> {
  const rows = await sql`select from messages where id = ${id} and hidden_at is not null`;
  return rows.length > 0;
}

export async function findMessage(sql: Sql, id: MessageId): Promise<Message | null> {
  const [message] = await withParts(sql, await sql<MessageRow[]>`select * from messages where id = ${id}`);
  return message ?? null;
}

export async function findMessages(sql: Sql, ids: readonly MessageId[]): Promise<Message[]> {
  if (ids.length === 0) return [];
  return withParts(sql, await sql<MessageRow[]>`select * from messages where id in ${sql([...ids])} order by position`);
}

/** Replaces the text of a message whose turn has not begun. Null when it has begun or is gone. */
export async function updateWaitingText(sql: Sql, id: MessageId, text: string): Promise<Message | null> {
  const isWaiting = await sql.begin(async (tx) => {
    const result = await tx`
      update tasks set input = ${text}
      from messages m where m.id = ${id} and m.role = 'user' and m.status = 'waiting' and tasks.message_id = m.id and tasks.state = 'pending'`;
    if (result.count !== 1) return false;
    await tx`delete from parts where message_id = ${id} and index = 0`;
    await tx`insert into parts (message_id, index, segment, data, text) values (${id}, 0, 0, ${'{"type":"text"}'}::text::json, ${text})`;
    return true;
  });
  return isWaiting ? findMessage(sql, id) : null;
}

/** Takes a waiting message, its answer and its task back. Returns the ids that are gone and the text, or null when the turn has begun. */
export async function removeWaiting(sql: Sql, id: MessageId): Promise<{ chatId: ChatId; taskId: TaskId; answerId: MessageId; text: string } | null> {
  return sql.begin(async (tx) => {
    const [task] = await tx<{ id: string; chat_id: string; answer_id: string; input: string }[]>`
      delete from tasks where message_id = ${id} and state = 'pending' returning id, chat_id, answer_id, input`;
    if (task === undefined) return null;
    await tx`delete from messages where id in (${id}, ${task.answer_id})`;
    return { chatId: ChatId.parse(task.chat_id), taskId: TaskId.parse(task.id), answerId: MessageId.parse(task.answer_id), text: task.input };
  });
}

async function withParts(sql: Sql, rows: readonly MessageRow[]): Promise<Message[]> {
  if (rows.length === 0) return [];
  const parts = await sql<PartRow[]>`
    select message_id, index, segment, data, text from parts
    where message_id = any (${rows.map((row) => row.id)}::uuid[])
    order by message_id, index, segment`;
  const byMessage = new Map<string, PartRow[]>();
  for (const part of parts) {
    const known = byMessage.get(part.message_id);
    if (known === undefined) byMessage.set(part.message_id, [part]);
    else known.push(part);
  }
  return rows.map((row) => toMessage(row, joinParts(byMessage.get(row.id) ?? [])));
}

const TextType = z.object({ type: z.enum(['text', 'reasoning']) });

/** Text is kept in segments; everything else whole, in the data of its only segment. */
function joinParts(rows: readonly PartRow[]): Part[] {
  const parts: Part[] = [];
  let index = -1;
  for (const row of rows) {
    const last = parts.at(-1);
    if (row.index === index && (last?.type === 'text' || last?.type === 'reasoning')) {
      parts[parts.length - 1] = { type: last.type, text: last.text + row.text };
      continue;
    }
    index = row.index;
    const textual = TextType.safeParse(row.data);
    parts.push(textual.success ? { type: textual.data.type, text: row.text } : storedPart(row.data));
  }
  return parts;
}

/** What the recorder wrote from a part. Whoever sends it on checks it against the wire's schema: twice would be the dearest part of reading a page. */
function storedPart(data: unknown): Part {
  return data as Part;
}

function toMessage(row: MessageRow, parts: Part[]): Message {
  return {
    id: MessageId.parse(row.id),
    chatId: ChatId.parse(row.chat_id),
    taskId: row.task_id === null ? null : TaskId.parse(row.task_id),
    position: Number(row.position),
    role: row.role === 'user' ? 'user' : 'assistant',
    status: MessageStatus.parse(row.status),
    metadata: { agent: row.agent, model: row.model, mode: row.mode },
    parts,
    usage: row.usage === null ? null : Usage.parse(row.usage),
    activity: null,
    failure: row.failure === null ? null : Failure.parse(row.failure),
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at === null ? null : row.ended_at.toISOString(),
  };
}
