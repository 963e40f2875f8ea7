import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textWidth } from './text-width.ts';
import { EMPTY_WRAP, wrapEnd, wrapIndented, wrapMore, wrapText } from './wrap-text.ts';

it.each([
  ['one two three four', 9, 'one two\nthree\nfour'],
  ['exactly10! next', 10, 'exactly10!\nnext'],
  ['a\n\n\n\nb', 10, 'a\n\nb'],
  ['\n\n  first line', 12, '  first line'],
  ['- a list item that is long', 14, '- a list item\nthat is long'],
  ['    code stays indented', 14, '    code stays\n    indented'],
  ['abcdefghijklmno', 6, 'abcdef\nghijkl\nmno'],
  ['see abcdefghijklmno', 6, 'see\nabcdef\nghijkl\nmno'],
  ['日本語の文章です', 8, '日本語の\n文章です'],
  ['日本語、文', 6, '日本\n語、文'],
  ['mixed 日本 text', 9, 'mixed 日\n本 text'],
  ['one  two', 20, 'one  two'],
  ['tab\there', 20, 'tab    here'],
  ['10%\r20%', 20, '10%20%'],
  ['end \u001b[31mred\u0007', 40, 'end ␛[31mred␇'],
  ['e\u0301 e\u0301 e\u0301', 3, 'e\u0301 e\u0301\ne\u0301'],
])('wrapText(%j, %i)', (text, width, wrapped) => {
  expect(wrapText(text, width)).toBe(wrapped);
});

it('wrapText() of a stream gives the same however it is cut, and no line is wider than the terminal', () => {
  const words = fc.array(
    fc.oneof(fc.constantFrom('a', 'word', 'longer-word', ' ', '  ', '\n', '\n\n', '日本', '，', '👍🏽', 'e\u0301', '\u001b[2J', 'x'.repeat(23), '\t')),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(words, fc.array(fc.nat(), { maxLength: 8 }), fc.integer({ min: 4, max: 20 }), (pieces, cuts, width) => {
      const whole = pieces.join('');
      const wrapped = cutAndWrap(pieces, cuts, width);
      expect(wrapped.split('\n').every((line) => textWidth(line) <= width)).toBe(true);
      expect(wrapped.replace(/\s/g, '')).toBe(whole.replaceAll('\u001b', '␛').replace(/\s/g, ''));
      expect(wrapped).toBe(cutAndWrap([whole], [], width));
    }),
  );
});

it('wrapMore() does not hold a word without end back', () => {
  const chunk = 'x'.repeat(1_000);
  let state = EMPTY_WRAP;
  let out = '';
  for (let count = 0; count < 9; count += 1) {
    const step = wrapMore(state, chunk, 50);
    state = step.state;
    out += step.out;
  }
  expect(out.length).toBeGreaterThan(4_000);
  expect(out + wrapEnd(state, 50).out).toBe(`${'x'.repeat(50)}\n`.repeat(180));
});

it('wrapIndented() keeps its width', () => {
  expect(wrapIndented('one two three\n\nfour', '  ', 10)).toBe('  one two\n  three\n\n  four');
});

function cutAndWrap(pieces: readonly string[], cuts: readonly number[], width: number): string {
  let state = EMPTY_WRAP;
  let out = '';
  const at = new Set(cuts.map((cut) => cut % Math.max(1, pieces.length)));
  let delta = '';
  pieces.forEach((piece, index) => {
    delta += piece;
    if (!at.has(index)) return;
    const step = wrapMore(state, delta, width);
    state = step.state;
    out += step.out;
    delta = '';
  });
  const last = wrapMore(state, delta, width);
  return out + last.out + wrapEnd(last.state, width).out.replace(/\n$/, '');
}
