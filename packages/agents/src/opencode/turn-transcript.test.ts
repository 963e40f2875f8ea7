import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent, EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import { WireMessage, WirePart } from './opencode-wire.ts';
import { TurnTranscript } from './turn-transcript.ts';

const PROMPT = 'msg_2';
const ANSWER = 'msg_3';

function newTranscript(): TurnTranscript {
  return new TurnTranscript({ promptId: PROMPT, cwd: '/w', now: () => 0, contextSize: () => 1_000 });
}

function message(id: string, more: object = {}): WireMessage {
  return WireMessage.parse({ id, sessionID: 's', role: 'assistant', parentID: PROMPT, time: {}, ...more });
}

function part(id: string, more: object): WirePart {
  return WirePart.parse({ id, sessionID: 's', messageID: ANSWER, ...more });
}

function text(id: string, whole: string, isOver: boolean): WirePart {
  return part(id, { type: 'text', text: whole, time: isOver ? { end: 1 } : {} });
}

function tool(state: object): WirePart {
  return part('p-tool', { type: 'tool', callID: 'c', tool: 'bash', state: { input: { command: 'ls' }, ...state } });
}

describe('TurnTranscript', () => {
  it('has each text once, whatever is lost, told twice or read in between', () => {
    const step = fc.constantFrom('delta', 'lost', 'gap', 'read', 'again');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, isKept) => {
        const transcript = newTranscript();
        let state: TurnState = EMPTY_TURN;
        const show = (events: readonly Parameters<typeof applyEvent>[1][]) => (state = events.reduce(applyEvent, state));
        show(transcript.applyMessage(message(ANSWER)));
        show(transcript.applyPart(text('p', '', false)));
        let whole = '';
        let hasLost = false;
        for (const [index, what] of steps.entries()) {
          if (what === 'delta' || what === 'lost') whole += `${index} `;
          if (what === 'delta' && hasLost) show(transcript.markGap() ?? []);
          if (what === 'delta') show(transcript.applyDelta('p', `${index} `));
          if (what === 'lost') hasLost = true;
          if (what === 'gap') transcript.markGap();
          // while a text streams, what is read may be behind: opencode stores it at its end
          if (what === 'read') show(transcript.applyMessages([{ info: message(ANSWER), parts: [text('p', isKept ? whole : '', false)] }]));
          if (what === 'again') show(transcript.applyPart(text('p', '', false)));
        }
        show(transcript.applyPart(text('p', whole, true)));
        show(transcript.applyMessages([{ info: message(ANSWER, { time: { completed: 1 } }), parts: [text('p', whole, true)] }]));
        expect(state.parts.map((each) => (each.type === 'text' ? each.text : each.type)).join('')).toBe(whole);
        expect(transcript.facts.isWhole).toBe(true);
      }),
    );
  });

  it('takes nothing from other turns and from the prompt itself', () => {
    const transcript = newTranscript();
    expect(transcript.applyMessage(message('msg_1', { parentID: 'msg_0' }))).toEqual([]);
    expect(transcript.applyMessage(message(PROMPT, { role: 'user' }))).toEqual([]);
    expect(transcript.applyPart({ ...text('p', 'old', true), messageID: 'msg_1' })).toEqual([]);
    expect(transcript.applyPart({ ...text('p', 'the prompt', true), messageID: PROMPT })).toEqual([]);
    expect(transcript.applyDelta('p', 'x')).toEqual([]);
    expect(transcript.facts.hasAnswer).toBe(false);
  });

  it('shows a call in its states once each, with the live output that is new', () => {
    const transcript = newTranscript();
    transcript.applyMessage(message(ANSWER));
    const states = [
      { status: 'pending' },
      { status: 'running' },
      { status: 'running', metadata: { output: 'a\n' } },
      { status: 'running', metadata: { output: 'a\nb\n' } },
      { status: 'completed', output: 'a\nb\n', metadata: { exit: 3 } },
      { status: 'running' },
    ];
    const events = states.flatMap((state) => [...transcript.applyPart(tool(state)), ...transcript.applyPart(tool(state))]);
    expect(events.flatMap((event) => (event.type === 'tool' ? [event.status] : event.type === 'tool_output' ? [event.delta] : []))).toEqual([
      'pending',
      'running',
      'a\n',
      'b\n',
      'completed',
    ]);
    expect(events.findLast((event) => event.type === 'tool')).toMatchObject({ kind: 'execute', title: 'ls', output: { text: 'a\nb\n', exitCode: 3 } });
  });

  it('says that a command was stopped, which opencode counts as completed', () => {
    const transcript = newTranscript();
    transcript.applyMessage(message(ANSWER));
    const output = '(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>';
    expect(transcript.applyPart(tool({ status: 'completed', output }))).toMatchObject([{ status: 'cancelled' }]);
  });
});
