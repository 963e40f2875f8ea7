import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences, photograph } from './photograph.ts';
import { TestRepository, writeAt } from './test-repository.ts';
import { advanceBase } from '../src/advance-base.ts';
import { applyChanges, invertEdit } from '../src/apply-changes.ts';
import { rejectInWorktree } from '../src/reject-changes.ts';
import { inspectRepository, openRepository, openRepositoryOf, startRepository } from '../src/repository.ts';
import { runGit } from '../src/run-git.ts';
import { compareSharedState, readSharedState } from '../src/shared-git.ts';
import { shadowFoldersOf } from '../src/shadow.ts';
import { shadowBase } from '../src/shadow-base.ts';
import { SHADOW_LIMITS } from '../src/shadow-policy.ts';
import { forgetShadow, tidyShadows } from '../src/tidy-shadows.ts';
import { baseRefOf, openWorktree, removeWorktree } from '../src/worktree.ts';
import { verifyWorktree } from '../src/verify-worktree.ts';

/** A folder without git, with a place for histories beside it. */
class PlainFolder extends TestRepository {
  readonly shadowDir = join(this.root, 'boocode', 'shadow');
  constructor() {
    super({ init: 'none' });
    mkdirSync(this.shadowDir, { recursive: true });
    Object.assign(this.git, { shadowDir: this.shadowDir });
    this.write('a.txt', 'one\ntwo\nthree\n');
    this.write('crlf.txt', 'one\r\ntwo\r\n');
    this.write('run.sh', '#!/bin/sh\n', 0o755);
    this.write('deep/er/b.txt', 'b\n');
  }

  apply(edits: Parameters<typeof applyChanges>[1]['edits'], tree: Parameters<typeof applyChanges>[1]['tree'], id = 'a1') {
    return applyChanges(this.git, { tree, prefix: '', edits, journalDir: this.journalDir, id, note: null, now: 0 });
  }
}

