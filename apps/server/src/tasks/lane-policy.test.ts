import { describe, expect, it } from 'vitest';
import { decideLanes, type Running, type Waiting } from './lane-policy.ts';

const waiting = (id: string, more: Partial<Waiting> = {}): Waiting => ({
  id,
  chatId: `chat-${id}`,
  sessionId: `session-${id}`,
  access: 'ask',
  priority: 0,
  position: 1,
  createdAt: 0,
  lane: null,
  ...more,
});
const running = (more: Partial<Running>): Running => ({ chatId: 'c', sessionId: 's', access: 'ask', lane: null, isBlocked: false, ...more });
const roomy = { total: 10, lanes: new Map<string, number>() };

describe('decideLanes()', () => {
  it('starts the first of each chat, the urgent and the old ones first', () => {
    const decision = decideLanes(
      [
        waiting('a', { createdAt: 2 }),
        waiting('b', { createdAt: 1 }),
        waiting('c', { priority: 5, createdAt: 3 }),
        waiting('d', { chatId: 'chat-a', position: 3, priority: 9 }),
      ],
      [],
      roomy,
    );
    expect(decision.start).toEqual(['c', 'b', 'a']);
    expect([...decision.waits]).toEqual([['d', 'the turn before it in this chat']]);
  });

  it('keeps one writer per session, and lets readers in', () => {
    const decision = decideLanes(
      [waiting('a', { sessionId: 's' }), waiting('b', { sessionId: 's', access: 'read-only' })],
      [running({ chatId: 'x', sessionId: 's' })],
      roomy,
    );
    expect(decision.start).toEqual(['b']);
    expect(decision.waits.get('a')).toMatch(/worktree/);
  });

  it('counts slots of a model server, but not for turns that wait for a person', () => {
    const capacity = { total: 10, lanes: new Map([['gpu', 1]]) };
    expect(decideLanes([waiting('a', { lane: 'gpu' })], [running({ lane: 'gpu' })], capacity).start).toEqual([]);
    expect(decideLanes([waiting('a', { lane: 'gpu' })], [running({ lane: 'gpu', isBlocked: true })], capacity).start).toEqual(['a']);
    expect(decideLanes([waiting('a', { lane: 'gpu' }), waiting('b', { lane: 'gpu' })], [], capacity).start).toEqual(['a']);
  });

  it('keeps the total', () => {
    const decision = decideLanes([waiting('a'), waiting('b')], [], { total: 1, lanes: new Map() });
    expect([decision.start, decision.waits.get('b')]).toEqual([['a'], 'a free place: 1 turns run already']);
  });
});
