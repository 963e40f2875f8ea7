import { describe, expect, it } from 'vitest';
import { parseAnsi } from './ansi-text.ts';

const E = '\u001b';

describe('parseAnsi()', () => {
  it('reads colours and flags until they are taken back', () => {
    expect(parseAnsi(`plain ${E}[1;31mbad${E}[22m still red${E}[0m ${E}[92mok${E}[39m.`)).toEqual([
      { text: 'plain ', styles: [] },
      { text: 'bad', styles: ['bold', 'red'] },
      { text: ' still red', styles: ['red'] },
      { text: ' ', styles: [] },
      { text: 'ok', styles: ['green'] },
      { text: '.', styles: [] },
    ]);
  });

  it('takes 256 and true colours to the nearest of the theme', () => {
    expect(parseAnsi(`${E}[38;5;196ma${E}[38;2;20;200;30mb${E}[38;5;4mc`).map((span) => span.styles)).toEqual([['red'], ['green'], ['blue']]);
  });

  it('leaves every other control sequence out', () => {
    const text = (output: string) =>
      parseAnsi(output)
        .map((span) => span.text)
        .join('');
    expect(text(`${E}[2J${E}[1;1Hone${E}]0;title\u0007 two${E}[?25l\u0007\tthree\n`)).toBe('one two\tthree\n');
    expect(text('10%\r50%\r100%\r\nnext\n')).toBe('100%\nnext\n');
  });
});
