import { describe, expect, it } from 'vitest';
import { trustLines } from './trust-lines.ts';

const marks = { same: ' ', added: '+', removed: '-' } as const;
const show = (before: string | null, now: string) => trustLines(before, now).map(({ kind, text }) => `${marks[kind]}${text}`);

describe('trustLines()', () => {
  it('shows a text that nobody approved as it is', () => {
    expect(show(null, '{\n  "setup": "npm ci"\n}\n')).toEqual([' {', '   "setup": "npm ci"', ' }']);
  });

  it('shows what was taken away and what came instead', () => {
    expect(show('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
    expect(show('a\n', 'a\n')).toEqual([' a']);
    expect(show('', 'a')).toEqual(['-', '+a']);
  });

  it('loses no line, whatever they are', () => {
    const before = Array.from({ length: 60 }, (_, index) => `line ${(index * 7) % 11}`).join('\n');
    const now = Array.from({ length: 50 }, (_, index) => `line ${(index * 5) % 13}`).join('\n');
    const lines = trustLines(before, now);
    const keep = (kind: 'added' | 'removed') => lines.flatMap((line) => (line.kind === 'same' || line.kind === kind ? [line.text] : [])).join('\n');
    expect([keep('removed'), keep('added')]).toEqual([before, now]);
  });
});
