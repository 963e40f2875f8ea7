import { describe, expect, it } from 'vitest';
import { CUT_START, findSafeCut } from './safe-cut-state.ts';

const PIECES = [
  'a',
  'é',
  '漢',
  '🐕',
  '\u001B[1;31m',
  '\u001B[?2004h',
  '\u001B[4 q',
  '\u001B]0;a title\u0007',
  '\u001B]8;;http://x\u001B\\',
  '\u001BP$q"p\u001B\\',
  '\u001B(B',
  '\u001Bc',
  '\u001B7',
  '\r\n',
];

describe('findSafeCut()', () => {
  it('allows a cut between any two characters or sequences and nowhere else', () => {
    const bytes = Buffer.from(PIECES.join(''));
    const safe = new Set<number>();
    let at = 0;
    for (const piece of PIECES) safe.add((at += Buffer.byteLength(piece)));
    for (const [index, piece] of PIECES.entries()) if (piece === '\r\n') safe.add(Buffer.byteLength(PIECES.slice(0, index).join('')) + 1);
    for (let cut = 1; cut <= bytes.length; cut += 1) {
      const first = findSafeCut(CUT_START, bytes.subarray(0, cut));
      const expected = Math.max(0, ...[...safe].filter((place) => place <= cut));
      expect([cut, first.end]).toEqual([cut, expected]);
      const second = findSafeCut(first.state, bytes.subarray(cut));
      expect(cut === bytes.length || cut + second.end === bytes.length).toBe(true);
    }
  });

  it('recovers from what is cancelled or broken', () => {
    expect(findSafeCut(CUT_START, Buffer.from('\u001B[12\u0018x')).end).toBe(6);
    expect(findSafeCut(CUT_START, Buffer.from([0xe6, 0x41, 0x42])).end).toBe(3);
    expect(findSafeCut(CUT_START, Buffer.from('\u001B[3\u001B[0m')).end).toBe(7);
  });
});
