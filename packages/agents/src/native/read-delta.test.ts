import { expect, it } from 'vitest';
import { EventSplitter, readDelta } from './read-delta.ts';

it.each(['\n', '\r\n'])('EventSplitter gives each event once, wherever the stream is cut (line ending %j)', (ending) => {
  const text = [': keep-alive', '', 'data: {"a":1}', '', 'event: x', 'data:{"b":2}', 'data: more', '', ': again', '', 'data: [DONE]'].join(ending);
  const expected = ['{"a":1}', '{"b":2}\nmore', '[DONE]'];
  for (let at = 0; at <= text.length; at += 1) {
    const splitter = new EventSplitter();
    expect([...splitter.push(text.slice(0, at)), ...splitter.push(text.slice(at)), ...splitter.flush()]).toEqual(expected);
  }
});

const chunk = (delta: object, rest: object = {}, choice: object = {}): string =>
  JSON.stringify({ id: '1', choices: [{ index: 0, delta, ...choice }], ...rest });

it('readDelta() takes plain words', () => {
  expect(readDelta(chunk({ content: 'hi' }))).toEqual({ type: 'text', delta: 'hi' });
  expect(readDelta(chunk({ role: 'assistant', content: null, reasoning_content: 'hm' }, {}, { finish_reason: null }))).toEqual({
    type: 'reasoning',
    delta: 'hm',
  });
  expect(readDelta(chunk({ reasoning: 'hm', content: '', tool_calls: null }, { usage: null }))).toEqual({ type: 'reasoning', delta: 'hm' });
});

it.each([
  chunk({ role: 'assistant', content: null }),
  chunk({ content: 'a', reasoning_content: 'b' }),
  chunk({ content: 'a', tool_calls: [] }),
  chunk({ content: [{ type: 'text', text: 'a' }] }),
  chunk({ content: 'a' }, { usage: { prompt_tokens: 1 } }),
  chunk({ content: 'a' }, {}, { finish_reason: 'stop' }),
  JSON.stringify({ error: { message: 'no' } }),
  JSON.stringify({ choices: [] }),
  '[DONE]',
  '{"choices":[{"delta":{"content":"ha',
])('readDelta() leaves %s to the SDK', (data) => {
  expect(readDelta(data)).toBeNull();
});
