import { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Hub } from '../live/hub.ts';
import { AgentNotifications, notificationHandlers } from './agent-notifications.ts';
import { LiveTurns } from './live-turns.ts';

const chatId = ChatId.parse('00000000-0000-4000-8000-000000000003');
const sessionId = SessionId.parse('00000000-0000-4000-8000-000000000002');

/** A turn of `agent` runs in the chat. */
function house(agent: string | null) {
  let url = '';
  const hub = new Hub(pino({ level: 'silent' }));
  const published: unknown[] = [];
  hub.publish = (channel, frame) => void published.push([channel, frame]);
  const liveTurns = new LiveTurns();
  liveTurns.ofChat = (id) => (agent !== null && id === chatId ? ({ claimed: { task: { chatId, sessionId, agent } } } as never) : null);
  const notifications = new AgentNotifications(() => url);
  const handlers = notificationHandlers({ hub, liveTurns, notifications });
  const say = (authorization: string | undefined, event: object) =>
    handlers.notifyAgentStatus!({ body: { vendor: 'claude', event }, request: { headers: { authorization } } } as never);
  return { notifications, published, say, listen: () => (url = 'http://127.0.0.1:9500') };
}

describe('a hook of an agent', () => {
  it('has a token of its own, the same for each of its turns, once the server listens', () => {
    const { notifications, listen } = house(null);
    expect(notifications.of({ chatId, agent: 'claude' })).toBeNull();
    listen();
    const one = notifications.of({ chatId, agent: 'claude' });
    expect(one).toEqual({ url: 'http://127.0.0.1:9500/api/agents/notify', token: expect.stringMatching(/^[\w-]{32}$/) });
    expect(notifications.of({ chatId, agent: 'claude' })).toEqual(one);
    expect(notifications.of({ chatId, agent: 'qwen' })?.token).not.toBe(one?.token);
    expect(notifications.of({ chatId, agent: 'boocode' })).toBeNull();
  });

  it('is not heard with another token', () => {
    const { say, published, listen, notifications } = house('claude');
    listen();
    notifications.of({ chatId, agent: 'claude' });
    for (const authorization of [undefined, '', 'Bearer ', 'Bearer x', 'Basic x'])
      expect(() => say(authorization, { hook_event_name: 'PermissionRequest' })).toThrow('belongs to no agent');
    expect(published).toEqual([]);
  });

  it.each([
    ['claude', 'PermissionRequest', ['blocked', 'blocked']],
    ['claude', 'PreToolUse', ['working', 'working']],
    ['claude', 'Stop', []],
    ['claude', 'Unheard', []],
    ['qwen', 'PermissionRequest', []],
    [null, 'PermissionRequest', []],
  ])('while a turn of %s runs: %s shows %j', (agent, name, shown) => {
    const { say, published, listen, notifications } = house(agent);
    listen();
    const token = notifications.of({ chatId, agent: 'claude' })!.token;
    expect(say(`Bearer ${token}`, { hook_event_name: name })).toEqual({ ok: true });
    expect(published.map((one) => (one as [string, { status: string }])[1].status)).toEqual(shown);
  });
});
