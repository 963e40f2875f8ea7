import type { Message } from '@boocode/contracts/message.ts';
import type { Part, ToolPart } from '@boocode/contracts/turn-state.ts';
import { expect, it } from 'vitest';
import { mapHistory } from './map-history.ts';

function message(role: 'user' | 'assistant', parts: Part[], status: Message['status'] = 'completed'): Message {
  const ids = { id: crypto.randomUUID(), chatId: crypto.randomUUID() } as unknown as Pick<Message, 'id' | 'chatId'>;
  const metadata = { agent: null, model: null, mode: null };
  return { ...ids, taskId: null, position: 0, role, status, metadata, parts, usage: null, activity: null, failure: null, createdAt: '', endedAt: null };
}

it('what the person said in mid-turn stands between the answers around it', () => {
  const steered: Part = { type: 'steered', text: 'and b too', messageId: 'm' };
  const history = mapHistory([
    message('user', [{ type: 'text', text: 'read a' }]),
    message('assistant', [tool('1', 0), steered, { type: 'text', text: 'Done.' }]),
  ]);
  expect(history.map((item) => [item.role, item.text])).toEqual([
    ['user', 'read a'],
    ['assistant', ''],
    ['user', 'and b too'],
    ['assistant', 'Done.'],
  ]);
  const cutOff = mapHistory([message('assistant', [tool('1', 0), steered], 'interrupted')]);
  expect(cutOff.map((item) => item.role)).toEqual(['assistant', 'user', 'assistant']);
});

function tool(callId: string, step: number, patch: Partial<ToolPart> = {}): ToolPart {
  const output = { text: `result of ${callId}`, bytes: 0, lines: 0, truncated: false, file: null, exitCode: null, diffs: [] };
  return {
    type: 'tool',
    callId,
    step,
    name: 'read',
    kind: 'read',
    title: '',
    input: { path: callId },
    status: 'completed',
    live: '',
    output,
    startedAt: 0,
    endedAt: 1,
    ...patch,
  };
}

const text = (value: string): Part => ({ type: 'text', text: value });
const call = (callId: string, result = `result of ${callId}`) => ({ callId, name: 'read', input: { path: callId }, result });

it('mapHistory() groups the calls of one step and starts an answer for the next', () => {
  const parts = [{ type: 'reasoning', text: 'hm' } as const, text('I look.'), tool('a', 0), tool('b', 0), tool('c', 1), text('Done.')];
  expect(mapHistory([message('user', [text('go')]), message('assistant', parts)])).toEqual([
    { role: 'user', text: 'go' },
    { role: 'assistant', text: 'I look.', reasoning: '', calls: [call('a'), call('b')] },
    { role: 'assistant', text: '', reasoning: '', calls: [call('c')] },
    { role: 'assistant', text: 'Done.', reasoning: '', calls: [] },
  ]);
});

it('mapHistory() answers calls that never ended with a sentence', () => {
  const open = tool('a', 0, { status: 'running', output: null, live: 'half', endedAt: null });
  const items = mapHistory([
    message('user', [text('go')]),
    message('assistant', [open, tool('b', 0, { status: 'pending', output: null, input: null })], 'interrupted'),
  ]);
  const result = 'This call was stopped before it ended; what it has already done is not known: check before you repeat it.\nIts output until then:\nhalf';
  expect(items).toEqual([
    { role: 'user', text: 'go' },
    { role: 'assistant', text: '', reasoning: '', calls: [call('a', result), { callId: 'b', name: 'read', input: {}, result: 'This call was never run.' }] },
    { role: 'assistant', text: '(The program was interrupted here; the work may be unfinished.)', reasoning: '', calls: [] },
  ]);
});

it('mapHistory() tells of the step limit and of prompts without an answer, and alternates roles', () => {
  const items = mapHistory([
    message('user', [text('one')]),
    message('assistant', [], 'failed'),
    message('user', [text('two'), { type: 'file', name: 'a.txt', mediaType: 'text/plain', text: 'A' }]),
    message('assistant', [text('so far'), { type: 'limit_reached', limit: 'steps', value: 50 }]),
  ]);
  expect(items.map((item) => [item.role, item.text])).toEqual([
    ['user', 'one'],
    ['assistant', '(The answer ended here with an error.)'],
    ['user', 'two\n\n<file name="a.txt">\nA\n</file>'],
    ['assistant', 'so far\n\n(The limit of 50 steps was reached here; the work may be unfinished.)'],
  ]);
});
