import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedKeys, manifestOf, TestRepository, writeAt } from '../test/test-repository.ts';
import { advanceBase } from './advance-base.ts';
import { applyChanges, type ApplyResult, invertEdit, previewApply } from './apply-changes.ts';
import { forgetApply } from './apply-journal.ts';
import type { FileEdit } from './apply-plan.ts';
import { recoverApplies } from './recover-applies.ts';

async function apply(
  repo: TestRepository,
  edits: readonly FileEdit[],
  options: { readonly prefix?: string; readonly rewind?: boolean } = {},
): Promise<ApplyResult> {
  const { tree } = await repo.open();
  const wanted = options.rewind === true ? edits.map(invertEdit) : edits;
  const result = await applyChanges(repo.git, {
    tree,
    prefix: options.prefix ?? '',
    edits: wanted,
    journalDir: repo.journalDir,
    id: 'a1',
    note: { for: 'test' },
    now: 1,
  });
  await forgetApply(repo.journalDir, 'a1');
  return result;
}

/** What each refused path says, shortest form. */
function reasons(result: ApplyResult): unknown {
  return result.kind === 'conflict' ? result.conflicts.map((each) => [each.path, each.reason]) : result;
}

function outcomes(result: ApplyResult): unknown {
  return result.kind === 'applied' ? Object.fromEntries(result.files.map((file) => [file.path, file.outcome])) : result;
}

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');

