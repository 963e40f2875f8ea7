import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from './agent-event.ts';
import type { Chat } from './chat.ts';
import { applyFrame, type ChatState, EMPTY_CHAT, prependMessages } from './chat-state.ts';
import { chatChannel, decodeFrame, type ServerFrame } from './frames.ts';
import { ChatId, MessageId, ProjectId, SessionId } from './ids.ts';
import type { Message } from './message.ts';

const chatId = ChatId.parse(crypto.randomUUID());
const channel = chatChannel(chatId);
const ids = Array.from({ length: 6 }, () => MessageId.parse(crypto.randomUUID()));
const when = '2026-01-01T00:00:00.000Z';
const chat: Chat = {
  id: chatId,
  sessionId: SessionId.parse(crypto.randomUUID()),
  projectId: ProjectId.parse(crypto.randomUUID()),
  title: 'T',
  agent: 'boocode',
  model: null,
  mode: null,
  access: 'ask',
  status: 'idle',
  createdAt: when,
  updatedAt: when,
};
const message = (index: number, more: Partial<Message> = {}): Message => ({
  id: ids[index]!,
  chatId,
  taskId: null,
  position: index,
  role: 'assistant',
  status: 'streaming',
  metadata: { agent: 'boocode', model: null, mode: null },
  parts: [],
  usage: null,
  activity: null,
  failure: null,
  createdAt: when,
  endedAt: null,
  ...more,
});

const event: fc.Arbitrary<AgentEvent> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), delta: fc.string() }),
  fc.record({
    type: fc.constant('tool' as const),
    callId: fc.constantFrom('a', 'b'),
    at: fc.nat(),
    title: fc.string(),
    status: fc.constantFrom('running' as const, 'completed' as const),
  }),
  fc.record({ type: fc.constant('ended' as const), outcome: fc.constantFrom('completed' as const, 'failed' as const), failure: fc.constant(null) }),
);

/** The frames of a chat as the server numbers them: a message is there before its events. */
const history: fc.Arbitrary<ServerFrame[]> = fc.array(fc.tuple(fc.nat(ids.length - 1), event), { maxLength: 40 }).map((steps) => {
  const frames: ServerFrame[] = [{ type: 'chat_snapshot', channel, seq: 1, chat, messages: [], hasOlder: false, tasks: [], permissions: [], agents: [] }];
  const known = new Set<number>();
  for (const [index, next] of steps) {
    if (!known.has(index)) frames.push({ type: 'message_added', channel, seq: frames.length + 1, message: message(index) });
    known.add(index);
    frames.push({ type: 'chat_event', channel, seq: frames.length + 1, chatId, messageId: ids[index]!, event: next });
  }
  return frames;
});

const fold = (frames: readonly ServerFrame[], from: ChatState = EMPTY_CHAT): ChatState => frames.reduce(applyFrame, from);

/** The snapshot that a server would give after these frames. */
function snapshotAfter(frames: readonly ServerFrame[]): ServerFrame {
  const { seq, messages } = fold(frames);
  return { type: 'chat_snapshot', channel, seq, chat, messages: [...messages], hasOlder: false, tasks: [], permissions: [], agents: [] };
}

const ofAnotherChannel: ServerFrame = {
  type: 'agent_status_updated',
  channel: 'user',
  seq: 999_999,
  sessionId: chat.sessionId,
  chatId,
  agent: 'boocode',
  status: 'error',
};

describe('applyFrame()', () => {
  it('folds any interleaving, replay and cut of a channel to the same state', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(fc.nat(), fc.nat(5))), fc.nat(), fc.boolean(), (frames, replays, cut, isSnapshot) => {
        const whole = fold(frames);
        // Replays of earlier frames, and frames of the other channel of the same socket, anywhere in between.
        const noisy = frames.flatMap((frame, index) => {
          const extra = replays.filter(([at]) => at % frames.length === index).map(([, back]) => frames[Math.max(1, index - back)] ?? frame);
          return [frame, ...extra.filter((replayed) => replayed.type !== 'chat_snapshot'), ...(index % 3 === 0 ? [ofAnotherChannel] : [])];
        });
        expect(fold(noisy)).toEqual(whole);
        // Cut, and back with `after` (the missed frames), or after too long (resync and a snapshot).
        const at = 1 + (cut % frames.length);
        const early = fold(frames.slice(0, at));
        const back: ServerFrame[] = isSnapshot ? [{ type: 'resync', channel, reason: 'x' }, snapshotAfter(frames)] : frames.slice(at);
        expect(JSON.stringify(fold(back, early))).toBe(JSON.stringify(whole));
      }),
    );
  });

  it('survives the wire', () => {
    fc.assert(
      fc.property(history, (frames) => {
        const sent = frames.map((frame) => decodeFrame(JSON.stringify(frame))!);
        expect(fold(sent)).toEqual(fold(frames));
      }),
    );
  });

  it('keeps older pages over a snapshot that joins them, and forgets them where there is a gap', () => {
    const loaded = prependMessages(
      fold([{ type: 'chat_snapshot', channel, seq: 1, chat, messages: [message(3)], hasOlder: true, tasks: [], permissions: [], agents: [] }]),
      [message(1), message(2)],
      false,
    );
    expect(loaded.messages.map(({ position }) => position)).toEqual([1, 2, 3]);
    const joined = applyFrame(loaded, {
      type: 'chat_snapshot',
      channel,
      seq: 9,
      chat,
      messages: [message(3), message(4)],
      hasOlder: true,
      tasks: [],
      permissions: [],
      agents: [],
    });
    expect([joined.messages.map(({ position }) => position), joined.hasOlder]).toEqual([[1, 2, 3, 4], false]);
    const gap = applyFrame(loaded, {
      type: 'chat_snapshot',
      channel,
      seq: 9,
      chat,
      messages: [message(5)],
      hasOlder: true,
      tasks: [],
      permissions: [],
      agents: [],
    });
    expect([gap.messages.map(({ position }) => position), gap.hasOlder]).toEqual([[5], true]);
  });

  it('takes an unknown or malformed frame for nothing', () => {
    expect([decodeFrame('{"type":"from_the_future"}'), decodeFrame('{'), decodeFrame('[]')]).toEqual([null, null, null]);
  });
});
