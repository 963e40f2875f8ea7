import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUDGET, checkpointsOf, filesOf, writeBytes } from './checkpoints.ts';
import { TestRepository, writeAt } from './test-repository.ts';
import { collectChanges } from '../src/collect-changes.ts';
import { findFolderState, readFolderState } from '../src/checkpoint.ts';
import { countTreeChanges } from '../src/tree-changes.ts';

/** Everything of the repository that nobody but the person may change, byte for byte. */
function privateParts(repo: TestRepository, path: string): Record<string, string> {
  const parts: Record<string, string> = {};
  const read = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      if (entry.name === 'objects' || full.includes('/refs/boocode')) continue;
      if (entry.isDirectory()) read(full);
      else parts[full] = `${statSync(full).mtimeMs} ${readFileSync(full).toString('latin1')}`;
    }
  };
  read(join(repo.folder, '.git'));
  parts['status'] = execFileSync('git', ['--no-optional-locks', 'status', '--porcelain'], { cwd: path, encoding: 'utf8' });
  return parts;
}

async function worktreeWith(files: Record<string, string>, prepare: (repo: TestRepository) => void = () => {}) {
  const repo = new TestRepository();
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  prepare(repo);
  repo.commit();
  const w = await repo.worktree();
  return { repo, w, path: w.path, checkpoints: checkpointsOf(repo, w.tree) };
}

