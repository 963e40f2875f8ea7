import { Message } from '@boocode/contracts/message.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeBrief } from './brief.ts';

let position = 0;

function message(role: 'user' | 'assistant', text: string, more: object = {}): Message {
  position += 1;
  return Message.parse({
    id: crypto.randomUUID(),
    chatId: '00000000-0000-4000-8000-000000000001',
    taskId: null,
    position,
    role,
    status: 'completed',
    metadata: { agent: role === 'user' ? null : 'goose', model: null, mode: null },
    parts: [{ type: 'text', text }],
    usage: null,
    activity: null,
    failure: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    ...more,
  });
}

function edit(path: string, additions: number, deletions: number): object {
  const output = { text: '', bytes: 0, lines: 0, truncated: false, file: null, exitCode: null, diffs: [{ path, patch: null, additions, deletions }] };
  return {
    type: 'tool',
    callId: path,
    step: 0,
    name: 'edit',
    kind: 'edit',
    title: path,
    input: null,
    status: 'completed',
    live: '',
    output,
    startedAt: 0,
    endedAt: 0,
  };
}

describe('writeBrief()', () => {
  it('says nothing of a chat in which nothing was said', () => {
    expect(writeBrief([])).toBeNull();
  });

  it('names the goal, what was done and by whom, the files and the open question', () => {
    const text = writeBrief([
      message('user', 'Make the retry delay configurable.'),
      message('assistant', '', { parts: [edit('src/retry.ts', 3, 1), { type: 'text', text: 'Looking around.\n\nThe delay is now read from the settings.' }] }),
      message('user', 'And document it.'),
      message('assistant', 'Documented in the README. Should the old flag be removed?', { status: 'interrupted' }),
    ]);
    expect(text).toBe(
      [
        'This chat went on with other agents before you. In short:',
        'Goal: Make the retry delay configurable.',
        'What was done:',
        '- Asked: Make the retry delay configurable.',
        '- goose: The delay is now read from the settings.',
        '- Asked: And document it.',
        '- goose: Documented in the README. Should the old flag be removed? (interrupted)',
        'Files changed (they are as they were left; read them before you edit):',
        '- src/retry.ts (+3 -1, goose)',
        'Open question to the person: Should the old flag be removed?',
      ].join('\n'),
    );
  });

  it('is never longer than 2 KB and keeps the goal and the newest answer, whatever was said', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 900 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(texts, (said) => {
        const messages = said.flatMap((text, index) => [
          message('user', `goal ${index} ${text}`),
          message('assistant', `done ${index} ${text}`, { parts: [edit(`f${index}-${text.slice(0, 99)}`, 1, 1), { type: 'text', text: `done ${index}` }] }),
        ]);
        const brief = writeBrief(messages)!;
        expect(Buffer.byteLength(brief)).toBeLessThanOrEqual(2_048);
        expect(brief).toContain('goal 0');
        expect(brief).toContain(`goose: done ${said.length - 1}`);
      }),
      { numRuns: 60 },
    );
  });
});
