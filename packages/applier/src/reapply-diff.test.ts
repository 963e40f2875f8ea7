import { describe, expect, it } from 'vitest';
import { reapplyDiff } from './reapply-diff.ts';

const BASE = Array.from({ length: 40 }, (_, index) => `line ${index + 1} of the base`).join('\n') + '\n';

describe('reapplyDiff()', () => {
  it('places every change where its surroundings are now', () => {
    const theirs = BASE.replace('line 5 of', 'line five of').replace('line 30 of the base\n', '');
    const ours = `one\ntwo\n${BASE.replace('line 15 of', 'line fifteen of')}`;
    const placed = reapplyDiff({ base: BASE, theirs, ours });
    expect(placed).toMatchObject({
      kind: 'placed',
      text: `one\ntwo\n${theirs.replace('line 15 of', 'line fifteen of')}`,
      explanations: ['Changed line 7: found letter by letter.', 'Changed line 32: found letter by letter.'],
    });
  });

  it('keeps the style of the file', () => {
    const ours = BASE.replaceAll('\n', '\r\n').replace(/\r\n$/, '');
    const theirs = BASE.replace('line 40 of the base\n', 'line 40 of the base\nline 41\n');
    expect(reapplyDiff({ base: BASE, theirs, ours })).toMatchObject({ kind: 'placed', text: `${ours}\r\nline 41` });
  });

  it('leaves alone what is there already', () => {
    const theirs = BASE.replace('line 5 of', 'line five of').replace('line 30 of', 'line thirty of');
    const ours = BASE.replace('line 5 of', 'line five of');
    expect(reapplyDiff({ base: BASE, theirs, ours })).toMatchObject({ kind: 'placed', text: theirs });
  });

  it('places nothing when one change has no certain place', () => {
    const theirs = BASE.replace('line 5 of', 'line five of').replace('line 30 of', 'line thirty of');
    const ours = BASE.replace('line 30 of', 'line 3000 of');
    expect(reapplyDiff({ base: BASE, theirs, ours })).toMatchObject({ kind: 'refused', reason: expect.stringContaining('the change at line') });
  });

  it('refuses twins and shows them', () => {
    const block = 'start of it\n  call(one);\nend of it\n';
    const refused = reapplyDiff({ base: block, theirs: block.replace('one', 'two'), ours: `${block}\n${block}` });
    expect(refused).toMatchObject({ kind: 'refused', candidates: [{ line: 1 }, { line: 5 }] });
  });

  it('refuses a change of line endings', () => {
    expect(reapplyDiff({ base: BASE, theirs: BASE.replaceAll('\n', '\r\n'), ours: BASE }).kind).toBe('refused');
  });
});
