import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository } from './test-repository.ts';
import { treeWith } from '../src/advance-base.ts';
import { invertEdit } from '../src/apply-changes.ts';
import type { FileEdit } from '../src/apply-plan.ts';
import { editsOnBase } from '../src/base-edits.ts';
import { diffTrees } from '../src/collect-changes.ts';

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
const text = (lines: Readonly<Record<number, string>> = {}) => LINES.map((line, index) => lines[index + 1] ?? line).join('');

/** Commits these files (null removes one) and gives the commit's name. */
function commit(repo: TestRepository, files: Readonly<Record<string, string | null>>): string {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) repo.run('rm', '-q', '--', path);
    else repo.write(path, content);
  }
  repo.commit();
  return repo.run('rev-parse', 'HEAD').trim();
}

async function between(repo: TestRepository, from: string, to: string): Promise<readonly FileEdit[]> {
  const { tree } = await repo.open();
  const { changes } = await diffTrees(repo.git, { tree, from, to });
  return changes.map(({ path, oldPath, oldBlob, newBlob, oldMode, newMode }) => ({ path, oldPath, oldBlob, newBlob, oldMode, newMode }));
}

/** What the base is once the edits are made on it, as a tree; or the files that conflict. */
async function made(repo: TestRepository, base: string, edits: readonly FileEdit[]): Promise<string | readonly string[]> {
  const { tree } = await repo.open();
  const scratch = join(repo.root, 'scratch');
  const found = await editsOnBase(repo.git, { tree, base, edits, scratch });
  return found.conflicts.length > 0 ? found.conflicts : treeWith(repo.git, { tree, base, edits: found.edits, scratch });
}

const treeOf = (repo: TestRepository, name: string) => repo.run('rev-parse', `${name}^{tree}`).trim();

describe('editsOnBase()', () => {
  it('gives edits back as they are where the base has not moved, renames too', async () => {
    using repo = new TestRepository();
    const from = commit(repo, { 'a.txt': text(), 'b.txt': 'b\n' });
    const to = commit(repo, { 'a.txt': null, 'c.txt': text({ 3: 'three\n' }), 'b.txt': 'B\n' });
    const edits = await between(repo, from, to);
    expect(edits.find((edit) => edit.oldPath === 'a.txt')).toMatchObject({ path: 'c.txt' });
    const { tree } = await repo.open();
    expect((await editsOnBase(repo.git, { tree, base: from, edits, scratch: repo.root })).edits).toEqual(edits);
    expect(await made(repo, from, edits)).toBe(treeOf(repo, to));
  });

  it('takes an older edit back and keeps the newer ones of the same file', async () => {
    using repo = new TestRepository();
    const [a, b, c] = [
      commit(repo, { 'a.txt': text() }),
      commit(repo, { 'a.txt': text({ 3: 'three\n' }) }),
      commit(repo, { 'a.txt': text({ 3: 'three\n', 20: 'twenty\n' }) }),
    ];
    const wanted = commit(repo, { 'a.txt': text({ 20: 'twenty\n' }) });
    const older = (await between(repo, a, b)).map(invertEdit);
    expect(await made(repo, c, older)).toBe(treeOf(repo, wanted));
    const both = [...(await between(repo, b, c)), ...(await between(repo, a, b))].map(invertEdit);
    expect(await made(repo, c, both)).toBe(treeOf(repo, a));
    // In the other order they come to the same.
    expect(await made(repo, c, both.toReversed())).toBe(treeOf(repo, a));
  });

  it('names the files whose lines a later edit builds on', async () => {
    using repo = new TestRepository();
    const [a, b, c] = [commit(repo, { 'a.txt': text() }), commit(repo, { 'a.txt': text({ 3: 'three\n' }) }), commit(repo, { 'a.txt': text({ 3: 'THREE\n' }) })];
    expect(await made(repo, c, (await between(repo, a, b)).map(invertEdit))).toEqual(['a.txt']);
    const removed = commit(repo, { 'a.txt': null });
    expect(await made(repo, removed, (await between(repo, a, b)).map(invertEdit))).toEqual(['a.txt']);
  });

  it('follows a file through an edit, a rename and back', async () => {
    using repo = new TestRepository();
    const a = commit(repo, { 'a.txt': text() });
    const b = commit(repo, { 'a.txt': null, 'b.txt': text() });
    const c = commit(repo, { 'b.txt': text({ 9: 'nine\n' }) });
    const wanted = commit(repo, { 'b.txt': null, 'a.txt': text({ 9: 'nine\n' }) });
    expect(await made(repo, c, (await between(repo, a, b)).map(invertEdit))).toBe(treeOf(repo, wanted));
    const all = [...(await between(repo, b, c)), ...(await between(repo, a, b))].map(invertEdit);
    expect(await made(repo, c, all)).toBe(treeOf(repo, a));
  });

  it('leaves what is there already, and does not take back what is not', async () => {
    using repo = new TestRepository();
    const a = commit(repo, { 'a.txt': text() });
    const b = commit(repo, { 'a.txt': text({ 3: 'three\n' }), 'new.txt': 'new\n' });
    const edits = await between(repo, a, b);
    expect(await made(repo, b, edits)).toBe(treeOf(repo, b));
    expect(await made(repo, a, edits.map(invertEdit))).toBe(treeOf(repo, a));
  });
});
