import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedKeys, manifestOf, TestRepository, writeAt } from '../test/test-repository.ts';
import { patchesOf, patchOf, quotePath } from './change-patch.ts';
import { collectChanges } from './collect-changes.ts';

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');

describe('collectChanges()', () => {
  it('finds every kind of change, with its counts, and leaves the worktree as it is', async () => {
    using repo = new TestRepository();
    repo.write('edit', LINES);
    repo.write('gone', 'x\n');
    repo.write('move/me', LINES);
    repo.write('run.sh', '#!/bin/sh\n');
    repo.write('bin', Buffer.from([0, 1]));
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'edit', `${LINES.replace('line 3\n', '')}more\nand more\n`);
    unlinkSync(join(w.path, 'gone'));
    renameSync(join(w.path, 'move/me'), join(w.path, 'moved\n"there"'));
    chmodSync(join(w.path, 'run.sh'), 0o755);
    writeAt(w.path, 'bin', Buffer.from([0, 2]));
    writeAt(w.path, '-new ü', 'one\ntwo');
    symlinkSync('edit', join(w.path, 'link'));
    writeAt(w.path, 'empty', '');
    const before = manifestOf(w.path);
    const changes = await repo.collect(w);
    expect(changes.map((each) => [each.path, each.oldPath, each.kind, each.oldMode, each.newMode, each.binary, each.additions, each.deletions])).toEqual([
      ['-new ü', null, 'added', null, '100644', false, 2, 0],
      ['bin', null, 'modified', '100644', '100644', true, 0, 0],
      ['edit', null, 'modified', '100644', '100644', false, 2, 1],
      ['empty', null, 'added', null, '100644', false, 0, 0],
      ['gone', null, 'deleted', '100644', null, false, 0, 1],
      ['link', null, 'added', null, '120000', false, 1, 0],
      ['moved\n"there"', 'move/me', 'renamed', '100644', '100644', false, 0, 0],
      ['run.sh', null, 'mode', '100644', '100755', false, 0, 0],
    ]);
    expect(changedKeys(before, manifestOf(w.path))).toEqual([]);
    expect(repo.runIn(w.path, 'diff', '--cached', '--name-only')).toBe('');
  });

  it('is the same whether the agent committed, staged, merged, reset or moved its branch', async () => {
    using repo = new TestRepository();
    repo.write('a', 'a\n');
    repo.write('b', 'b\n');
    repo.commit();
    repo.write('mine', 'untracked by the person\n');
    const w = await repo.worktree('uncommitted');
    const paths = async () => (await repo.collect(w)).map((change) => `${change.kind} ${change.path}`);
    writeAt(w.path, 'a', 'agent\n');
    writeAt(w.path, 'new', 'agent\n');
    const expected = ['modified a', 'added new'];
    expect(await paths()).toEqual(expected);
    repo.runIn(w.path, 'add', '-A');
    expect(await paths()).toEqual(expected);
    repo.runIn(w.path, 'commit', '-q', '-m', 'agent');
    expect(await paths()).toEqual(expected);
    repo.runIn(w.path, 'reset', '-q', 'HEAD~2');
    expect(await paths()).toEqual(expected);
    repo.runIn(w.path, 'checkout', '-q', '--orphan', 'other');
    repo.runIn(w.path, 'rm', '-rqf', '--cached', '.');
    expect(await paths()).toEqual(expected);
    repo.runIn(w.path, 'branch', '-D', w.branch);
    rmSync(join(w.tree.gitDir, 'index'));
    expect(await paths()).toEqual(expected);
    expect(repo.run('branch', '--list', w.branch)).toBe('');
  });

  it('sees through a conflicted merge, flags that hide changes, and files that became ignored', async () => {
    using repo = new TestRepository();
    repo.write('a', 'a\n');
    repo.write('hidden', 'a\n');
    repo.write('skipped', 'a\n');
    repo.write('cache', 'a\n');
    repo.commit();
    const w = await repo.worktree();
    repo.runIn(w.path, 'checkout', '-q', '-b', 'side');
    writeAt(w.path, 'a', 'side\n');
    repo.runIn(w.path, 'commit', '-qam', 'side');
    repo.runIn(w.path, 'checkout', '-q', w.branch);
    writeAt(w.path, 'a', 'main\n');
    repo.runIn(w.path, 'commit', '-qam', 'main');
    expect(() => repo.runIn(w.path, 'merge', 'side')).toThrow();
    repo.runIn(w.path, 'update-index', '--assume-unchanged', 'hidden');
    repo.runIn(w.path, 'update-index', '--skip-worktree', 'skipped');
    writeAt(w.path, 'hidden', 'changed\n');
    writeAt(w.path, 'skipped', 'changed\n');
    writeAt(w.path, '.gitignore', 'cache\nforced\n');
    repo.runIn(w.path, 'rm', '-q', '--cached', 'cache');
    writeAt(w.path, 'forced', 'x\n');
    repo.runIn(w.path, 'add', '-f', 'forced');
    expect((await repo.collect(w)).map((change) => `${change.kind} ${change.path}`)).toEqual([
      'added .gitignore',
      'modified a',
      'added forced',
      'modified hidden',
      'modified skipped',
    ]);
  });

  it('reports repositories made inside and names that are no text, and follows neither', async () => {
    using repo = new TestRepository();
    repo.write('was-file', 'x\n');
    repo.commit();
    const w = await repo.worktree();
    for (const name of ['nested', 'deep/nested']) repo.runIn(w.path, 'init', '-q', name);
    writeAt(w.path, 'nested/x', 'x\n');
    repo.runIn(join(w.path, 'nested'), 'add', '.');
    repo.runIn(join(w.path, 'nested'), 'commit', '-qm', 'x');
    unlinkSync(join(w.path, 'was-file'));
    repo.runIn(w.path, 'init', '-q', 'was-file');
    writeFileSync(Buffer.concat([Buffer.from(`${w.path}/bad-`), Buffer.from([0xff])]), 'x\n');
    const found = await collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile: join(repo.root, 'i') });
    expect(found.changes.map((change) => `${change.kind} ${change.path}`)).toEqual(['deleted was-file']);
    expect(found.nested).toEqual(['deep/nested', 'nested', 'was-file']);
    expect(found.skipped).toEqual([{ path: 'bad-\ufffd', reason: 'its name is not UTF-8' }]);
  });

  it('goes on with damaged indexes, pipes in the place of files, and files too large to keep', async () => {
    using repo = new TestRepository();
    repo.write('was-file', 'x\n');
    repo.commit();
    const w = await repo.worktree();
    const indexFile = join(repo.root, 'i');
    const collect = () => collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile, maxUntrackedBytes: 10 });
    writeAt(w.path, 'huge', 'x'.repeat(100));
    writeAt(w.path, 'new', 'agent\n');
    unlinkSync(join(w.path, 'was-file'));
    execFileSync('mkfifo', [join(w.path, 'was-file'), join(w.path, 'pipe')]);
    const expected = { changes: [{ path: 'new' }, { path: 'was-file', kind: 'deleted' }], skipped: [{ path: 'huge', reason: 'larger than 10 bytes' }] };
    expect(await collect()).toMatchObject(expected);
    writeFileSync(indexFile, 'rubbish');
    expect(await collect()).toMatchObject(expected);
    writeFileSync(join(w.tree.gitDir, 'index'), 'rubbish');
    expect(await collect()).toMatchObject(expected);
    expect(await collect()).toMatchObject(expected);
    expect(readdirSync(repo.root).filter((name) => name.startsWith('i.'))).toEqual(['i.source', 'i.tree']);
  });

  it('never misses a change of the same size in the same moment', async () => {
    using repo = new TestRepository();
    repo.write('a', '0000\n');
    repo.commit();
    const w = await repo.worktree();
    for (let round = 1; round <= 8; round++) {
      writeAt(w.path, 'a', `000${round}\n`);
      const [change] = await repo.collect(w);
      expect(repo.runIn(w.path, 'cat-file', 'blob', change?.newBlob ?? 'none')).toBe(`000${round}\n`);
    }
  });

  it('keeps what it collected alive under its own ref, against an agent that rewrites .git of its worktree', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    repo.runIn(repo.root, 'init', '-q', 'evil');
    writeAt(w.path, '.git', `gitdir: ${join(repo.root, 'evil', '.git')}\n`);
    writeAt(w.path, 'new', 'agent\n');
    const found = await collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile: join(repo.root, 'i'), keepRef: 'refs/boocode/changes/w1' });
    expect(found.changes.map((change) => change.path)).toEqual(['new']);
    repo.run('gc', '-q', '--prune=now');
    expect(repo.run('cat-file', 'blob', found.changes[0]?.newBlob ?? '')).toBe('agent\n');
  });
});

