import { describe, expect, it } from 'vitest';
import { TerminalText } from './terminal-text.ts';

function clean(...pieces: string[]): string {
  const cleaner = new TerminalText();
  return pieces.map((piece) => cleaner.push(piece)).join('') + cleaner.end();
}

const CASES: readonly (readonly [string, string, string])[] = [
  ['colours', '\u001B[1;31mred\u001B[0m and \u001B[38;2;1;2;3mmore\u001B[m\n', 'red and more\n'],
  ['a title', '\u001B]0;my title\u0007text\u001B]2;other\u001B\\ here\n', 'text here\n'],
  ['a link', '\u001B]8;;https://example.org\u001B\\word\u001B]8;;\u001B\\\n', 'word\n'],
  ['progress on one line', '10%\r50%\r100%\r\ndone\n', '100%\ndone\n'],
  ['a longer line that is overwritten and cleared', 'downloading a file\r\u001B[Kok\n', 'ok\n'],
  ['a spinner', '|\b/\b-\bX\n', 'X\n'],
  ['a cleared line', 'old\u001B[2K\rnew\n', 'new\n'],
  ['columns', 'abc\u001B[1Gx\u001B[5Gy\n', 'xbc y\n'],
  ['a full-screen program', '\u001B[?1049h\u001B[2J\u001B[H\u001B(Bhello\u001B[?25l\u001B[?1049l\n', 'hello\n'],
  ['one-character forms', '\u009B31mred\u009D0;t\u0007!\n', 'red!\n'],
  ['bells and nulls', 'a\u0007b\u0000c\u007F\n', 'abc\n'],
  ['odd letters', 'é 👩‍💻 שלום \u{10FFFF}\n', 'é 👩‍💻 שלום \u{10FFFF}\n'],
  ['a last line without an end', 'one\ntwo  ', 'one\ntwo'],
];

describe('TerminalText', () => {
  it.each(CASES)('%s, cut at every position', (_name, input, expected) => {
    expect(clean(input)).toBe(expected);
    for (let cut = 0; cut <= input.length; cut += 1) {
      if (/[\uD800-\uDBFF]$/.test(input.slice(0, cut))) continue; // a decoder never gives half a letter
      expect(clean(input.slice(0, cut), input.slice(cut))).toBe(expected);
    }
  });

  it('forgets a sequence that never ends', () => {
    expect(clean(`\u001B]0;${'x'.repeat(5_000)}`, 'after\n')).toMatch(/after\n$/);
  });

  it('gives a very long line in pieces', () => {
    expect(clean('x'.repeat(200_000))).toHaveLength(200_000);
  });
});
