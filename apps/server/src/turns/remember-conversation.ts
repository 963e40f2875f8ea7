import type { AgentSession } from '@boocode/agents/backend.ts';
import { saveConversation } from '../chats/agent-session-store.ts';
import type { ClaimedTask } from '../tasks/task-store.ts';
import type { TurnDeps } from './turn-deps.ts';

/**
 * Returns a function that writes with what an agent's own conversation can be gone on with, where that is not written yet: before its first effect and at its
 * turn's end, so that it can be resumed whatever happens to this server. What it knows of the chat ends with its own answer.
 */
export function rememberConversation(
  { sql, log }: Pick<TurnDeps, 'sql' | 'log'>,
  { task, position }: ClaimedTask,
  where: { readonly agent: AgentSession; readonly transport: string; readonly cwd: string },
): () => Promise<void> {
  let saved: string | null = null;
  return async () => {
    const { resumeToken } = where.agent;
    if (where.transport === 'native' || resumeToken === null || resumeToken === saved) return;
    try {
      await saveConversation(sql, {
        chatId: task.chatId,
        agent: task.agent,
        backend: where.transport,
        model: task.model,
        resumeToken,
        resumeCwd: where.cwd,
        knownPosition: position + 1,
      });
      saved = resumeToken;
    } catch (error) {
      log.warn({ err: error, task: task.id }, 'cannot keep what an agent is resumed with: it is told what happened in the chat instead');
    }
  };
}