describe('a folder without git', () => {
  it('is looked at without making anything, and worked on without writing anything into it', async () => {
    using plain = new PlainFolder();
    expect((await inspectRepository(plain.git, plain.folder)).state).toMatchObject({
      kind: 'shadow',
      head: null,
      prefix: '',
      message: expect.stringContaining('No git here'),
    });
    expect(readdirSync(plain.shadowDir)).toEqual([]);
    const before = photograph(plain.folder, [plain.home]);
    const w = await plain.worktree('head');
    expect(w.branch).toBe('boocode/work');
    expect(readFileSync(join(w.path, 'crlf.txt'), 'latin1')).toBe('one\r\ntwo\r\n');
    expect(differences(before, photograph(plain.folder, [plain.home]))).toEqual([]);
    expect(existsSync(join(plain.folder, '.git'))).toBe(false);
  });

  it('lets an agent work as in any repository: status, log, commit', async () => {
    using plain = new PlainFolder();
    writeFileSync(join(plain.home, '.gitconfig'), '[commit]\n\tgpgSign = true\n[core]\n\thooksPath = /nowhere/hooks\n');
    const w = await plain.worktree();
    expect(plain.runIn(w.path, 'status', '--porcelain')).toBe('');
    writeAt(w.path, 'a.txt', 'one\nTWO\nthree\n');
    expect(plain.runIn(w.path, 'status', '--porcelain')).toBe(' M a.txt\n');
    plain.runIn(w.path, 'commit', '-qam', 'mine');
    expect(plain.runIn(w.path, 'log', '--format=%an: %s')).toBe('BooCode: mine\nBooCode: The folder as it is\n');
    expect((await plain.collect(w)).map(({ path }) => path)).toEqual(['a.txt']);
    const { tree } = await plain.open();
    const shared = await readSharedState(plain.git, w.tree, w.branch);
    plain.runIn(w.path, 'config', 'user.name', 'Other');
    expect(compareSharedState(shared, await readSharedState(plain.git, w.tree, w.branch))).toEqual(['config']);
    expect(tree.commonDir).toBe(w.tree.commonDir);
  });

  it('has its changes applied, rewound and rejected with modes, line ends and the own edits of the person kept', async () => {
    using plain = new PlainFolder();
    const w = await plain.worktree();
    writeAt(w.path, 'a.txt', 'one\nTWO\nthree\n');
    writeAt(w.path, 'crlf.txt', 'one\r\nTWO\r\n');
    writeAt(w.path, 'new/c.txt', 'c\n');
    chmodSync(join(w.path, 'deep/er/b.txt'), 0o755);
    rmSync(join(w.path, 'run.sh'));
    const edits = await plain.collect(w);
    expect(edits.map(({ path, kind }) => [path, kind])).toEqual([
      ['a.txt', 'modified'],
      ['crlf.txt', 'modified'],
      ['deep/er/b.txt', 'mode'],
      ['new/c.txt', 'added'],
      ['run.sh', 'deleted'],
    ]);
    plain.write('a.txt', 'zero\none\ntwo\nthree\n');
    const before = photograph(plain.folder);
    const { tree } = await plain.open();
    expect(await plain.apply(edits, tree)).toMatchObject({ kind: 'applied' });
    expect([plain.read('a.txt'), plain.read('crlf.txt'), plain.read('new/c.txt')]).toEqual(['zero\none\nTWO\nthree\n', 'one\r\nTWO\r\n', 'c\n']);
    const base = await advanceBase(plain.git, { tree, base: w.baseCommit, baseRef: baseRefOf('w1'), edits, scratch: plain.journalDir });
    expect(await plain.collect(w, base)).toEqual([]);
    expect(await plain.apply(edits.map(invertEdit), tree, 'r1')).toMatchObject({
      kind: 'applied',
    });
    expect(differences(before, photograph(plain.folder))).toEqual([]);
    const rejected = await rejectInWorktree(plain.git, {
      worktree: w.tree,
      edits,
      indexFile: join(plain.root, 'index-w'),
      journalDir: plain.journalDir,
      id: 'x1',
      note: null,
      checkpointId: 'c1',
      now: 0,
    });
    expect(rejected.kind).toBe('applied');
    expect(plain.runIn(w.path, 'status', '--porcelain')).toBe('');
  });

  it('leaves out what is rebuilt, ignored, too large or a repository of its own, and says so', async () => {
    using plain = new PlainFolder();
    plain.write('node_modules/x/index.js', 'x');
    plain.write('.venv/bin/python', 'x');
    plain.write('sub/.gitignore', 'secret*\n!node_modules\n');
    plain.write('sub/secret.txt', 's');
    plain.write('sub/node_modules/kept.js', 'k');
    plain.write('big.bin', '');
    truncateSync(join(plain.folder, 'big.bin'), SHADOW_LIMITS.fileBytes + 1);
    plain.write('clone/x.txt', 'x');
    plain.runIn(join(plain.folder, 'clone'), 'init', '-q');
    plain.runIn(join(plain.folder, 'clone'), 'commit', '-q', '--allow-empty', '-m', 'x');
    plain.write('.gitattributes', '*.txt text eol=crlf filter=lfs\n*.id ident\n*.u working-tree-encoding=UTF-16\n');
    plain.write('x.id', '$Id$\n');
    plain.write('x.u', 'plain\n');
    symlinkSync('/etc/hostname', join(plain.folder, 'outside'));
    const w = await plain.worktree();
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', '.gitattributes', 'a.txt', 'crlf.txt', 'deep', 'outside', 'run.sh', 'sub', 'x.id', 'x.u']);
    expect(readdirSync(join(w.path, 'sub')).toSorted()).toEqual(['.gitignore', 'node_modules']);
    expect([readFileSync(join(w.path, 'a.txt'), 'utf8'), readFileSync(join(w.path, 'x.id'), 'utf8')]).toEqual(['one\ntwo\nthree\n', '$Id$\n']);
    expect(w.notes.slice(0, 2)).toEqual([
      'Not in the worktree, because larger than 20 MB: "big.bin"',
      'Not in the worktree, because they are repositories of their own: "clone"; open them as projects to work on them',
    ]);
    // What grew too large since the last session is left out too, and a file the agent makes in its place is a conflict and no overwrite.
    truncateSync(join(plain.folder, 'a.txt'), SHADOW_LIMITS.fileBytes + 1);
    const next = await plain.worktree('head', { id: 'w2' });
    expect(existsSync(join(next.path, 'a.txt'))).toBe(false);
    writeAt(next.path, 'a.txt', 'agent\n');
    expect(await plain.apply(await plain.collect(next), (await plain.open()).tree)).toMatchObject({ kind: 'conflict', conflicts: [{ reason: 'exists' }] });
  });

  it('starts each session from the present files', async () => {
    using plain = new PlainFolder();
    await plain.worktree();
    plain.write('a.txt', 'changed\n');
    rmSync(join(plain.folder, 'run.sh'));
    const next = await plain.worktree('head', { id: 'w2' });
    expect(readFileSync(join(next.path, 'a.txt'), 'utf8')).toBe('changed\n');
    expect(existsSync(join(next.path, 'run.sh'))).toBe(false);
    // A file in a folder's place, and the other way round.
    rmSync(join(plain.folder, 'deep'), { recursive: true });
    plain.write('deep', 'now a file\n');
    rmSync(join(plain.folder, 'a.txt'));
    plain.write('a.txt/inside', 'now a folder\n');
    const third = await plain.worktree('head', { id: 'w3' });
    expect([readFileSync(join(third.path, 'deep'), 'utf8'), readFileSync(join(third.path, 'a.txt/inside'), 'utf8')]).toEqual([
      'now a file\n',
      'now a folder\n',
    ]);
  });

  it('is refused with a way out where it is too big or too wide', async () => {
    using plain = new PlainFolder();
    const { tree } = await plain.open();
    const base = (limits: Partial<typeof SHADOW_LIMITS>) =>
      shadowBase(plain.git, { tree, indexFile: join(plain.root, 'i'), limits: { ...SHADOW_LIMITS, ...limits } });
    await expect(base({ files: 3 })).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('it holds more than 3 files; open a smaller folder'),
    });
    await expect(base({ totalBytes: 4 })).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('.gitignore') });
    await expect(base({ nameBytes: 4 })).rejects.toMatchObject({ code: 'too_large' });
    for (const [folder, reason] of [
      ['/', 'whole file system'],
      [plain.home, 'your home folder'],
      [plain.root, 'your home folder is in it'],
      ['/usr', "the system's own"],
    ] as const) {
      expect((await inspectRepository(plain.git, folder)).state).toMatchObject({ kind: 'no_repository', message: expect.stringContaining(reason) });
    }
    await expect(openRepository(plain.git, plain.home)).rejects.toMatchObject({ code: 'no_repository' });
  });

  it('says how far it is with a large folder', async () => {
    using plain = new PlainFolder();
    for (let n = 0; n < 2_100; n++) plain.write(`many/${n}.txt`, `${n}\n`);
    const said: string[] = [];
    const { tree } = await plain.open();
    await shadowBase(plain.git, { tree, indexFile: join(plain.root, 'i'), onProgress: (text) => said.push(text) });
    expect(said).toEqual([
      'Looking through the folder',
      'Reading the folder: 0 of 2104 files, 1 MB in all',
      'Reading the folder: 2000 of 2104 files, 1 MB in all',
    ]);
    // A pack for each batch, and the trees.
    const counted = await runGit(plain.git, { at: tree, args: ['count-objects', '-v'], what: 'count' });
    expect(counted.stdout.toString('utf8')).toMatch(/^count: \d\n[^]*^packs: 2$/mu);
    expect(plain.runIn(tree.commonDir, 'fsck')).toBe('');
  });

  it('does not take in the home of BooCode when that lies in it', async () => {
    using plain = new PlainFolder();
    const inside = join(plain.folder, '.boo code');
    mkdirSync(join(inside, 'shadow'), { recursive: true });
    writeFileSync(join(inside, 'token'), 'secret');
    Object.assign(plain.git, { shadowDir: join(inside, 'shadow') });
    const w = await plain.worktree();
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', 'a.txt', 'crlf.txt', 'deep', 'run.sh']);
  });
});

