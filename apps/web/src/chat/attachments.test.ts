import { describe, expect, it } from 'vitest';
import { freeName, isLargePaste, makeAttachment, sizeWords } from './attachments.ts';

const file = (name: string) => ({ name, mediaType: 'text/plain', text: 'x' });

describe('makeAttachment()', () => {
  it('gives each file its own name', () => {
    expect(makeAttachment('pasted.txt', '', 'a', [file('pasted.txt'), file('pasted-2.txt')])).toEqual({
      name: 'pasted-3.txt',
      mediaType: 'text/plain',
      text: 'a',
    });
    expect(freeName('Makefile', [file('Makefile')])).toBe('Makefile-2');
  });

  it('refuses what is no text, too much or too many, with a way on', () => {
    expect(makeAttachment('a.png', 'image/png', 'PNG\u0000', [])).toContain('not a text file');
    expect(makeAttachment('a.txt', '', 'x'.repeat(1_000_001), [])).toContain('larger than');
    expect(
      makeAttachment(
        'a.txt',
        '',
        'x',
        Array.from({ length: 20 }, (_, index) => file(`${index}`)),
      ),
    ).toContain('20 files');
  });
});

it('isLargePaste() counts bytes', () => {
  expect(isLargePaste('x'.repeat(8_191))).toBe(false);
  expect(isLargePaste('x'.repeat(8_192))).toBe(true);
  expect(isLargePaste('ä'.repeat(4_096))).toBe(true);
});

it('sizeWords() says a size as people do', () => {
  expect([sizeWords('x'), sizeWords('x\n'.repeat(5_000))]).toEqual(['1 B, 1 line', '10 KB, 5001 lines']);
});
