import type { Block } from './markdown-blocks.ts';

/** How many blocks are compared as one. */
export const GROUP_SIZE = 32;

/** Blocks in groups; a full group of closed blocks keeps its identity, so that a long answer is not compared block by block at every delta. */
export function groupBlocks(before: readonly (readonly Block[])[], closed: readonly Block[], open: readonly Block[]): readonly (readonly Block[])[] {
  const groups: (readonly Block[])[] = [];
  for (let start = 0; start < closed.length + open.length; start += GROUP_SIZE) {
    const known = before[groups.length];
    const end = start + GROUP_SIZE;
    const isKept = end <= closed.length && known?.length === GROUP_SIZE && known[0] === closed[start] && known[GROUP_SIZE - 1] === closed[end - 1];
    groups.push(isKept ? known : [...closed.slice(start, end), ...open.slice(Math.max(0, start - closed.length), Math.max(0, end - closed.length))]);
  }
  return groups;
}
