import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffWords, type TextRange } from './word-diff.ts';

function cut(text: string, ranges: readonly TextRange[]): string[] {
  return ranges.map(([start, end]) => text.slice(start, end));
}

it('diffWords() marks the words that differ and no others', () => {
  const before = 'const user = await findUser(db, email);';
  const after = 'const user = await findPerson(db, req.body.email);';
  const words = diffWords(before, after)!;
  expect(cut(before, words.old)).toEqual(['findUser']);
  expect(cut(after, words.new)).toEqual(['findPerson', 'req.body.']);
});

it('diffWords() takes neighbours with only a blank between them as one', () => {
  const before = 'return one two three;';
  const after = 'return uno dos three;';
  expect(cut(before, diffWords(before, after)!.old)).toEqual(['one two']);
});

it('diffWords() gives up on lines that have nothing in common', () => {
  expect(diffWords('import a from "b";', '}')).toBe(null);
  expect(diffWords('x'.repeat(3_000), `${'x'.repeat(3_000)}y`)).toBe(null);
});

it('diffWords() leaves the same text on both sides when the marked parts are taken out', () => {
  const line = fc.array(fc.constantFrom('a', 'bc', ' ', '.', 'é', '(', ')'), { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(line, line, (before, after) => {
      const words = diffWords(before, after);
      if (words === null) return;
      const rest = (text: string, ranges: readonly TextRange[]) =>
        ranges.toReversed().reduce((left, [start, end]) => left.slice(0, start) + left.slice(end), text);
      expect(rest(before, words.old).replaceAll(' ', '')).toBe(rest(after, words.new).replaceAll(' ', ''));
    }),
  );
});
