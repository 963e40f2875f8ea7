import { expect, it } from 'vitest';
import { parseDirectives } from './directive.ts';

it('parseDirectives() reads one directive per line and leaves prose alone', () => {
  const prompt = [
    'Please do this.',
    'demo: say a\\nb \\\\n \u2028 c',
    '> demo: think hm',
    'demo: stream 12 tokens at 3.5 per second stamped',
    'demo: call read {"path": "a.txt"}',
    'demo: and-call list',
    'demo: printed-call invoke edit {"a": 1}',
    'demo: stall after 3 tokens 50',
    'demo: hold',
    'demo: fault content-type',
    'demo: loop',
    'demo: dance',
  ].join('\n');
  expect(parseDirectives(prompt)).toEqual([
    { type: 'say', text: 'a\nb \\n \u2028 c' },
    { type: 'think', text: 'hm' },
    { type: 'stream', tokens: 12, perSecond: 3.5, stamped: true },
    { type: 'call', name: 'read', input: '{"path": "a.txt"}', together: false },
    { type: 'call', name: 'list', input: '{}', together: true },
    { type: 'printed-call', dialect: 'invoke', name: 'edit', input: '{"a": 1}' },
    { type: 'stream', tokens: 3, perSecond: null, stamped: false },
    { type: 'stall', ms: 50 },
    { type: 'stall', ms: null },
    { type: 'fault', fault: 'content-type' },
    { type: 'loop', name: null, input: '{}' },
    { type: 'unknown', line: 'dance' },
  ]);
});

it('parseDirectives() starts after the last "demo: start" of merged prompts', () => {
  expect(parseDirectives('demo: say old\ndemo: start\ndemo: say fresh')).toEqual([{ type: 'say', text: 'fresh' }]);
});
