import { expect, it } from 'vitest';
import { GROUP_SIZE, groupBlocks } from './block-groups.ts';
import type { Block } from './markdown-blocks.ts';

function block(raw: string): Block {
  return { kind: 'code', raw, language: '', code: raw, written: null };
}

it('groupBlocks() keeps the full groups of closed blocks and holds every block once', () => {
  const closed = Array.from({ length: GROUP_SIZE + 3 }, (_, index) => block(`c${index}`));
  const before = groupBlocks([], closed, [block('a'), block('b')]);
  const after = groupBlocks(before, [...closed, block('a')], [block('b2')]);
  expect(after.map((group) => group.length)).toEqual([GROUP_SIZE, 5]);
  expect(after[0]).toBe(before[0]);
  expect(after.flat().map((one) => one.raw)).toEqual([...closed.map((one) => one.raw), 'a', 'b2']);
  expect(groupBlocks(before, [block('other'), ...closed.slice(1)], [])[0]).not.toBe(before[0]);
});