describe('git that comes later', () => {
  it('is for new sessions; one that runs keeps its history, and its changes still apply to the folder', async () => {
    using plain = new PlainFolder();
    const w = await plain.worktree();
    writeAt(w.path, 'a.txt', 'one\nTWO\nthree\n');
    expect((await startRepository(plain.git, plain.folder)).state.kind).toBe('no_commit');
    plain.commit();
    const of = (id: string) => openRepositoryOf(plain.git, { project: plain.folder, id });
    const old = await of('w1');
    expect(old.state.kind).toBe('shadow');
    expect(await openWorktree(old.tree.commonDir, w.path)).toEqual(w.tree);
    const before = photograph(plain.folder);
    expect(await plain.apply(await plain.collect(w), old.tree)).toMatchObject({ kind: 'applied' });
    expect(differences(before, photograph(plain.folder))).toEqual(['a.txt']);
    const next = await plain.worktree('head', { id: 'w2' });
    expect([(await of('w2')).state.kind, next.tree.commonDir]).toEqual(['ready', join(plain.folder, '.git')]);
    // And a broken worktree of the first session is mended from its own history.
    rmSync(w.path, { recursive: true });
    const mended = await verifyWorktree(plain.git, { project: old.tree, path: w.path, branch: w.branch, base: w.baseCommit });
    expect(mended.filesLost).toBe(true);
    expect(readFileSync(join(w.path, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('a folder that another repository ignores has a history of its own', async () => {
    using plain = new PlainFolder();
    plain.run('init', '-q');
    plain.write('.gitignore', 'out/\n');
    plain.write('out/x.txt', 'x\n');
    plain.commit();
    const before = photograph(plain.folder);
    const out = join(plain.folder, 'out');
    const w = await plain.worktree('head', { project: out });
    writeAt(w.path, 'x.txt', 'y\n');
    const { tree, state } = await plain.open(out);
    expect(state.kind).toBe('shadow');
    expect(await plain.apply(await plain.collect(w), tree)).toMatchObject({ kind: 'applied' });
    expect(differences(before, photograph(plain.folder))).toEqual(['out/x.txt']);
  });
});

describe('the end of a history', () => {
  it('comes with the project, but not while a worktree of it is there', async () => {
    using plain = new PlainFolder();
    const w = await plain.worktree();
    expect(shadowFoldersOf(plain.shadowDir, 'w1')).toMatchObject({ folder: w.tree.commonDir });
    expect(await forgetShadow(plain.shadowDir, plain.folder)).toBe(false);
    const { tree } = await plain.open();
    await removeWorktree(plain.git, { project: tree, path: w.path, branch: null });
    expect((await tidyShadows(plain.git, { shadowDir: plain.shadowDir, folders: [plain.folder] })).removed).toEqual([]);
    expect((await tidyShadows(plain.git, { shadowDir: plain.shadowDir, folders: [] })).removed).toEqual([plain.folder]);
    expect([readdirSync(plain.shadowDir), readdirSync(join(plain.shadowDir, 'of'))]).toEqual([['of'], []]);
    expect(shadowFoldersOf(plain.shadowDir, 'w1')).toBeNull();
  });

  it('packing keeps all that is referred to, drops what is old and unreferenced, and the next session reads on', async () => {
    using plain = new PlainFolder();
    for (let n = 0; n < 60; n++) plain.write(`many/${n % 9}/${n}.txt`, `${n}\n`);
    const w = await plain.worktree();
    const { tree } = await plain.open();
    const lost = await runGit(plain.git, { at: tree, args: ['hash-object', '-w', '--stdin'], what: 'x', input: 'lost\n' });
    const id = lost.stdout.toString('utf8').trim();
    const file = join(tree.commonDir, 'objects', id.slice(0, 2), id.slice(2));
    const old = new Date(Date.now() - 20 * 24 * 3_600_000);
    utimesSync(file, old, old);
    expect((await tidyShadows(plain.git, { shadowDir: plain.shadowDir, folders: [plain.folder], packFrom: 0 })).packed).toEqual([plain.folder]);
    expect(existsSync(file)).toBe(false);
    expect(execFileSync('git', ['-C', w.path, 'fsck', '--no-dangling'], { encoding: 'utf8' })).toBe('');
    expect(plain.runIn(w.path, 'status', '--porcelain')).toBe('');
    const next = await plain.worktree('head', { id: 'w2' });
    expect(readFileSync(join(next.path, 'many/7/7.txt'), 'utf8')).toBe('7\n');
  });
});
