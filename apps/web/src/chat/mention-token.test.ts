import { expect, it } from 'vitest';
import { mentionAt, putMention } from './mention-token.ts';

it('mentionAt() finds the mention at the caret alone', () => {
  expect(mentionAt('look at @src/a', 14)).toEqual({ start: 8, query: 'src/a' });
  expect(mentionAt('@', 1)).toEqual({ start: 0, query: '' });
  expect(mentionAt('mail ada@example', 16)).toBe(null);
  expect(mentionAt('@a done', 7)).toBe(null);
  expect(mentionAt('@abc', 2)).toEqual({ start: 0, query: 'a' });
});

it('putMention() writes the path and goes on after it', () => {
  const token = { start: 4, query: 'a' };
  expect(putMention('see @a', token, 'src/a.ts')).toEqual({ text: 'see @src/a.ts ', caret: 14 });
  expect(putMention('see @a now', token, 'my file.ts')).toEqual({ text: 'see @"my file.ts" now', caret: 18 });
});
