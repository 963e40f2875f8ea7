import type { AgentSession } from '@boocode/agents/backend.ts';
import { type KnownConversation, saveConversation } from '../chats/agent-session-store.ts';
import type { ClaimedTask } from '../tasks/task-store.ts';
import type { TurnDeps } from './turn-deps.ts';

export interface RememberDeps extends Pick<TurnDeps, 'sql' | 'log'> {
  /** What is known of the agent's conversation in this chat so far. */
  readonly known: KnownConversation | null;
}

/**
 * Returns a function that writes with what an agent's own conversation can be gone on with: before its first effect where that is news, so that it can be resumed
 * whatever happens to this server, and at its turn's end (`isOver`), when it also knows the chat up to its own answer.
 */
export function rememberConversation(
  { sql, log, known }: RememberDeps,
  { task, position }: ClaimedTask,
  where: { readonly agent: AgentSession; readonly transport: string; readonly cwd: string },
): (isOver: boolean) => Promise<void> {
  let saved = known?.resumeCwd === where.cwd ? known.resumeToken : null;
  return async (isOver) => {
    const { resumeToken } = where.agent;
    if (where.transport === 'native' || resumeToken === null || (!isOver && resumeToken === saved)) return;
    try {
      await saveConversation(sql, {
        chatId: task.chatId,
        agent: task.agent,
        backend: where.transport,
        model: task.model,
        resumeToken,
        resumeCwd: where.cwd,
        knownPosition: isOver ? position + 1 : (known?.knownPosition ?? 0),
      });
      saved = resumeToken;
    } catch (error) {
      log.warn({ err: error, task: task.id }, 'cannot keep what an agent is resumed with: it is told what happened in the chat instead');
    }
  };
}