describe('applyChanges()', () => {
  it('writes what the agent did, of every kind and with odd names, and changes nothing else', async () => {
    using repo = new TestRepository();
    repo.write('edit.txt', LINES);
    repo.write('gone/deep/file.txt', 'gone\n');
    repo.write('old name.txt', LINES);
    repo.write('script.sh', '#!/bin/sh\n');
    repo.write('picture.bin', Buffer.from([0, 1, 2, 255]));
    repo.write('kind', 'a file\n');
    repo.write('becomes-folder', 'file\n');
    repo.write('folder/becomes-file', 'file\n');
    repo.write('empty-me', 'text\n');
    symlinkSync('edit.txt', join(repo.folder, 'link'));
    repo.commit();
    repo.run('config', 'core.hooksPath', '.git/hooks');
    repo.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n', 0o755);
    repo.write('mine.txt', 'untracked, mine\n');
    repo.write('staged.txt', 'staged\n');
    repo.run('add', 'staged.txt');
    const w = await repo.worktree();
    const at = (path: string) => join(w.path, path);
    writeFileSync(at('edit.txt'), LINES.replace('line 3\n', 'line three\n'));
    rmSync(at('gone'), { recursive: true });
    renameSync(at('old name.txt'), at('new "name"\nÄ.txt'));
    chmodSync(at('script.sh'), 0o755);
    writeFileSync(at('picture.bin'), Buffer.from([0, 9, 9]));
    unlinkSync(at('kind'));
    symlinkSync('nowhere', at('kind'));
    unlinkSync(at('becomes-folder'));
    writeAt(w.path, 'becomes-folder/inside', 'x');
    rmSync(at('folder'), { recursive: true });
    writeFileSync(at('folder'), 'now a file\n');
    writeFileSync(at('empty-me'), '');
    unlinkSync(at('link'));
    symlinkSync('script.sh', at('link'));
    for (const name of ['-dash', ' space ', 'new\nline', 'tab\there', 'quote"d', 'uni-ü-日本', 'back\\slash', 'a/b/c/deep']) writeAt(w.path, name, `${name}\n`);
    const changes = await repo.collect(w);
    const before = manifestOf(repo.folder);
    expect(outcomes(await apply(repo, changes))).toMatchObject({ 'edit.txt': 'written', 'gone/deep/file.txt': 'removed', 'new "name"\nÄ.txt': 'written' });
    const after = manifestOf(repo.folder);
    expect(changedKeys(before, after)).toEqual(
      [
        'edit.txt',
        'gone/',
        'gone/deep/',
        'gone/deep/file.txt',
        'old name.txt',
        'new "name"\nÄ.txt',
        'script.sh',
        'picture.bin',
        'kind',
        'becomes-folder',
        'becomes-folder/',
        'becomes-folder/inside',
        'folder/',
        'folder/becomes-file',
        'folder',
        'empty-me',
        'link',
        '-dash',
        ' space ',
        'new\nline',
        'tab\there',
        'quote"d',
        'uni-ü-日本',
        'back\\slash',
        'a/',
        'a/b/',
        'a/b/c/',
        'a/b/c/deep',
      ].toSorted(),
    );
    expect(readlinkSync(join(repo.folder, 'kind'))).toBe('nowhere');
    expect(lstatSync(join(repo.folder, 'script.sh')).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(repo.folder, 'picture.bin'))).toEqual(Buffer.from([0, 9, 9]));
    expect(repo.read('becomes-folder/inside')).toBe('x');
    expect(repo.read('folder')).toBe('now a file\n');
    // and all the way back
    expect((await apply(repo, changes, { rewind: true })).kind).toBe('applied');
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
  });

  it("keeps the person's own edits, and rewinding keeps them too", async () => {
    using repo = new TestRepository();
    repo.write('a.txt', LINES);
    repo.write('moved.txt', LINES);
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a.txt', LINES.replace('line 3\n', 'agent\n'));
    renameSync(join(w.path, 'moved.txt'), join(w.path, 'there.txt'));
    const changes = await repo.collect(w);
    repo.write('a.txt', LINES.replace('line 17\n', 'person\n'));
    repo.write('moved.txt', LINES.replace('line 1\n', 'person\n'));
    const before = manifestOf(repo.folder);
    expect(outcomes(await apply(repo, changes))).toEqual({ 'a.txt': 'merged', 'there.txt': 'merged' });
    expect(repo.read('a.txt')).toBe(LINES.replace('line 3\n', 'agent\n').replace('line 17\n', 'person\n'));
    expect(repo.read('there.txt')).toBe(LINES.replace('line 1\n', 'person\n'));
    expect(outcomes(await apply(repo, changes, { rewind: true }))).toEqual({ 'a.txt': 'merged', 'moved.txt': 'merged' });
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
  });

  it('refuses all when one file conflicts, says why for each, and changes nothing', async () => {
    using repo = new TestRepository();
    for (const name of ['same-lines', 'deleted-here', 'deleted-there', 'fine']) repo.write(name, LINES);
    repo.write('binary', Buffer.from([0, 1]));
    repo.commit();
    const w = await repo.worktree();
    for (const name of ['same-lines', 'deleted-here', 'fine']) writeAt(w.path, name, LINES.replace('line 3\n', 'agent\n'));
    unlinkSync(join(w.path, 'deleted-there'));
    writeAt(w.path, 'binary', Buffer.from([0, 2]));
    writeAt(w.path, 'both-added', 'agent\n');
    writeAt(w.path, 'both-added-same', 'same\n');
    writeAt(w.path, 'folder-here', 'a file\n');
    writeAt(w.path, 'linked/inside', 'x\n');
    writeAt(w.path, 'nested/inside', 'x\n');
    const changes = await repo.collect(w);
    repo.write('same-lines', LINES.replace('line 3\n', 'person\n'));
    unlinkSync(join(repo.folder, 'deleted-here'));
    repo.write('deleted-there', `${LINES}more\n`);
    repo.write('binary', Buffer.from([0, 3]));
    repo.write('both-added', 'person\n');
    repo.write('both-added-same', 'same\n');
    repo.write('folder-here/x', 'x\n');
    mkdirSync(join(repo.root, 'outside'));
    symlinkSync(join(repo.root, 'outside'), join(repo.folder, 'linked'));
    repo.run('init', '-q', 'nested');
    const before = manifestOf(repo.folder);
    const result = await apply(repo, changes);
    expect(reasons(result)).toEqual([
      ['binary', 'binary'],
      ['both-added', 'exists'],
      ['deleted-here', 'missing'],
      ['deleted-there', 'modified'],
      ['same-lines', 'overlap'],
      ['folder-here', 'in_the_way'],
      ['linked/inside', 'in_the_way'],
      ['nested/inside', 'in_the_way'],
    ]);
    expect(result.kind === 'conflict' && result.conflicts.find((each) => each.path === 'same-lines')?.merged).toContain(
      '<<<<<<< your folder\nperson\n=======\nagent\n>>>>>>> the change\n',
    );
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
    expect(existsSync(join(repo.root, 'outside', 'inside'))).toBe(false);
    expect(await recoverApplies(repo.journalDir)).toEqual([]);
  });

  it('refuses paths out of the project and into a git directory', async () => {
    using repo = new TestRepository();
    const blob = repo.run('rev-parse', 'HEAD:README.md').trim();
    const add = (path: string): FileEdit => ({ path, oldPath: null, oldBlob: null, oldMode: null, newBlob: blob, newMode: '100644' });
    const paths = ['../x', '/etc/x', 'a/../../x', '.git/hooks/pre-commit', 'sub/.GIT/config', 'a//b', 'other/x', 'git~1/config', '.git./x'];
    expect(reasons(await apply(repo, paths.map(add), { prefix: 'sub' }))).toEqual(paths.map((path) => [path, 'outside']));
  });

  it('keeps line endings, byte order marks, a missing final newline and permissions', async () => {
    using repo = new TestRepository();
    const crlf = LINES.replaceAll('\n', '\r\n');
    repo.write('crlf.txt', crlf);
    repo.write('bom.txt', `\ufeff${LINES}`);
    repo.write('open-end.txt', 'one\ntwo\nthree\nfour\nfive\nlast');
    repo.write('turned.txt', LINES);
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'crlf.txt', crlf.replace('line 3\r\n', 'agent\r\n'));
    writeAt(w.path, 'bom.txt', `\ufeff${LINES.replace('line 3\n', 'agent\n')}`);
    writeAt(w.path, 'open-end.txt', 'ONE\ntwo\nthree\nfour\nfive\nlast');
    writeAt(w.path, 'turned.txt', LINES.replace('line 3\n', 'agent\n'));
    const changes = await repo.collect(w);
    repo.write('crlf.txt', crlf.replace('line 15\r\n', 'person\r\n'));
    repo.write('bom.txt', LINES.replace('line 15\n', 'person\n'));
    repo.write('open-end.txt', 'one\ntwo\nthree\nfour\nfive\nlast line');
    repo.write('turned.txt', crlf);
    chmodSync(join(repo.folder, 'crlf.txt'), 0o600);
    expect((await apply(repo, changes)).kind).toBe('applied');
    expect(repo.read('crlf.txt')).toBe(crlf.replace('line 3\r\n', 'agent\r\n').replace('line 15\r\n', 'person\r\n'));
    expect(lstatSync(join(repo.folder, 'crlf.txt')).mode & 0o777).toBe(0o600);
    expect(repo.read('bom.txt')).toBe(LINES.replace('line 3\n', 'agent\n').replace('line 15\n', 'person\n'));
    expect(repo.read('open-end.txt')).toBe('ONE\ntwo\nthree\nfour\nfive\nlast line');
    expect(repo.read('turned.txt')).toBe(crlf.replace('line 3\r\n', 'agent\r\n'));
  });

  it("compares and writes through git's filters", async () => {
    using repo = new TestRepository();
    const crlf = LINES.replaceAll('\n', '\r\n');
    repo.run('config', 'filter.shout.clean', 'tr A-Z a-z');
    repo.run('config', 'filter.shout.smudge', 'tr a-z A-Z');
    repo.write('.gitattributes', '*.win eol=crlf\n*.shout filter=shout\n*.auto text=auto\n');
    repo.write('a.win', crlf);
    repo.write('b.shout', LINES.toUpperCase());
    repo.write('c.auto', LINES);
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a.win', crlf.replace('line 3\r\n', 'agent\r\n'));
    writeAt(w.path, 'b.shout', LINES.toUpperCase().replace('LINE 3\n', 'AGENT\n'));
    writeAt(w.path, 'c.auto', LINES.replace('line 3\n', 'agent\n'));
    writeAt(w.path, 'new.win', 'one\ntwo\n');
    const changes = await repo.collect(w);
    expect(changes.map((change) => [change.path, change.additions, change.deletions])).toEqual([
      ['a.win', 1, 1],
      ['b.shout', 1, 1],
      ['c.auto', 1, 1],
      ['new.win', 2, 0],
    ]);
    repo.write('c.auto', crlf.replace('line 9\r\n', 'person\r\n'));
    expect((await apply(repo, changes)).kind).toBe('applied');
    expect(repo.read('a.win')).toBe(crlf.replace('line 3\r\n', 'agent\r\n'));
    expect(repo.read('b.shout')).toBe(LINES.toUpperCase().replace('LINE 3\n', 'AGENT\n'));
    expect(repo.read('c.auto')).toBe(crlf.replace('line 3\r\n', 'agent\r\n').replace('line 9\r\n', 'person\r\n'));
    expect(repo.read('new.win')).toBe('one\r\ntwo\r\n');
  });

  it('is harmless when the folder already is as wanted', async () => {
    using repo = new TestRepository();
    repo.write('a', 'old\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a', 'agent\n');
    writeAt(w.path, 'new', 'agent\n');
    const changes = await repo.collect(w);
    await apply(repo, changes);
    const before = manifestOf(repo.folder);
    expect(outcomes(await apply(repo, changes))).toEqual({ a: 'unchanged', new: 'unchanged' });
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
  });

  it('works in a folder inside the repository, and in one with SHA-256', async () => {
    using repo = new TestRepository({ init: 'none' });
    repo.run('init', '-q', '--object-format=sha256');
    repo.write('app/only', LINES);
    repo.write('other', 'x\n');
    symlinkSync('only', join(repo.folder, 'app/link'));
    repo.commit();
    const w = await repo.worktree('head', { project: join(repo.folder, 'app') });
    unlinkSync(join(w.folder, 'only'));
    unlinkSync(join(w.folder, 'link'));
    const changes = await repo.collect(w);
    expect((await apply(repo, changes, { prefix: 'app' })).kind).toBe('applied');
    expect(existsSync(join(repo.folder, 'app'))).toBe(true);
    expect((await apply(repo, changes, { prefix: 'app', rewind: true })).kind).toBe('applied');
    expect(readlinkSync(join(repo.folder, 'app/link'))).toBe('only');
    writeAt(w.path, 'other', 'agent\n');
    expect(reasons(await apply(repo, await repo.collect(w), { prefix: 'app' }))).toEqual([['other', 'outside']]);
  });

  it('does not merge pointers of Git LFS as text', async () => {
    using repo = new TestRepository();
    const pointer = (oid: string) => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 1\nx\n`;
    repo.write('big.psd', pointer('0'));
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'big.psd', pointer('1'));
    const changes = await repo.collect(w);
    repo.write('big.psd', `${pointer('0')}y\n`);
    expect(reasons(await apply(repo, changes))).toEqual([['big.psd', 'binary']]);
  });

  it('previewApply() shows conflicts without touching anything', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    writeAt(w.path, 'README.md', '# Agent\n');
    const edits = await repo.collect(w);
    repo.write('README.md', '# Person\n');
    const before = manifestOf(repo.folder);
    const { tree } = await repo.open();
    const plan = await previewApply(repo.git, { tree, prefix: '', edits, journalDir: repo.journalDir });
    expect(plan.conflicts.map((each) => each.reason)).toEqual(['overlap']);
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
  });

  it('leaves nothing behind when writing fails in the middle', async () => {
    using repo = new TestRepository();
    repo.write('a', 'old\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a', 'agent\n');
    writeAt(w.path, 'b', 'agent\n');
    const changes = await repo.collect(w);
    const long = { ...changes[1]!, path: `${'x'.repeat(300)}/b` };
    const before = manifestOf(repo.folder);
    await expect(apply(repo, [changes[0]!, long])).rejects.toThrow();
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
    expect(await recoverApplies(repo.journalDir)).toEqual([]);
  });
});

describe('advanceBase()', () => {
  it('moves the base over what was applied and back over what was rewound', async () => {
    using repo = new TestRepository();
    repo.write('a', 'old\n');
    repo.write('b', 'old\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a', 'agent\n');
    renameSync(join(w.path, 'b'), join(w.path, 'c'));
    writeAt(w.path, 'd', 'agent\n');
    const changes = await repo.collect(w);
    const { tree } = await repo.open();
    const before = manifestOf(repo.folder);
    const chosen = changes.filter((change) => change.path !== 'd');
    const next = await advanceBase(repo.git, { tree, base: w.baseCommit, baseRef: w.baseRef, edits: chosen, scratch: repo.root });
    expect((await repo.collect(w, next)).map((change) => change.path)).toEqual(['d']);
    expect(await advanceBase(repo.git, { tree, base: w.baseCommit, baseRef: w.baseRef, edits: chosen, scratch: repo.root })).toBe(next);
    const back = await advanceBase(repo.git, { tree, base: next, baseRef: w.baseRef, edits: chosen.map(invertEdit), scratch: repo.root });
    expect((await repo.collect(w, back)).map((change) => change.path)).toEqual(['a', 'c', 'd']);
    expect(changedKeys(before, manifestOf(repo.folder))).toEqual([]);
  });
});
