import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import type { Note } from '../chats/note-store.ts';
import { type ProjectRow, toProject } from '../projects/project-store.ts';
import { toWorktree, type WorktreeRow } from '../worktrees/worktree-store.ts';

/** Where a chat works, and what its agent has not been told yet. */
export interface ChatPlace {
  readonly project: Project;
  /** The session's worktree, if there is one. */
  readonly worktree: Worktree | null;
  /** What the person said about earlier work, oldest first. */
  readonly notes: readonly Note[];
}

/** One statement, because every turn waits for it. Null when the chat is gone. */
export async function findPlace(sql: Sql, chatId: ChatId): Promise<ChatPlace | null> {
  const [row] = await sql<{ project: ProjectRow; worktree: WorktreeRow | null; notes: Note[] }[]>`
    select to_json(p) as project, to_json(w) as worktree, (
      select coalesce(json_agg(json_build_object('id', n.id, 'text', n.text) order by n.id), '[]') from agent_notes n
      where n.chat_id = c.id and n.delivered_task_id is null
    ) as notes
    from chats c join sessions s on s.id = c.session_id join projects p on p.id = s.project_id left join worktrees w on w.session_id = s.id
    where c.id = ${chatId}`;
  if (row === undefined) return null;
  return { project: toProject(row.project), worktree: row.worktree === null ? null : toWorktree(row.worktree), notes: row.notes };
}
