import type { PoolEntry } from '@boocode/agents/agent-pool.ts';
import type { RunningAgent } from '@boocode/contracts/agent-info.ts';
import { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';

export function runningAgentHandlers({ sql, list }: { readonly sql: Sql; readonly list: () => PoolEntry[] }): Partial<Handlers> {
  return {
    listRunningAgents: async ({ query }) => pageOfAll(await describe(sql, list()), query),
  };
}

/** What is kept of a chat that is gone is on its way out, and not shown. */
async function describe(sql: Sql, entries: readonly PoolEntry[]): Promise<RunningAgent[]> {
  const rows = await sql<
    { id: string; session_id: string }[]
  >`select id, session_id from chats where id = any (${entries.map((entry) => entry.chatId)}::uuid[])`;
  const sessions = new Map(rows.map((row) => [row.id, row.session_id]));
  return entries.flatMap(({ chatId, agent, pid, memoryBytes, isInUse, lastUsedAt }) => {
    const sessionId = sessions.get(chatId);
    if (sessionId === undefined) return [];
    const state = isInUse ? 'working' : 'idle';
    return [
      { chatId: ChatId.parse(chatId), sessionId: SessionId.parse(sessionId), agent, pid, memoryBytes, state, lastUsedAt: new Date(lastUsedAt).toISOString() },
    ];
  });
}