describe('a checkpoint', () => {
  it('brings everything back, and its safety checkpoint undoes that', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ 'a.txt': 'a\n', 'gone.txt': 'g\n', 'src/deep/b.txt': 'b\n', 'run.sh': '#!/bin/sh\n' });
    using _ = repo;
    chmodSync(join(path, 'run.sh'), 0o755);
    symlinkSync('a.txt', join(path, 'link'));
    symlinkSync('nowhere', join(path, 'dangling'));
    mkdirSync(join(path, 'empty/in/empty'), { recursive: true });
    writeAt(path, 'new/untracked.txt', 'u\n');
    mkdirSync(join(path, 'new/hollow'));
    const before = filesOf(path);
    await checkpoints.take('one');
    writeAt(path, 'a.txt', 'A\n');
    unlinkSync(join(path, 'gone.txt'));
    rmSync(join(path, 'src'), { recursive: true });
    chmodSync(join(path, 'run.sh'), 0o644);
    unlinkSync(join(path, 'link'));
    symlinkSync('b.txt', join(path, 'link'));
    rmSync(join(path, 'empty'), { recursive: true });
    rmSync(join(path, 'new'), { recursive: true });
    writeAt(path, 'more/later.txt', 'l\n');
    mkdirSync(join(path, 'other/hollow'), { recursive: true });
    const after = filesOf(path);
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', leftAlone: [] });
    expect(filesOf(path)).toEqual(before);
    expect(await checkpoints.restore('safety-1')).toMatchObject({ kind: 'restored', leftAlone: [] });
    expect(filesOf(path)).toEqual(after);
  });

  it.each([
    ['a file by a folder', (path: string) => (unlinkSync(join(path, 'x')), writeAt(path, 'x/y/z', 'z\n'))],
    ['a file by a link', (path: string) => (unlinkSync(join(path, 'x')), symlinkSync('elsewhere', join(path, 'x')))],
    ['a file by an empty folder', (path: string) => (unlinkSync(join(path, 'x')), mkdirSync(join(path, 'x/in'), { recursive: true }))],
    ['a folder by a file', (path: string) => (rmSync(join(path, 'd'), { recursive: true }), writeFileSync(join(path, 'd'), 'file\n'))],
    ['a folder by a link', (path: string) => (rmSync(join(path, 'd'), { recursive: true }), symlinkSync('x', join(path, 'd')))],
    ['a link by a folder', (path: string) => (unlinkSync(join(path, 'l')), writeAt(path, 'l/a', 'a\n'))],
    ['a link by a file', (path: string) => (unlinkSync(join(path, 'l')), writeFileSync(join(path, 'l'), 'file\n'))],
    ['an empty folder by a file', (path: string) => (rmSync(join(path, 'e'), { recursive: true }), writeFileSync(join(path, 'e'), 'file\n'))],
    ['a folder that moved', (path: string) => renameSync(join(path, 'd'), join(path, 'moved'))],
  ])('knows the difference when %s is replaced', async (_name, change) => {
    const { repo, path, checkpoints } = await worktreeWith({ x: 'x\n', 'd/one': '1\n', 'd/two/three': '3\n' });
    using _ = repo;
    symlinkSync('x', join(path, 'l'));
    mkdirSync(join(path, 'e'));
    const before = filesOf(path);
    await checkpoints.take('one');
    change(path);
    const after = filesOf(path);
    expect(after).not.toEqual(before);
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', leftAlone: [] });
    expect(filesOf(path)).toEqual(before);
    expect(await checkpoints.restore('safety-1')).toMatchObject({ kind: 'restored' });
    expect(filesOf(path)).toEqual(after);
  });

  it('keeps names of every kind', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ a: 'a\n' });
    using _ = repo;
    const names = [
      ' a b ',
      '"quoted"',
      "it's",
      '-n',
      '--help',
      'new\nline',
      'tab\there',
      'back\\slash',
      '*',
      '?',
      '[a]',
      ':(top)x',
      '!x',
      '#x',
      '~',
      'CON',
      '.hidden',
      '$HOME',
    ];
    const composed = ['caf\u00e9', 'cafe\u0301', '\u6f22\u5b57', '\u{1f600}'].map((name) => Buffer.from(name, 'utf8').toString('latin1'));
    const bytes = ['\xff\xfe', 'lat\xedn', 'dir\xff/inside', 'plain/\x80'];
    const all = [...names, ...composed, ...bytes];
    for (const name of all) writeBytes(path, name, 'one\n');
    mkdirSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from('hollow \xff\n', 'latin1')]));
    const before = filesOf(path);
    await checkpoints.take('one');
    for (const name of all.filter((_each, index) => index % 2 === 0)) writeBytes(path, name, 'two\n');
    for (const name of all.filter((_each, index) => index % 2 === 1)) unlinkSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name, 'latin1')]));
    writeBytes(path, 'later \xfe', 'x\n');
    const after = filesOf(path);
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', leftAlone: [] });
    expect(filesOf(path)).toEqual(before);
    await checkpoints.restore('safety-1');
    expect(filesOf(path)).toEqual(after);
  });

  it('leaves index, HEAD, stash, config, hooks and histories of refs as they are, to the byte', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ a: 'a\n', b: 'b\n' }, (made) => {
      made.run('config', 'core.logAllRefUpdates', 'always');
      made.write('.git/hooks/post-commit', '#!/bin/sh\ntouch ran\n', 0o755);
      made.write('.git/hooks/reference-transaction', '#!/bin/sh\ntouch ran\n', 0o755);
    });
    using _ = repo;
    repo.write('a', 'stashed\n');
    repo.run('stash');
    writeAt(path, 'b', 'staged\n');
    repo.runIn(path, 'add', 'b');
    writeAt(path, 'b', 'changed again\n');
    writeAt(path, 'new', 'n\n');
    for (const folder of [path, repo.folder]) rmSync(join(folder, 'ran'), { force: true });
    const before = privateParts(repo, path);
    await checkpoints.take('one');
    expect(privateParts(repo, path)).toEqual(before);
    writeAt(path, 'new', 'other\n');
    await checkpoints.restore('one');
    expect(privateParts(repo, path)).toEqual(before);
    expect(existsSync(join(path, 'ran')) || existsSync(join(repo.folder, 'ran'))).toBe(false);
    expect(repo.run('fsck', '--connectivity-only', '--no-dangling')).toBe('');
  });

  it('never loses what it did not keep: large, and what is unreadable, stays where it is and is listed', async () => {
    const { repo, w, path } = await worktreeWith({ 'tracked.bin': 'small\n', a: 'a\n' });
    using _ = repo;
    const checkpoints = checkpointsOf(repo, w.tree, { budget: { ...BUDGET, maxFileBytes: 1_000, maxTotalBytes: 3_000 } });
    writeAt(path, 'large', 'x'.repeat(2_000));
    const state = await checkpoints.take('one');
    expect(state.skipped).toEqual([{ path: 'large', reason: 'larger than 1000 bytes' }]);
    writeAt(path, 'large', 'small now\n');
    writeAt(path, 'tracked.bin', 'y'.repeat(5_000));
    writeAt(path, 'a', 'changed\n');
    const result = await checkpoints.restore('one');
    expect(result).toMatchObject({ kind: 'restored', count: 1, leftAlone: [{ path: 'large' }] });
    expect(readFileSync(join(path, 'large'), 'utf8')).toBe('small now\n');
    expect(statSync(join(path, 'tracked.bin')).size).toBe(5_000);
    expect(readFileSync(join(path, 'a'), 'utf8')).toBe('a\n');
    for (let file = 0; file < 10; file++) writeAt(path, `many/${file}`, `${file}`.repeat(900));
    const { skipped } = await checkpoints.read();
    expect(skipped.filter(({ reason }) => reason.includes('together')).length).toBe(7);
  });

  it('stops reading when its time is over, and says what it has not read', async () => {
    const { repo, w, path } = await worktreeWith({ a: 'a\n' });
    using _ = repo;
    writeAt(path, 'new', 'n\n');
    const { skipped } = await checkpointsOf(repo, w.tree, { budget: { ...BUDGET, timeoutMs: -1 } }).read();
    expect(skipped).toEqual([{ path: 'new', reason: 'reading took longer than -1 ms' }]);
  });

  it('does not remove or overwrite what was ignored then, or is by now', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ '.gitignore': '*.log\n', a: 'a\n' });
    using _ = repo;
    writeAt(path, 'old.log', 'was there, ignored\n');
    writeAt(path, 'kept.txt', 'one\n');
    await checkpoints.take('one');
    writeAt(path, '.gitignore', '*.txt\n');
    writeAt(path, 'kept.txt', 'two\n');
    repo.runIn(path, 'add', '-A');
    repo.runIn(path, 'commit', '-qm', 'agent');
    const after = filesOf(path);
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', leftAlone: [{ path: 'old.log' }] });
    expect(filesOf(path)).toEqual({ ...after, '.gitignore': 'file *.log\n', 'kept.txt': 'file one\n' });
    await checkpoints.restore('safety-1');
    expect(filesOf(path)).toEqual(after);
  });

  it('keeps small ignored files where that is wanted, and no folder full of dependencies', async () => {
    const { repo, w, path } = await worktreeWith({ '.gitignore': '.env\nbuild/\nnode_modules/\n*.big\n', a: 'a\n' });
    using _ = repo;
    const checkpoints = checkpointsOf(repo, w.tree, { ignored: { maxFileBytes: 100 } });
    writeAt(path, '.env', 'KEY=1\n');
    writeAt(path, 'build/out/x.js', 'x\n');
    writeAt(path, 'x.big', 'x'.repeat(200));
    for (let file = 0; file < 600; file++) writeAt(path, `node_modules/p/${file}.js`, 'x\n');
    const state = await checkpoints.take('one');
    expect(state.skipped.map((file) => file.path)).toEqual(['node_modules/', 'x.big']);
    const before = filesOf(path);
    writeAt(path, '.env', 'KEY=2\n');
    rmSync(join(path, 'build'), { recursive: true });
    await checkpoints.restore('one');
    expect(filesOf(path)).toEqual(before);
    const plain = checkpointsOf(repo, w.tree);
    await plain.take('without');
    writeAt(path, '.env', 'KEY=3\n');
    await checkpoints.restore('without');
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('KEY=3\n');
  });

  it('leaves sub-modules and repositories inside as they are, and says so', async () => {
    using repo = new TestRepository();
    using other = new TestRepository();
    repo.run('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.folder, 'module');
    repo.commit();
    const w = await repo.worktree();
    const checkpoints = checkpointsOf(repo, w.tree);
    repo.runIn(w.path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
    const state = await checkpoints.take('one');
    expect(state.nested).toEqual([]);
    writeAt(join(w.path, 'module'), 'inner.txt', 'inner\n');
    repo.runIn(join(w.path, 'module'), 'add', '-A');
    repo.runIn(join(w.path, 'module'), '-c', 'user.email=a@b', '-c', 'user.name=a', 'commit', '-qm', 'inner');
    writeAt(w.path, 'nested/file', 'x\n');
    repo.runIn(join(w.path, 'nested'), 'init', '-q');
    writeAt(w.path, 'README.md', 'agent\n');
    const result = await checkpoints.restore('one');
    expect(result).toMatchObject({ kind: 'restored', count: 1, leftAlone: [{ path: 'module' }] });
    expect(readFileSync(join(w.path, 'module/inner.txt'), 'utf8')).toBe('inner\n');
    expect(readFileSync(join(w.path, 'nested/file'), 'utf8')).toBe('x\n');
    expect(readFileSync(join(w.path, 'README.md'), 'utf8')).toBe('# Project\n');
  });

  it.each([
    ['clean and smudge', ['filter.big.clean', 'no-such-program clean -- %f', 'filter.big.smudge', 'no-such-program smudge -- %f']],
    ['a process', ['filter.big.process', 'no-such-program filter-process', 'filter.big.clean', 'no-such-program clean -- %f']],
  ])('works where a filter cannot run that is set up as %s', async (_name, [first = '', one = '', second = '', two = '']) => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;
    const { repo, path, checkpoints } = await worktreeWith({ '.gitattributes': '*.bin filter=big -text\n', 'x.bin': pointer });
    using _ = repo;
    repo.run('config', first, one);
    repo.run('config', second, two);
    repo.run('config', 'filter.big.required', 'true');
    writeAt(path, 'y.bin', 'raw\n');
    const state = await checkpoints.take('one');
    expect(state.skipped).toMatchObject([{ path: '.gitattributes', reason: expect.stringContaining('"big" cannot run') }]);
    writeAt(path, 'x.bin', 'agent\n');
    unlinkSync(join(path, 'y.bin'));
    writeAt(path, 'z.bin', 'agent\n');
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', count: 3 });
    expect(filesOf(path)).toMatchObject({ 'x.bin': `file ${pointer}`, 'y.bin': 'file raw\n' });
    expect(existsSync(join(path, 'z.bin'))).toBe(false);
  });

  it('restores some files alone', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ a: 'a\n', 'd/b': 'b\n', 'd/c': 'c\n', dx: 'x\n' });
    using _ = repo;
    await checkpoints.take('one');
    for (const name of ['a', 'd/b', 'd/c', 'dx', 'd/new']) writeAt(path, name, 'agent\n');
    expect(await checkpoints.restore('one', ['d/'])).toMatchObject({ kind: 'restored', count: 3 });
    expect(filesOf(path)).toMatchObject({ a: 'file agent\n', 'd/b': 'file b\n', 'd/c': 'file c\n', dx: 'file agent\n' });
    expect(existsSync(join(path, 'd/new'))).toBe(false);
  });

  it('takes thousands of files', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ a: 'a\n' });
    using _ = repo;
    for (let file = 0; file < 1_000; file++) writeAt(path, `many/${file % 40}/${file}.txt`, `${file}\n`);
    const before = filesOf(path);
    await checkpoints.take('one');
    rmSync(join(path, 'many'), { recursive: true });
    expect(await checkpoints.restore('one')).toMatchObject({ kind: 'restored', count: 1_000 });
    expect(filesOf(path)).toEqual(before);
  });

  it('survives files that come and go while it reads', async () => {
    const { repo, path, checkpoints } = await worktreeWith({ a: 'a\n' });
    using _ = repo;
    const script =
      'for (let i = 0; ; i++) { const p = `churn-${i % 50}`; try { i % 3 ? fs.writeFileSync(p, String(i).repeat(2000)) : fs.unlinkSync(p) } catch {} }';
    const { spawn } = await import('node:child_process');
    const churn = spawn(process.execPath, ['-e', script], { cwd: path, stdio: 'ignore' });
    try {
      for (let round = 0; round < 10; round++) expect((await checkpoints.read()).treeId).toMatch(/^[0-9a-f]{40}$/);
    } finally {
      churn.kill('SIGKILL');
    }
  });
});

