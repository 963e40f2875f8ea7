import { expect, it } from 'vitest';
import { gapBelow, isNearEnd, isReadersScroll, type ListPlace } from './follow-policy.ts';

const END: ListPlace = { top: 600, length: 1_000, seen: 400 };

it('isNearEnd() takes 150 pixels for the end', () => {
  expect(gapBelow(END)).toBe(0);
  expect([450, 449].map((top) => isNearEnd({ ...END, top }))).toEqual([true, false]);
});

it('isReadersScroll() sees a way up in an unchanged list, whatever made it', () => {
  expect(isReadersScroll(END, { ...END, top: 560 })).toBe(true);
  expect(isReadersScroll(END, { ...END, top: 1 })).toBe(true);
});

it('isReadersScroll() leaves alone what the list did to itself', () => {
  const cases: Record<string, readonly [ListPlace, ListPlace]> = {
    'it became shorter, and its place was pulled up': [END, { top: 560, length: 960, seen: 400 }],
    'it became shorter and then longer than before': [END, { top: 560, length: 1_300, seen: 400 }],
    'it grew below': [END, { ...END, length: 1_300 }],
    'rows above were measured': [END, { ...END, top: 550, length: 950 }],
    'less of it is seen, as the field below grew': [END, { top: 600, length: 1_000, seen: 340 }],
    'more of it is seen, which pulls its place up': [END, { top: 540, length: 1_000, seen: 460 }],
    'it was brought to its end': [{ ...END, top: 300 }, END],
    'the browser rounds': [END, { ...END, top: 599 }],
  };
  expect(Object.entries(cases).filter(([, [before, now]]) => isReadersScroll(before, now))).toEqual([]);
});
