import type { AgentPool } from '@boocode/agents/agent-pool.ts';
import { ChatId, type SessionId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import { findSession } from './sessions/session-store.ts';
import type { TerminalPool } from './terminal/terminal-pool.ts';
import type { InUse } from './worktrees/lease-store.ts';

/** What is kept ready or stands open now, for the leases of worktrees: agents by their chats, terminals by their sessions. */
export function usedPlaces(pool: AgentPool, terminals: TerminalPool): InUse {
  return {
    chats: pool.list().map(({ chatId }) => ChatId.parse(chatId)),
    sessions: terminals.list().flatMap(({ state, sessionId }) => (state === 'running' && sessionId !== null ? [sessionId] : [])),
  };
}

/** Ends both, for a session whose worktree goes. */
export async function endUse({ sql, pool, terminals }: { sql: Sql; pool: AgentPool; terminals: TerminalPool }, sessionId: SessionId): Promise<void> {
  const session = await findSession(sql, sessionId);
  await Promise.all([...(session?.chats ?? []).map(({ id }) => pool.end(id)), terminals.closeAll((terminal) => terminal.sessionId === sessionId)]);
}
