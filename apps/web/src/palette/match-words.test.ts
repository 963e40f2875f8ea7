import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchWords } from './match-words.ts';

it('matchWords() finds words in any order, and not what lacks one of them', () => {
  expect(matchWords('right split', 'Split right')).not.toBeNull();
  expect(matchWords('spl rig', 'Split right')).not.toBeNull();
  expect(matchWords('split left', 'Split right')).toBeNull();
  expect(matchWords('', 'Anything')).not.toBeNull();
});

it('matchWords() prefers the beginnings of words, then the shorter text', () => {
  const best = (query: string, ...texts: string[]) => texts.toSorted((a, b) => (matchWords(query, b) ?? -9) - (matchWords(query, a) ?? -9))[0];
  expect(best('in', 'Settings', 'Go to the inbox', 'Inbox')).toBe('Inbox');
  expect(best('tab', 'Move the tab right', 'Unstable')).toBe('Move the tab right');
});

it('matchWords() does not care about the order of words or of case', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 5 }), fc.string(), (words, text) => {
      expect(matchWords(words.join(' '), text)).toBe(matchWords(words.toReversed().join(' ').toUpperCase(), text));
    }),
  );
});
