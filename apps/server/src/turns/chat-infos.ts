import { type AgentInfo, EMPTY_AGENT_INFO } from '@boocode/contracts/agent-info.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { type AgentKey, listChatAgents, saveInfo } from '../chats/agent-session-store.ts';
import { KeyedQueue } from '../live/keyed-queue.ts';
import type { Hub } from '../live/hub.ts';

export interface ChatInfosDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly log: Logger;
  /** Hears what an agent offers, for every chat. */
  readonly onLearned: (agent: string, info: AgentInfo) => void;
}

/** What agents say of themselves in their chats: kept, and told to whoever watches the chat. */
export class ChatInfos {
  readonly #deps: ChatInfosDeps;
  readonly #queue = new KeyedQueue();

  constructor(deps: ChatInfosDeps) {
    this.#deps = deps;
  }

  /** Takes note of what an agent said; absent fields are as before. Nothing waits for it, and it never throws. */
  learn(key: AgentKey, said: Partial<AgentInfo>): void {
    void this.#queue
      .run(`${key.chatId} ${key.agent}`, () => this.#store(key, said))
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error, agent: key.agent }, 'cannot keep what an agent says of itself');
      });
  }

  async #store({ chatId, agent }: AgentKey, said: Partial<AgentInfo>): Promise<void> {
    const { sql, hub } = this.#deps;
    const before = (await listChatAgents(sql, chatId)).find((known) => known.agent === agent)?.info ?? EMPTY_AGENT_INFO;
    const info = { ...before, ...said };
    if (JSON.stringify(info) === JSON.stringify(before)) return;
    await saveInfo(sql, chatId, agent, info);
    hub.publish(chatChannel(chatId), { type: 'agent_info_updated', chatId, agent, info });
    this.#deps.onLearned(agent, info);
  }
}
