import type { ChatId, TaskId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

/** Keeps what a person said about rejected work until the agent's next prompt. */
export async function insertNote(sql: Queries, chatId: ChatId, text: string): Promise<void> {
  await sql`insert into agent_notes (chat_id, text) values (${chatId}, ${text})`;
}

/** Notes that no turn has been given yet, oldest first. */
export async function listNotes(sql: Sql, chatId: ChatId): Promise<string[]> {
  const rows = await sql<{ text: string }[]>`select text from agent_notes where chat_id = ${chatId} and delivered_task_id is null order by id`;
  return rows.map((row) => row.text);
}

/** The turn that was given the notes has ended: they are not told again. Notes made since it began stay. */
export async function markNotesDelivered(sql: Queries, taskId: TaskId): Promise<void> {
  await sql`
    update agent_notes set delivered_task_id = t.id from tasks t
    where t.id = ${taskId} and agent_notes.chat_id = t.chat_id and agent_notes.delivered_task_id is null and agent_notes.created_at < t.started_at`;
}