describe('patchesOf()', () => {
  it('makes patches that git itself can apply', async () => {
    using repo = new TestRepository();
    repo.write('edit', LINES);
    repo.write('gone', 'x\n');
    repo.write('move', LINES);
    repo.write('run.sh', '#!/bin/sh\n');
    repo.write('to-link', 'x\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'edit', `${LINES.replace('line 3\n', '--- a\n+++ b\n@@ -1 +1 @@\n')}more`);
    unlinkSync(join(w.path, 'gone'));
    unlinkSync(join(w.path, 'move'));
    writeAt(w.path, 'new "n"\tä/x', LINES.replace('line 9\n', 'nine\n'));
    chmodSync(join(w.path, 'run.sh'), 0o755);
    writeAt(w.path, 'empty', '');
    const changes = await repo.collect(w);
    const patches = await patchesOf(repo.git, { tree: w.tree, changes, maxBytes: 100_000 });
    writeFileSync(join(repo.root, 'all.patch'), patches.map((each) => each.patch).join(''));
    repo.run('apply', '--index', join(repo.root, 'all.patch'));
    const after = await collectChanges(repo.git, { tree: w.tree, base: repo.run('write-tree').trim(), indexFile: join(repo.root, 'i') });
    expect(after.changes).toEqual([]);
  });

  it('gives null for binary files, cuts at a line, and shows a file that became a link', async () => {
    using repo = new TestRepository();
    repo.write('kind', 'text\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'bin', Buffer.from([0, 1]));
    writeAt(w.path, 'long', LINES);
    unlinkSync(join(w.path, 'kind'));
    symlinkSync('target', join(w.path, 'kind'));
    const changes = await repo.collect(w);
    const [bin, kind] = await patchesOf(repo.git, { tree: w.tree, changes, maxBytes: 1_000 });
    const [, , long] = await patchesOf(repo.git, { tree: w.tree, changes, maxBytes: 200 });
    expect(bin).toEqual({ patch: null, truncated: false });
    writeFileSync(join(repo.root, 'kind.patch'), kind?.patch ?? '');
    repo.run('apply', join(repo.root, 'kind.patch'));
    expect(readlinkSync(join(repo.folder, 'kind'))).toBe('target');
    expect(long).toMatchObject({ truncated: true, patch: expect.stringMatching(/\+line \d\n$/u) });
    expect(await patchOf(repo.git, { tree: w.tree, change: changes[0]!, maxBytes: 10 })).toEqual({ patch: null, truncated: false });
  });

  it('quotePath() writes names as git does', () => {
    expect(['plain ü', 'a"b', 'a\\b', 'new\nline', 'bell\u0007'].map(quotePath)).toEqual(['plain ü', '"a\\"b"', '"a\\\\b"', '"new\\nline"', '"bell\\007"']);
  });
});
