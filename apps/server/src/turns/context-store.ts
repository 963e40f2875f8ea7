import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import type { KnownConversation } from '../chats/agent-session-store.ts';
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
  /** The agents' own conversations in this chat. */
  readonly conversations: readonly KnownConversation[];
}

/** One statement, because every turn waits for it. Null when the chat is gone. */
export async function findPlace(sql: Sql, chatId: ChatId): Promise<ChatPlace | null> {
  const [row] = await sql<{ project: ProjectRow; worktree: WorktreeRow | null; notes: Note[]; conversations: KnownConversation[] }[]>`
    select to_json(p) as project, to_json(w) as worktree, (
      select coalesce(json_agg(json_build_object('id', n.id, 'text', n.text) order by n.id), '[]') from agent_notes n
      where n.chat_id = c.id and n.delivered_task_id is null
    ) as notes, (
      select coalesce(json_agg(json_build_object(
        'agent', a.agent, 'resumeToken', a.resume_token, 'resumeCwd', a.resume_cwd, 'knownPosition', a.known_position
      )), '[]') from agent_sessions a where a.chat_id = c.id
    ) as conversations
    from chats c join sessions s on s.id = c.session_id join projects p on p.id = s.project_id left join worktrees w on w.session_id = s.id and w.state in ('creating', 'ready', 'failed', 'restoring')
    where c.id = ${chatId}`;
  if (row === undefined) return null;
  return {
    project: toProject(row.project),
    worktree: row.worktree === null ? null : toWorktree(row.worktree),
    notes: row.notes,
    conversations: row.conversations,
  };
}
