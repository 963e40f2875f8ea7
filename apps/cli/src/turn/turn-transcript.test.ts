import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AgentEvent, ToolOutput } from '@boocode/contracts/agent-event.ts';
import { applyEvent, EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import { paintNothing } from '../terminal/terminal.ts';
import { textWidth } from '../terminal/text-width.ts';
import { eventsBetween } from './turn-events.ts';
import { EMPTY_TRANSCRIPT, type TranscriptLook, writeTurn } from './turn-transcript.ts';

const LOOK: TranscriptLook = { width: 60, paint: paintNothing, reasoning: 'folded' };

function result(patch: Partial<ToolOutput>): ToolOutput {
  return { text: '', bytes: 0, lines: 0, truncated: false, file: null, exitCode: null, diffs: [], ...patch };
}

const RECORDED: readonly AgentEvent[] = [
  { type: 'activity', activity: { phase: 'waiting_for_model', detail: null } },
  { type: 'reasoning', delta: 'The person wants ' },
  { type: 'reasoning', delta: 'a mended parser, so I read it first.' },
  { type: 'text', delta: '\n\nI read the parser' },
  { type: 'text', delta: ' and its test, which say what it should do with an em' },
  { type: 'text', delta: 'pty line.\n\n' },
  { type: 'tool', callId: 'a', at: 1_000, name: 'read', kind: 'read', title: 'Read src/parser/parse-the-whole-file-at-once.ts', status: 'running' },
  { type: 'tool', callId: 'b', at: 1_000, name: 'search', kind: 'search', title: 'Search "parse("', status: 'running' },
  { type: 'tool', callId: 'b', at: 1_030, status: 'completed', output: result({ bytes: 84, lines: 1 }) },
  { type: 'tool', callId: 'a', at: 1_012, status: 'completed', output: result({ bytes: 4_312, lines: 120 }) },
  { type: 'tool', callId: 'c', at: 2_000, name: 'edit', kind: 'edit', title: 'Edit src/parser.ts', status: 'running' },
  {
    type: 'tool',
    callId: 'c',
    at: 2_008,
    status: 'completed',
    output: result({ bytes: 40, lines: 1, diffs: [{ path: 'src/parser.ts', patch: null, additions: 3, deletions: 1 }] }),
  },
  { type: 'tool', callId: 'd', at: 3_000, name: 'shell', kind: 'execute', title: 'npm test\n&& echo \u001b[2Jdone', status: 'running' },
  { type: 'tool_output', callId: 'd', delta: 'live' },
  { type: 'tool', callId: 'd', at: 6_140, status: 'failed', output: result({ bytes: 1_234, lines: 20, exitCode: 1 }) },
  { type: 'notice', level: 'warning', code: 'context_dropped', text: 'The oldest tool output was dropped: the chat is longer than the model can hold' },
  { type: 'text', delta: 'One test fails: ' },
  { type: 'tool', callId: 'e', at: 7_000, name: 'shell', kind: 'execute', title: '', status: 'running' },
  { type: 'limit_reached', limit: 'steps', value: 50 },
  { type: 'ended', outcome: 'completed', failure: null },
];

const TRANSCRIPT = `· thought (11 words) The person wants a mended parser, so I…

I read the parser and its test, which say what it should do
with an empty line.

✓ Read src/parser/parse-the-w…  120 lines, 4.3 kB      12 ms
✓ Search "parse("                            84 B      30 ms
✓ Edit src/parser.ts                        +3 -1       8 ms
✗ npm test && echo ␛[2Jdone        exit 1, 1.2 kB      3.1 s
! The oldest tool output was dropped: the chat is longer
than the model can hold

One test fails:

– shell                                 cancelled       0 ms
! Stopped after 50 steps, the limit of one turn
`;

it('writeTurn() of a recorded turn is this transcript', () => {
  expect(play(RECORDED, () => true, LOOK)).toBe(TRANSCRIPT);
});

it('writeTurn() gives the same transcript however the frames were gathered, even when only the stored message was seen', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: RECORDED.length, maxLength: RECORDED.length }), (seen) => {
      expect(play(RECORDED, (index) => seen[index] === true, LOOK)).toBe(TRANSCRIPT);
    }),
  );
});

it('writeTurn() writes no line wider than the terminal', () => {
  for (const width of [20, 33, 80, 200]) {
    const lines = play(RECORDED, () => true, { ...LOOK, width }).split('\n');
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
  }
});

it('writeTurn() streams reasoning where it is wanted', () => {
  expect(play(RECORDED.slice(0, 5), () => true, { ...LOOK, reasoning: 'streamed' })).toBe(
    'The person wants a mended parser, so I read it first.\n\nI read the parser and its test, which say what it should do\nwith an',
  );
});

it('eventsBetween() leads from any seen state to any later one', () => {
  const states = RECORDED.slice(0, -1).reduce<TurnState[]>((all, event) => [...all, applyEvent(all.at(-1) ?? EMPTY_TURN, event)], [EMPTY_TURN]);
  for (const [index, before] of states.entries()) {
    for (const after of states.slice(index)) {
      const folded = eventsBetween(before, after).reduce(applyEvent, before);
      expect(folded.parts.map(withoutStart)).toEqual(after.parts.map(withoutStart));
    }
  }
});

/** A call that is first seen when it has ended begins, for its reader, then. */
function withoutStart(part: TurnState['parts'][number]) {
  return part.type === 'tool' ? { ...part, startedAt: 0, endedAt: 0 } : part;
}

function play(events: readonly AgentEvent[], isSeen: (index: number) => boolean, look: TranscriptLook): string {
  let turn: TurnState = EMPTY_TURN;
  let state = EMPTY_TRANSCRIPT;
  let out = '';
  events.forEach((event, index) => {
    turn = applyEvent(turn, event);
    if (!isSeen(index) && index < events.length - 1) return;
    const step = writeTurn(state, turn, look);
    state = step.state;
    out += step.out;
  });
  return out;
}
