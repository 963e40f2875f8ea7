import { AgentInfo, type ChatAgent } from '@boocode/contracts/agent-info.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';

/** One agent in one chat. */
export interface AgentKey {
  readonly chatId: ChatId;
  readonly agent: string;
}

/** What an agent's own conversation in a chat can be gone on with. */
export interface KnownConversation {
  readonly agent: string;
  readonly resumeToken: string | null;
  /** The folder it lives in: most agents can resume it only there. */
  readonly resumeCwd: string | null;
  /** The last message of the chat that the agent knows of; 0 = none. */
  readonly knownPosition: number;
}

export interface SavedConversation extends KnownConversation {
  readonly chatId: ChatId;
  readonly backend: string;
  readonly model: string | null;
}

/** To be written as soon as the agent is there, so that it can be resumed whatever happens to this server. */
export async function saveConversation(sql: Sql, saved: SavedConversation): Promise<void> {
  const { chatId, agent, backend, model, resumeToken, resumeCwd, knownPosition } = saved;
  await sql`
    insert into agent_sessions (chat_id, agent, backend, model, status, resume_token, resume_cwd, known_position)
    values (${chatId}, ${agent}, ${backend}, ${model}, 'working', ${resumeToken}, ${resumeCwd}, ${knownPosition})
    on conflict (chat_id, agent) do update set backend = excluded.backend, model = excluded.model, status = 'working', last_active_at = now(),
      resume_token = excluded.resume_token, resume_cwd = excluded.resume_cwd, known_position = excluded.known_position`;
}

/** Keeps what an agent said of itself. It may say so before its conversation is saved. */
export async function saveInfo(sql: Sql, chatId: ChatId, agent: string, info: AgentInfo): Promise<void> {
  await sql`
    insert into agent_sessions (chat_id, agent, backend, info) values (${chatId}, ${agent}, '', ${JSON.stringify(info)}::text::json)
    on conflict (chat_id, agent) do update set info = excluded.info`;
}

/** What the agents that have worked in a chat said of themselves. */
export async function listChatAgents(sql: Sql, chatId: ChatId): Promise<ChatAgent[]> {
  const rows = await sql<
    { agent: string; info: unknown }[]
  >`select agent, info from agent_sessions where chat_id = ${chatId} and info is not null order by agent`;
  return rows.flatMap(({ agent, info }) => {
    const parsed = AgentInfo.safeParse(info);
    return parsed.success ? [{ agent, info: parsed.data }] : [];
  });
}
