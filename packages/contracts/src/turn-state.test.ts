import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentEvent } from './agent-event.ts';
import { applyEvent, EMPTY_TURN, Part, type TurnState } from './turn-state.ts';

const callId = fc.constantFrom('a', 'b', 'c');
const output = fc.record({
  text: fc.string(),
  bytes: fc.nat(),
  lines: fc.nat(),
  truncated: fc.boolean(),
  file: fc.option(fc.string()),
  exitCode: fc.option(fc.integer({ min: 0, max: 255 })),
  diffs: fc.array(fc.record({ path: fc.string(), patch: fc.option(fc.string()), additions: fc.nat(), deletions: fc.nat() }), { maxLength: 2 }),
});
const live: fc.Arbitrary<AgentEvent> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), delta: fc.string() }),
  fc.record({ type: fc.constant('reasoning' as const), delta: fc.string() }),
  fc.record(
    {
      type: fc.constant('tool' as const),
      callId,
      at: fc.nat(),
      step: fc.nat(3),
      name: fc.string(),
      title: fc.string(),
      input: fc.jsonValue(),
      status: fc.constantFrom('pending' as const, 'running' as const, 'completed' as const, 'failed' as const),
      output,
    },
    { requiredKeys: ['type', 'callId', 'at'] },
  ),
  fc.record({ type: fc.constant('tool_output' as const), callId, delta: fc.string() }),
  fc.record({ type: fc.constant('notice' as const), level: fc.constantFrom('info' as const, 'warning' as const), code: fc.string(), text: fc.string() }),
  fc.record({ type: fc.constant('limit_reached' as const), limit: fc.constant('steps' as const), value: fc.nat() }),
  fc.record({
    type: fc.constant('activity' as const),
    activity: fc.record({ phase: fc.constantFrom('generating' as const, 'running_tool' as const), detail: fc.option(fc.string()) }),
  }),
);
const ended: fc.Arbitrary<AgentEvent> = fc.record({
  type: fc.constant('ended' as const),
  outcome: fc.constantFrom('completed' as const, 'cancelled' as const, 'failed' as const),
  failure: fc.constant(null),
});

const fold = (events: readonly AgentEvent[], from: TurnState = EMPTY_TURN): TurnState => events.reduce(applyEvent, from);

describe('applyEvent()', () => {
  it('gives what the schema says, whatever the events', () => {
    fc.assert(
      fc.property(fc.array(live), ended, (events, end) => {
        for (const event of events) expect(AgentEvent.safeParse(event).success).toBe(true);
        for (const part of fold([...events, end]).parts) expect(Part.parse(part)).toEqual(part);
      }),
    );
  });

  it('can be cut anywhere, stored as JSON, and continued', () => {
    fc.assert(
      fc.property(fc.array(live), ended, fc.nat(), (events, end, cut) => {
        const all = [...events, end];
        const at = cut % (all.length + 1);
        const stored: unknown = JSON.parse(JSON.stringify(fold(all.slice(0, at))));
        expect(fold(all.slice(at), stored as TurnState)).toEqual(JSON.parse(JSON.stringify(fold(all))));
      }),
    );
  });

  it('does not care how text was cut into deltas', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.nat(), { maxLength: 5 }), (text, cuts) => {
        const points = [...new Set(cuts.map((cut) => cut % text.length))].sort((a, b) => a - b);
        const pieces = [0, ...points].map((start, i) => text.slice(start, points[i] ?? text.length));
        expect(fold(pieces.map((delta) => ({ type: 'text', delta })))).toEqual(fold([{ type: 'text', delta: text }]));
      }),
    );
  });

  it('changes nothing after the ending, and leaves no tool open', () => {
    fc.assert(
      fc.property(fc.array(live), ended, fc.array(fc.oneof(live, ended)), (events, end, late) => {
        const state = fold([...events, end]);
        expect(fold(late, state)).toBe(state);
        expect(state.parts.some((part) => part.type === 'tool' && (part.status === 'running' || part.status === 'pending'))).toBe(false);
      }),
    );
  });

  it('keeps the identity of parts that did not change', () => {
    const before = fold([
      { type: 'text', delta: 'a' },
      { type: 'tool', callId: 'x', at: 1 },
      { type: 'text', delta: 'b' },
    ]);
    const after = applyEvent(before, { type: 'text', delta: 'c' });
    expect([after.parts[0] === before.parts[0], after.parts[1] === before.parts[1], after.parts[2]]).toEqual([true, true, { type: 'text', text: 'bc' }]);
  });
});
