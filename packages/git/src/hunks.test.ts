import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchoredRanges } from './file-hunks.ts';
import { afterDropping, afterTaking, followHunks, type Hunk, hunksOf, runsAt, splitLines, withHunks } from './hunks.ts';

const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '}\n'), { maxLength: 20 });
const choice = fc.infiniteStream(fc.boolean());

function hunksBetween(old: readonly string[], changed: readonly string[]): Hunk[] {
  return hunksOf('f', runsAt({ old, new: changed }, anchoredRanges({ old, new: changed }, [])));
}

function linesOf(buffer: Buffer): string[] {
  return splitLines(buffer);
}

describe('hunks', () => {
  it('are the runs of changed lines, without their surroundings', () => {
    const [old, changed] = ['1\n2\n3\n4\n5', '1\nTWO\n3\n4\n5\n6\n'].map((each) => splitLines(Buffer.from(each)));
    expect(hunksBetween(old ?? [], changed ?? [])).toMatchObject([
      { oldStart: 2, oldLines: 1, newStart: 2, newLines: 1 },
      { oldStart: 5, oldLines: 1, newStart: 5, newLines: 2 },
    ]);
  });

  it('chosen in any number give a text between the old and the new one', () => {
    fc.assert(
      fc.property(text, text, choice, (old, changed, chosen) => {
        const hunks = hunksBetween(old, changed);
        expect(linesOf(withHunks(old, changed, []))).toEqual(old);
        expect(linesOf(withHunks(old, changed, hunks))).toEqual(changed);
        const taken = new Set(hunks.filter(() => chosen.next().value));
        const between = linesOf(withHunks(old, changed, [...taken]));
        // What is left over stands where it should on both sides.
        expect(
          linesOf(
            withHunks(
              between,
              changed,
              afterTaking(hunks, (hunk) => taken.has(hunk)),
            ),
          ),
        ).toEqual(changed);
        expect(
          linesOf(
            withHunks(
              old,
              between,
              afterDropping(hunks, (hunk) => !taken.has(hunk)),
            ),
          ),
        ).toEqual(between);
      }),
    );
  });

  it('are called the same wherever the rest of the file goes, and apart when they are twins', () => {
    const old = ['x\n', 'a\n', 'x\n', 'a\n', 'x\n', 'a\n', 'x\n'];
    const hunks = hunksBetween(
      old,
      old.map((line) => (line === 'a\n' ? 'b\n' : line)),
    );
    expect(new Set(hunks.map((hunk) => hunk.id)).size).toBe(3);
    expect(new Set(hunks.map((hunk) => hunk.print)).size).toBe(1);
  });

  it('keep every byte of lines that are no UTF-8 and of ends of lines', () => {
    const old = Buffer.from([0xff, 0x0d, 0x0a, 0xe9, 0x0a]);
    expect(withHunks(splitLines(old), splitLines(old), [])).toEqual(old);
  });

  it('that were decided on never change while an agent writes elsewhere, over 500 edits', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(survive(seed, 500)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});

/** Decides on some hunks, then edits everything but their lines; returns what went wrong. */
function survive(seed: number, edits: number): readonly unknown[] {
  const random = randomFrom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const words = ['a\n', 'b\n', '\n', '}\n', '  return x;\n', 'if (y) {\n'];
  const old = Array.from({ length: 60 }, () => words[pick(words.length)] ?? '');
  // A tag says whose line it is, so that the test need not ask the code that it tests.
  let lines = old.map((line) => ({ line, decided: -1 }));
  for (let number = 0; number < 5; number++) {
    const at = number * 12 + 3;
    if (number % 2 === 0) lines.splice(at, 2, { line: `decided ${number}\n`, decided: number }, { line: words[pick(words.length)] ?? '', decided: number });
    else lines.splice(at, 1, { line: `decided ${number}\n`, decided: number });
  }
  let changed = lines.map(({ line }) => line);
  const first = hunksBetween(old, changed);
  const decided = first.filter((hunk) => changed.slice(hunk.newStart - 1, hunk.newStart - 1 + hunk.newLines).some((line) => line.startsWith('decided')));
  let ranges: readonly Hunk[] = decided;
  const guarded = new Set<number>();
  for (const hunk of decided) for (let at = hunk.newStart - 1; at < hunk.newStart - 1 + hunk.newLines; at++) guarded.add(at);
  lines = lines.map(({ line }, at) => ({ line, decided: guarded.has(at) ? 1 : -1 }));
  for (let edit = 0; edit < edits; edit++) {
    const at = pick(lines.length + 1);
    const target = lines[at];
    const inside = target !== undefined && target.decided === 1 && lines[at - 1]?.decided === 1;
    const action = pick(3);
    if (action === 0 && !inside) lines.splice(at, 0, { line: words[pick(words.length)] ?? '', decided: -1 });
    else if (target?.decided === -1) lines.splice(at, 1, ...(action === 1 ? [{ line: `w${edit} ${words[pick(words.length)] ?? ''}`, decided: -1 }] : []));
    const next = lines.map(({ line }) => line);
    const anchors = followHunks(ranges, anchoredRanges({ old: changed, new: next }, []), { before: changed, after: next }).filter((range) => range !== null);
    const hunks = hunksOf('f', runsAt({ old, new: next }, anchoredRanges({ old, new: next }, anchors)));
    const ids = new Set(hunks.map((hunk) => hunk.id));
    const lost = decided.filter((hunk) => !ids.has(hunk.id));
    if (lost.length > 0 || linesOf(withHunks(old, next, hunks)).join('') !== next.join('')) return [edit, lost];
    ranges = hunks.filter((hunk) => decided.some(({ id }) => id === hunk.id));
    changed = next;
  }
  return [];
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
