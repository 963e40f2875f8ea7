import { expect, it } from 'vitest';
import { appendChunks, NO_CHUNKS } from './text-chunks.ts';

it('appendChunks() keeps closed pieces while text is appended, and every character once', () => {
  const line = 'const value = 1;\n';
  const before = appendChunks(NO_CHUNKS, line.repeat(300));
  const after = appendChunks(before, line.repeat(600));
  expect(before.closed.length).toBeGreaterThan(1);
  expect(after.closed.slice(0, before.closed.length)).toEqual(before.closed);
  expect(after.closed.join('') + after.last).toBe(line.repeat(900));
});