it('readFolderState() reuses what collecting changes has read', async () => {
  const { repo, w, path, checkpoints } = await worktreeWith({ a: 'a\n' });
  using _ = repo;
  writeAt(path, 'b', 'b\n');
  mkdirSync(join(path, 'hollow'));
  const { treeId, nested, unread, emptyFolders } = await collectChanges(repo.git, { tree: w.tree, base: w.baseCommit, indexFile: join(repo.root, 'i') });
  const common = { tree: w.tree, indexFile: '/nowhere', scratch: repo.root, budget: BUDGET, ignored: null };
  const state = await readFolderState(repo.git, { ...common, known: { treeId, nested, skipped: unread, emptyFolders } });
  expect(state).toEqual(await checkpoints.read());
  await checkpoints.take('one');
  expect(await findFolderState(repo.git, w.tree, 'refs/boocode/checkpoints/one')).toEqual(state);
});

it('countTreeChanges() counts many pairs at once', async () => {
  const { repo, w, path, checkpoints } = await worktreeWith({ a: 'a\n', b: 'b\n' });
  using _ = repo;
  const one = await checkpoints.take('one');
  writeAt(path, 'a', 'A\nB\n');
  const two = await checkpoints.take('two');
  writeAt(path, 'new', 'n\n');
  const three = await checkpoints.take('three');
  const pairs = [
    { from: one.treeId, to: two.treeId },
    { from: two.treeId, to: two.treeId },
    { from: one.treeId, to: three.treeId },
  ];
  expect(await countTreeChanges(repo.git, w.tree, pairs)).toEqual([
    { files: 1, additions: 2, deletions: 1 },
    { files: 0, additions: 0, deletions: 0 },
    { files: 2, additions: 3, deletions: 1 },
  ]);
});
