import { expect, it } from 'vitest';
import { newPrompt } from '../test/open-options.ts';
import { promptText } from './prompt-text.ts';

const brief = { whole: 'All of it.', since: 'The rest.' };

it.each([
  ['nothing before it', newPrompt('Go on.'), false, 'Go on.'],
  ['everything, for one that remembers nothing', newPrompt('Go on.', { brief }), false, '<context>\nAll of it.\n</context>\n\nGo on.'],
  ['the rest, for one that remembers', newPrompt('Go on.', { brief }), true, '<context>\nThe rest.\n</context>\n\nGo on.'],
  [
    'remarks',
    newPrompt('Go on.', { notes: ['too long', 'no'] }),
    true,
    '<remarks>\nOn your earlier work in this session, the person says:\n- too long\n- no\n</remarks>\n\nGo on.',
  ],
  [
    'a file',
    newPrompt('Read.', { attachments: [{ type: 'file', name: 'a "b".txt', mediaType: 'text/plain', text: 'x' }] }),
    true,
    'Read.\n\n<file name="a \\"b\\".txt">\nx\n</file>',
  ],
  ['a command, which must come first', newPrompt('/compact now', { brief }), true, '/compact now\n\n<context>\nThe rest.\n</context>'],
])('sends %s', (_, prompt, remembers, text) => {
  expect(promptText(prompt, remembers)).toBe(text);
});
