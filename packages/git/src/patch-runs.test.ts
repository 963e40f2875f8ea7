import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from '../test/test-repository.ts';
import { collectChanges } from './collect-changes.ts';
import { diffRuns } from './diff-runs.ts';
import { runsAt, splitLines, withHunks } from './hunks.ts';

/** Lines that look like what a patch is made of. */
const WORDS = ['a', 'b', '', '-', '+', '-- c', '++ c', '@@ -1,2 +3,4 @@', 'diff --git a/x b/x', '\\ No newline at end of file', ' ', '}', 'é', 'x\r', '\u0001'];
const line = fc.constantFrom(...WORDS);
const end = fc.constantFrom('\n', '\n', '');
const edit = fc.record({ at: fc.nat(30), removed: fc.nat(2), added: fc.array(line, { maxLength: 2 }) });
const file = fc.record({ lines: fc.array(line, { maxLength: 30 }), edits: fc.array(edit, { minLength: 1, maxLength: 5 }), ends: fc.tuple(end, end) });

describe('the runs of a patch', () => {
  it('are byte for byte what the two texts say, whatever their lines look like and however a person likes patches', async () => {
    using repo = new TestRepository();
    for (const [name, value] of Object.entries({ suppressBlankEmpty: 'true', interHunkContext: '9', context: '1', noprefix: 'true', submodule: 'log' }))
      repo.run('config', `diff.${name}`, value);
    const texts = fc.sample(file, { numRuns: 150, seed: 7 }).map(({ lines, edits, ends }, index) => {
      const changed = [...lines];
      for (const { at, removed, added } of edits) changed.splice(at, removed, ...added);
      return { path: `f${index}`, old: `${lines.join('\n')}${ends[0]}`, changed: `${changed.join('\n')}${ends[1]}` };
    });
    for (const { path, old } of texts) repo.write(path, old);
    const late = `${'x\n'.repeat(8_000)}\0\n`;
    repo.write('late', late);
    repo.commit();
    const w = await repo.worktree();
    for (const { path, changed } of texts) writeAt(w.path, path, changed);
    writeAt(w.path, 'late', `${late}\0\0\n`);
    const { changes, runs } = await collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile: join(repo.root, 'index') });
    const apart = await diffRuns(repo.git, w.tree, changes);
    expect(changes.length).toBeGreaterThan(100);
    for (const [index, { path }] of changes.entries()) {
      const found = runs.get(path) ?? [];
      expect(found, path).toEqual(apart[index]);
      const text = texts.find((each) => each.path === path);
      if (text === undefined) continue;
      const sides = { old: splitLines(Buffer.from(text.old)), new: splitLines(Buffer.from(text.changed)) };
      expect(found, path).toEqual(runsAt(sides, found));
      expect(withHunks(sides.old, sides.new, found).toString('utf8'), path).toBe(text.changed);
    }
    expect(runs.get('late')).toMatchObject([{ oldStart: 8_001, oldLines: 0, added: ['\0\0\n'] }]);
  });

  it('stand with their own file where links, modes, moves and names that cannot be shown are among the changes', async () => {
    using repo = new TestRepository();
    for (const name of ['a', 'b', 'c', 'd', 'e']) repo.write(name, `${name}\n1\n2\n3\n4\n`);
    repo.write('bin', Buffer.from([0, 1]));
    repo.commit();
    const w = await repo.worktree();
    rmSync(join(w.path, 'a'));
    symlinkSync('b', join(w.path, 'a'));
    writeFileSync(Buffer.concat([Buffer.from(`${w.path}/b`), Buffer.from([0xff])]), 'odd\n');
    writeAt(w.path, 'bin', Buffer.from([0, 2]));
    chmodSync(join(w.path, 'c'), 0o755);
    renameSync(join(w.path, 'd'), join(w.path, 'moved'));
    writeAt(w.path, 'e', 'e\n1\nTWO\n3\n4\n');
    const { runs } = await collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile: join(repo.root, 'index') });
    expect(runs.get('e')).toMatchObject([{ oldStart: 3, removed: ['2\n'], added: ['TWO\n'], before: ['e\n', '1\n'], after: ['3\n', '4\n'] }]);
    for (const name of ['bin', 'c', 'moved']) expect(runs.get(name), name).toEqual([]);
  });

  it('are none for a text that nobody would decide on in parts', async () => {
    using repo = new TestRepository();
    repo.write('large', 'a line of text\n'.repeat(1_200_000));
    repo.write('small', 'a\n');
    repo.commit();
    const { tree } = await repo.open();
    const [large = '', small = ''] = ['large', 'small'].map((name) => repo.run('rev-parse', `HEAD:${name}`).trim());
    const found = await diffRuns(repo.git, tree, [
      { oldBlob: null, newBlob: large },
      { oldBlob: null, newBlob: small },
    ]);
    expect(found).toMatchObject([[], [{ added: ['a\n'] }]]);
  });
});
