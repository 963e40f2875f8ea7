import { ChangeComment } from '@boocode/contracts/change.ts';
import type { ChangeCommentId, ChatId, SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

/** Keeps what a person said about rejected work until the agent's next prompt. */
export async function insertNote(sql: Queries, chatId: ChatId, text: string): Promise<void> {
  await sql`insert into agent_notes (chat_id, text) values (${chatId}, ${text})`;
}

export interface Note {
  readonly id: number;
  readonly text: string;
}

/** The turn that was given these notes has ended: they are not told again. */
export async function markNotesDelivered(sql: Queries, taskId: TaskId, notes: readonly Note[]): Promise<void> {
  if (notes.length === 0) return;
  await sql`update agent_notes set delivered_task_id = ${taskId} where id = any (${notes.map((note) => note.id)}::bigint[]) and delivered_task_id is null`;
}

/** A note about a line of a change. `note` is what the agent is told, `text` what the person wrote. */
export interface NewComment extends Omit<ChangeComment, 'createdAt'> {
  readonly worktreeId: WorktreeId;
  readonly note: string;
}

export async function insertComment(sql: Sql, comment: NewComment): Promise<ChangeComment> {
  const [row] = await sql<[CommentRow]>`
    insert into agent_notes (chat_id, text, comment_id, worktree_id, path, line, side, comment)
    values (${comment.chatId}, ${comment.note}, ${comment.id}, ${comment.worktreeId}, ${comment.path}, ${comment.line}, ${comment.side}, ${comment.text}) returning *`;
  return toComment(row);
}

/** Comments of a session that no agent has been given yet, in the order of the files. */
export async function listComments(sql: Sql, sessionId: SessionId): Promise<ChangeComment[]> {
  const rows = await sql<CommentRow[]>`
    select n.* from agent_notes n join chats c on c.id = n.chat_id
    where c.session_id = ${sessionId} and n.comment_id is not null and n.delivered_task_id is null order by n.path, n.line, n.id`;
  return rows.map(toComment);
}

/** Takes a comment back. Null when an agent has been given it, or there is none. */
export async function deleteComment(sql: Sql, id: ChangeCommentId): Promise<ChatId | null> {
  const [row] = await sql<CommentRow[]>`delete from agent_notes where comment_id = ${id} and delivered_task_id is null returning *`;
  return row === undefined ? null : toComment(row).chatId;
}

interface CommentRow {
  readonly comment_id: string;
  readonly chat_id: string;
  readonly path: string;
  readonly line: number;
  readonly side: string;
  readonly comment: string;
  readonly created_at: Date;
}

function toComment(row: CommentRow): ChangeComment {
  const { comment_id: id, chat_id: chatId, path, line, side, comment: text } = row;
  return ChangeComment.parse({ id, chatId, path, line, side, text, createdAt: row.created_at.toISOString() });
}
