import { createHash, randomBytes } from 'node:crypto';
import type { OpenOptions } from '@boocode/agents/backend.ts';
import { mapVendorEvent } from '@boocode/agents/notify/map-vendor-event.ts';
import { type AgentNotification, NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { AgentKey } from '../chats/agent-session-store.ts';
import type { Hub } from '../live/hub.ts';
import type { Handlers } from '../http/register-route.ts';
import type { LiveTurns } from './live-turns.ts';

/**
 * Hears the hooks of agents without a protocol. Each agent of each chat has a token of its own that is good for nothing else; it lives as long as this server.
 * What a hook says changes the status that is shown, never the turn: only its own stream ends a turn.
 */
export class AgentNotifications {
  readonly #keys = new Map<string, AgentKey>();
  readonly #tokens = new Map<string, string>();
  readonly #url: () => string;

  /** `url`: where this server is reached; empty until it listens. */
  constructor(url: () => string) {
    this.#url = url;
  }

  /** Where this agent's hooks may speak; null for an agent that has none, and before the server listens. */
  of(key: AgentKey): OpenOptions['notify'] {
    const base = this.#url();
    if (key.agent === NATIVE_AGENT || base === '') return null;
    const name = `${key.chatId} ${key.agent}`;
    const token = this.#tokens.get(name) ?? randomBytes(24).toString('base64url');
    this.#tokens.set(name, token);
    this.#keys.set(hash(token), key);
    return { url: new URL('/api/agents/notify', base).href, token };
  }

  /** Rejects with `unauthorized` for a token that no agent has. */
  keyOf(authorization: string | undefined): AgentKey {
    const key = this.#keys.get(hash(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? ''));
    if (key === undefined)
      throw new BooError('unauthorized', "Cannot take this notification: its token belongs to no agent's session; it is given to hooks when an agent starts");
    return key;
  }
}

export function notificationHandlers(deps: {
  readonly hub: Hub;
  readonly liveTurns: LiveTurns;
  readonly notifications: AgentNotifications;
}): Partial<Handlers> {
  return {
    notifyAgentStatus: ({ body, request }) => {
      show(deps, deps.notifications.keyOf(request.headers.authorization), body);
      return { ok: true };
    },
  };
}

/** A turn that runs and waits for nobody works, or waits for the person at the agent's own screen; without a turn there is nothing to show. */
function show({ hub, liveTurns }: { readonly hub: Hub; readonly liveTurns: LiveTurns }, { chatId, agent }: AgentKey, { event }: AgentNotification): void {
  const said = mapVendorEvent(event);
  const live = liveTurns.ofChat(chatId);
  if (live === null || live.claimed.task.agent !== agent || said === null || said === 'stop') return;
  const status = said === 'blocked' ? 'blocked' : 'working';
  const frame = { type: 'agent_status_updated', sessionId: live.claimed.task.sessionId, chatId: live.claimed.task.chatId, agent, status } as const;
  hub.publish(chatChannel(live.claimed.task.chatId), frame);
  hub.publish('user', frame);
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
