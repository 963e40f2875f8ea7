import { expect, it } from 'vitest';
import { fitText, padText, textWidth } from './text-width.ts';

it.each([
  ['plain', 5],
  ['', 0],
  ['naïve', 5],
  ['nai\u0308ve', 5], // combining diaeresis
  ['日本語', 6],
  ['ｆｕｌｌ', 8],
  ['한국', 4],
  ['\u1112\u1161\u11ab', 2], // one syllable of three jamo
  ['👩‍👩‍👧', 2],
  ['👍🏽', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['❤', 1],
  ['✓ ok', 4],
  ['a\u200bb', 2],
  ['ไทย', 3],
  ['กำ', 2],
])('textWidth(%j) is %i', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

it('fitText() cuts between characters and never gets wider than asked', () => {
  expect([fitText('short', 5), fitText('longer', 5), fitText('日本語', 4), fitText('日本語', 5), fitText('👩‍👩‍👧👩‍👩‍👧', 3), fitText('x', 0)]).toEqual([
    'short',
    'long…',
    '日…',
    '日本…',
    '👩‍👩‍👧…',
    '',
  ]);
});

it('padText() fills up by columns', () => {
  expect([padText('日', 4, 'start'), padText('日', 4, 'end'), padText('wide', 2, 'end')]).toEqual(['日  ', '  日', 'wide']);
});
