import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from './test-repository.ts';
import { contentIn, expectWholeWay } from './whole-way.ts';
import { inspectRepository } from '../src/repository.ts';
import { openGit } from '../src/run-git.ts';
import type { CreatedWorktree } from '../src/worktree.ts';

/** What an agent does everywhere: it changes a file and makes one. */
const work = (worktree: CreatedWorktree): void => {
  writeAt(worktree.folder, 'a.txt', 'one\nTWO\nthree\n');
  writeAt(worktree.folder, 'new/b.txt', 'b\n');
};
const CHANGES = ['a.txt', 'new/', 'new/b.txt'];

/** All of them with `BOOCODE_TESTS=all`; the suite runs one in four, others with another `BOOCODE_SEED`. */
const ALL = process.env['BOOCODE_TESTS'] === 'all';
const SEED = Number(process.env['BOOCODE_SEED'] ?? 1);
let number = 0;
const isLeftOut = () => (number++ + SEED) % 4 !== 0 && !ALL;

function repository(): TestRepository {
  const repo = new TestRepository();
  repo.write('a.txt', 'one\ntwo\nthree\n');
  repo.commit();
  return repo;
}

describe('where HEAD is', () => {
  it.skipIf(isLeftOut())('detached', async () => {
    using repo = repository();
    repo.run('checkout', '-q', '--detach');
    await expectWholeWay(repo, { work, changes: CHANGES });
  });

  it.skipIf(isLeftOut())('a branch without a commit, and an empty repository', async () => {
    using repo = new TestRepository({ init: 'empty' });
    const empty = await expectWholeWay(repo, { work: (w) => writeAt(w.path, 'x', 'x\n'), changes: ['x'] });
    expect(empty.branch).toBe('boocode/work');
    repo.write('a.txt', 'one\ntwo\nthree\n');
    await expectWholeWay(repo, { work, changes: CHANGES, id: 'w2' });
  });

  it.skipIf(isLeftOut())('on a branch that another worktree has too, or named like ours', async () => {
    using repo = repository();
    repo.run('branch', 'boocode/work/mine');
    repo.run('worktree', 'add', '-q', '-f', join(repo.root, 'other'), 'main');
    const w = await expectWholeWay(repo, { work, changes: CHANGES });
    expect(w.branch).toBe('boocode/work-2');
  });

  it.skipIf(isLeftOut())('in the middle of a merge, a rebase, a bisect', async () => {
    using repo = repository();
    repo.run('checkout', '-q', '-b', 'side');
    repo.write('c.txt', 'side\n');
    repo.commit();
    repo.run('checkout', '-q', 'main');
    repo.write('c.txt', 'main\n');
    repo.commit();
    expect(() => repo.run('merge', 'side')).toThrow();
    await expectWholeWay(repo, { work, changes: CHANGES });
    await expectWholeWay(repo, { work, changes: CHANGES, base: 'uncommitted', id: 'w2' });
    repo.run('merge', '--abort');
    expect(() => repo.run('rebase', 'side')).toThrow();
    await expectWholeWay(repo, { work, changes: CHANGES, base: 'uncommitted', id: 'w3' });
    repo.run('rebase', '--abort');
    repo.run('bisect', 'start', 'main', 'main~2');
    await expectWholeWay(repo, { work, changes: CHANGES, id: 'w4' });
  });
});

describe('how much of the history is there', () => {
  it.skipIf(isLeftOut())('a shallow clone', async () => {
    using repo = repository();
    const clone = join(repo.root, 'shallow');
    repo.run('clone', '-q', '--depth=1', `file://${repo.folder}`, clone);
    await expectWholeWay(repo, { project: clone, work, changes: CHANGES });
  });

  it.skipIf(isLeftOut())('a partial clone whose remote is out of reach: what is there is enough; what is not is said in a sentence', async () => {
    using repo = repository();
    repo.run('config', 'uploadpack.allowFilter', 'true');
    repo.write('old.txt', 'old\n');
    repo.commit();
    repo.run('rm', '-q', 'old.txt');
    repo.commit();
    const clone = join(repo.root, 'partial');
    repo.run('clone', '-q', '--filter=blob:none', `file://${repo.folder}`, clone);
    renameSync(repo.folder, join(repo.root, 'away'));
    await expectWholeWay(repo, { project: clone, work, changes: CHANGES });
    await expectWholeWay(repo, { project: clone, work, changes: CHANGES, base: 'uncommitted', id: 'w2' });
    repo.runIn(clone, 'update-ref', 'refs/heads/main', 'HEAD~1');
    await expect(expectWholeWay(repo, { project: clone, work, changes: CHANGES, id: 'w3' })).rejects.toThrow(
      /this partial clone has not fetched all it needs/u,
    );
    expect(existsSync(join(repo.root, 'worktrees', 'w3'))).toBe(false);
  });

  it.skipIf(isLeftOut())('objects of another repository, grafts and replaced objects', async () => {
    using repo = repository();
    const clone = join(repo.root, 'shared');
    repo.run('clone', '-q', '--shared', repo.folder, clone);
    await expectWholeWay(repo, { project: clone, work, changes: CHANGES });
    repo.write('a.txt', 'replaced\n');
    repo.commit('replacement');
    repo.run('replace', 'HEAD~1', 'HEAD');
    repo.run('reset', '-q', '--hard', 'HEAD~1');
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES, id: 'w2' });
  });

  it.skipIf(isLeftOut())('SHA-256', async () => {
    using repo = new TestRepository({ init: 'none' });
    repo.run('init', '-q', '--object-format=sha256');
    repo.write('a.txt', 'one\ntwo\nthree\n');
    repo.commit();
    await expectWholeWay(repo, { work, changes: CHANGES });
  });
});

describe('where the files and the git directory are', () => {
  it.skipIf(isLeftOut())('a linked worktree, also of a bare repository; the bare one itself is refused', async () => {
    using repo = repository();
    repo.run('worktree', 'add', '-q', join(repo.root, 'linked'), '-b', 'linked');
    await expectWholeWay(repo, { project: join(repo.root, 'linked'), work, changes: CHANGES });
    const bare = join(repo.root, 'bare.git');
    repo.run('clone', '-q', '--bare', repo.folder, bare);
    const of = join(repo.root, 'of-bare');
    repo.runIn(bare, 'worktree', 'add', '-q', of, 'main');
    await expectWholeWay(repo, { project: of, work, changes: CHANGES, id: 'w2' });
    expect((await inspectRepository(repo.git, bare)).state).toMatchObject({ kind: 'bare', message: expect.stringContaining('open one of its worktrees') });
    // The usual layout: a folder with a bare repository inside, and a worktree for each branch.
    const layout = join(repo.root, 'layout');
    mkdirSync(layout);
    renameSync(bare, join(layout, '.bare'));
    writeFileSync(join(layout, '.git'), 'gitdir: ./.bare\n');
    repo.runIn(layout, 'worktree', 'add', '-q', join(layout, 'next'), '-b', 'next');
    expect((await inspectRepository(repo.git, layout)).state.kind).toBe('bare');
    await expectWholeWay(repo, { project: join(layout, 'next'), top: layout, work, changes: CHANGES.map((path) => `next/${path}`), id: 'w3' });
  });

  it.skipIf(isLeftOut())('a folder inside a repository, and a link to it', async () => {
    using repo = repository();
    repo.write('sub folder/a.txt', 'one\ntwo\nthree\n');
    repo.commit();
    symlinkSync(join(repo.folder, 'sub folder'), join(repo.root, 'link'));
    await expectWholeWay(repo, { project: join(repo.root, 'link'), top: repo.folder, work, changes: CHANGES.map((path) => `sub folder/${path}`) });
  });

  it.skipIf(isLeftOut())('core.worktree: the folder that has the files, or a sentence', async () => {
    using repo = repository();
    const elsewhere = join(repo.root, 'elsewhere');
    mkdirSync(elsewhere);
    repo.run('config', 'core.worktree', elsewhere);
    expect((await inspectRepository(repo.git, repo.folder)).state).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`keeps its files in "${elsewhere}"`),
    });
    repo.run('config', 'core.worktree', repo.folder);
    await expectWholeWay(repo, { work, changes: CHANGES });
  });

  it.skipIf(isLeftOut())('extensions.worktreeConfig', async () => {
    using repo = repository();
    repo.run('config', 'extensions.worktreeConfig', 'true');
    repo.run('config', '--worktree', 'core.autocrlf', 'false');
    await expectWholeWay(repo, { work, changes: CHANGES });
  });

  it.skipIf(isLeftOut())('sub-modules, with and without their files, and a project that is one', async () => {
    using repo = repository();
    const outer = join(repo.root, 'outer');
    mkdirSync(outer);
    repo.runIn(outer, 'init', '-q');
    writeAt(outer, 'a.txt', 'one\ntwo\nthree\n');
    repo.runIn(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.folder, 'mod');
    repo.runIn(outer, 'add', '-A');
    repo.runIn(outer, 'commit', '-qm', 'x');
    const w = await expectWholeWay(repo, { project: outer, work, changes: CHANGES });
    expect(w.notes).toContainEqual(expect.stringContaining('sub-modules are empty'));
    writeAt(outer, 'mod/a.txt', 'changed\n');
    await expectWholeWay(repo, { project: outer, base: 'uncommitted', work, changes: CHANGES, id: 'w2' });
    repo.runIn(join(outer, 'mod'), 'checkout', '-q', '--', 'a.txt');
    await expectWholeWay(repo, { project: join(outer, 'mod'), top: outer, work, changes: CHANGES.map((path) => `mod/${path}`), id: 'w3' });
    const empty = join(repo.root, 'empty-modules');
    repo.run('clone', '-q', outer, empty);
    await expectWholeWay(repo, { project: empty, base: 'uncommitted', work, changes: CHANGES, id: 'w4' });
    // The empty folder of a sub-module belongs to nobody yet: the repository around it is the place to work.
    expect((await inspectRepository(repo.git, join(empty, 'mod'))).state.message ?? '').not.toBe('x');
  });

  it.each(['--cone', '--no-cone'])('a sparse checkout (%s): files outside of it stay as they are', async (kind) => {
    using repo = repository();
    repo.write('in/a.txt', 'in\n');
    repo.write('out/x.txt', 'out\n');
    repo.commit();
    repo.run('sparse-checkout', 'init', kind);
    repo.run('sparse-checkout', 'set', ...(kind === '--cone' ? ['in'] : ['/a.txt', '/in/']));
    expect(existsSync(join(repo.folder, 'out'))).toBe(false);
    await expectWholeWay(repo, { work, changes: CHANGES });
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES, id: 'w2' });
    // An agent that makes a file outside of it.
    const outside = (w: CreatedWorktree) => writeAt(w.path, 'out/y.txt', 'y\n');
    await expectWholeWay(repo, { work: outside, changes: ['out/', 'out/y.txt'], id: 'w3' });
    if (kind === '--cone') {
      repo.run('sparse-checkout', 'init', '--cone', '--sparse-index');
      await expectWholeWay(repo, { work, changes: CHANGES, id: 'w4' });
      await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES, id: 'w5' });
    }
  });
});

describe('what a repository or a person has set', () => {
  it.skipIf(isLeftOut())('split index, untracked cache, a file system monitor, odd index versions', async () => {
    using repo = repository();
    repo.run('config', 'core.fsmonitor', join(repo.root, 'monitor'));
    writeFileSync(join(repo.root, 'monitor'), `#!/bin/sh\ntouch ${join(repo.root, 'ran')}\n`, { mode: 0o755 });
    for (const args of [['--split-index'], ['--untracked-cache'], ['--index-version', '4']])
      repo.run('-c', 'core.fsmonitor=false', 'update-index', '--force-untracked-cache', ...args);
    repo.run('config', 'core.splitIndex', 'true');
    repo.run('config', 'core.untrackedCache', 'true');
    rmSync(join(repo.root, 'ran'), { force: true });
    repo.write('dirty.txt', 'd\n');
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES });
    await expectWholeWay(repo, { work, changes: CHANGES, id: 'w2' });
    expect(existsSync(join(repo.root, 'ran'))).toBe(false);
  });

  it.skipIf(isLeftOut())('signing with a program that fails or hangs', async () => {
    using repo = repository();
    writeFileSync(join(repo.root, 'gpg'), '#!/bin/sh\nsleep 600\n', { mode: 0o755 });
    for (const key of ['commit.gpgSign', 'tag.gpgSign', 'push.gpgSign', 'log.showSignature'])
      repo.run('config', key, key === 'push.gpgSign' ? 'if-asked' : 'true');
    repo.run('config', 'gpg.program', join(repo.root, 'gpg'));
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES });
  });

  it.skipIf(isLeftOut())('hooks that fail or write, its own and those of core.hooksPath', async () => {
    using repo = repository();
    const ran = join(repo.root, 'ran');
    const own = join(repo.folder, '.git', 'hooks');
    const theirs = join(repo.home, 'hooks');
    mkdirSync(theirs);
    mkdirSync(own, { recursive: true });
    for (const folder of [own, theirs])
      for (const hook of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-index-change', 'post-commit', 'commit-msg', 'prepare-commit-msg'])
        writeFileSync(join(folder, hook), `#!/bin/sh\necho $0 >> ${ran}\nexit 1\n`, { mode: 0o755 });
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES });
    writeFileSync(join(repo.home, '.gitconfig'), `[core]\n\thooksPath = ${theirs}\n`);
    await expectWholeWay(repo, { work, changes: CHANGES, id: 'w2' });
    expect(existsSync(ran)).toBe(false);
  });

  it.skipIf(isLeftOut())('aliases, included files, hidden untracked files, ignores of its own, colours, unusual words', async () => {
    using repo = repository();
    const config = `[alias]\n\tworktree = !false\n\tls-files = !false\n[status]\n\tshowUntrackedFiles = no\n\tshort = true\n[core]\n\texcludesFile = ~/ignores\n\tquotePath = true\n\tlogAllRefUpdates = always
[color]\n\tui = always\n[column]\n\tui = always\n[diff]\n\tnoprefix = true\n\trenames = false\n\torderFile = /nowhere\n\texternal = false\n\tsuppressBlankEmpty = true\n[merge]\n\tconflictStyle = zdiff3
[branch]\n\tautoSetupMerge = always\n\tautoSetupRebase = always\n[init]\n\ttemplateDir = /nowhere\n[checkout]\n\tdefaultRemote = x\n\tworkers = 4\n[index]\n\tthreads = false\n[includeIf "gitdir:${repo.folder}/"]\n\tpath = included\n[advice]\n\tdetachedHead = true\n`;
    writeFileSync(join(repo.home, '.gitconfig'), config);
    writeFileSync(join(repo.home, 'included'), '[user]\n\tuseConfigOnly = true\n[core]\n\tsafecrlf = true\n\tabbrev = 4\n');
    writeFileSync(join(repo.home, 'ignores'), '*.local\n');
    repo.write('mine.local', 'm\n');
    repo.write('untracked.txt', 'u\n');
    const w = await expectWholeWay(repo, {
      base: 'uncommitted',
      work: (made) => {
        expect([existsSync(join(made.path, 'mine.local')), contentIn(made, 'untracked.txt')]).toEqual([false, 'u\n']);
        work(made);
      },
      changes: CHANGES,
    });
    expect(w.branch).toBe('boocode/work');
  });

  it.skipIf(isLeftOut())('variables of git in the environment', async () => {
    using repo = repository();
    const env = {
      ...repo.git.env,
      GIT_DIR: '/nowhere',
      GIT_WORK_TREE: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
    };
    Object.assign(repo.git, openGit({ env }));
    await expectWholeWay(repo, { work, changes: CHANGES });
  });
});

describe('locks', () => {
  it.skipIf(isLeftOut())('of the index do not matter', async () => {
    using repo = repository();
    writeFileSync(join(repo.folder, '.git', 'index.lock'), '');
    await expectWholeWay(repo, { work, changes: CHANGES });
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES, id: 'w2' });
  });

  it.skipIf(isLeftOut())('of a ref are waited for shortly, and then named in a sentence', async () => {
    using repo = repository();
    const packed = join(repo.folder, '.git', 'packed-refs.lock');
    writeFileSync(packed, '');
    const lock = join(repo.folder, '.git', 'refs', 'boocode', 'bases', 'w1.lock');
    writeAt(repo.folder, '.git/refs/boocode/bases/w1.lock', '');
    await expect(repo.worktree()).rejects.toMatchObject({
      code: 'git_failed',
      message: expect.stringContaining('wait for the other git process to end, or remove its lock file'),
    });
    // Let go while git waits.
    setTimeout(() => rmSync(lock), 300);
    setTimeout(() => rmSync(packed), 300);
    expect((await repo.worktree()).branch).toBe('boocode/work');
  });
});

describe('what git makes of contents', () => {
  it.skipIf(isLeftOut())('line ends, encodings, keywords and substitutions', async () => {
    using repo = repository();
    repo.write('.gitattributes', '*.txt text eol=crlf\n*.u working-tree-encoding=UTF-16LE-BOM eol=lf\n*.id ident\n*.sub export-subst\n*.bin binary\n');
    repo.write('a.txt', 'one\r\ntwo\r\nthree\r\n');
    repo.write('x.u', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('one\ntwo\n', 'utf16le')]));
    repo.write('x.id', '$Id$\n');
    repo.write('x.sub', '$Format:%H$\n');
    repo.write('x.bin', Buffer.from([0, 13, 10, 255]));
    repo.commit();
    for (const name of ['x.id', 'a.txt', 'x.u']) rmSync(join(repo.folder, name));
    repo.run('checkout', '-q', '--', '.');
    const change = (w: CreatedWorktree): void => {
      expect(contentIn(w, 'a.txt')).toBe('one\r\ntwo\r\nthree\r\n');
      writeAt(w.path, 'a.txt', 'one\r\nTWO\r\nthree\r\n');
      writeAt(w.path, 'x.u', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('one\nTWO\n', 'utf16le')]));
      writeAt(w.path, 'x.id', `${contentIn(w, 'x.id')}more\n`);
      writeAt(w.path, 'x.sub', 'x $Format:%H$\n');
      writeAt(w.path, 'x.bin', Buffer.from([0, 13, 10, 254]));
    };
    await expectWholeWay(repo, { work: change, changes: ['a.txt', 'x.bin', 'x.id', 'x.sub', 'x.u'] });
    for (const value of ['true', 'input']) {
      repo.run('config', 'core.autocrlf', value);
      await expectWholeWay(repo, { work: change, changes: ['a.txt', 'x.bin', 'x.id', 'x.sub', 'x.u'], id: `w-${value}` });
    }
  });

  it.skipIf(isLeftOut())('Git LFS, required and not installed: its files stay as they are', async () => {
    using repo = repository();
    repo.write('.gitattributes', '*.psd filter=lfs diff=lfs merge=lfs -text\n');
    repo.write('x.psd', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 3\n`);
    repo.commit();
    writeFileSync(
      join(repo.home, '.gitconfig'),
      '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n\tprocess = git-lfs filter-process\n\trequired = true\n',
    );
    const w = await expectWholeWay(repo, { work, changes: CHANGES });
    expect(w.notes).toContainEqual(expect.stringContaining('Git LFS are pointers'));
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES, id: 'w2' });
  });

  it.skipIf(isLeftOut())('another filter that is required and missing is named in a sentence', async () => {
    using repo = repository();
    repo.write('.gitattributes', '*.enc filter=crypt\n');
    repo.write('x.enc', 'x\n');
    repo.commit();
    writeFileSync(join(repo.home, '.gitconfig'), '[filter "crypt"]\n\tclean = no-such-crypt\n\tsmudge = no-such-crypt\n\trequired = true\n');
    await expect(repo.worktree()).rejects.toThrow(/crypt.*check that the program of this filter is installed/u);
    writeFileSync(join(repo.home, '.gitconfig'), '[filter "crypt"]\n\tprocess = no-such-crypt\n\trequired = true\n');
    await expect(repo.worktree()).rejects.toThrow(/crypt.*check that the program of this filter is installed/u);
    expect(repo.run('for-each-ref', 'refs/boocode', 'refs/heads/boocode')).toBe('');
  });

  it.skipIf(isLeftOut())('executable bits with core.fileMode=false', async () => {
    using repo = repository();
    repo.write('run.sh', '#!/bin/sh\n', 0o755);
    repo.commit();
    repo.run('config', 'core.fileMode', 'false');
    chmodSync(join(repo.folder, 'run.sh'), 0o644);
    await expectWholeWay(repo, { work: (w) => writeAt(w.path, 'run.sh', '#!/bin/sh\necho\n'), changes: ['run.sh'] });
  });
});

describe('names', () => {
  const NAMES = [
    'with space.txt',
    'ü-nfc.txt'.normalize('NFC'),
    'ü-nfd.txt'.normalize('NFD'),
    '"quoted".txt',
    "it's.txt",
    'new\nline.txt',
    'tab\t.txt',
    '-dash.txt',
    '--help',
    ':colon',
    ':(top)x',
    '*star*',
    '[a-z]?',
    'back\\slash',
    '#hash',
    '!bang',
    '~tilde',
    '$HOME',
    'a=b',
    '…/日本語/😀.txt',
    `${'long'.repeat(50)}/${'path'.repeat(60)}/${'x'.repeat(250)}`,
  ];

  it.skipIf(isLeftOut())('spaces, Unicode, quotes, newlines, dashes, colons, stars, and very long ones', async () => {
    using repo = repository();
    for (const name of NAMES) repo.write(name, 'one\n');
    repo.commit();
    const all = (w: CreatedWorktree) => NAMES.forEach((name) => writeAt(w.path, name, 'two\n'));
    await expectWholeWay(repo, { work: all, changes: NAMES.map((name) => Buffer.from(name).toString('latin1')).toSorted() });
    const remove = (w: CreatedWorktree) => NAMES.forEach((name) => rmSync(join(w.path, name)));
    const folders = [
      ...new Set(
        NAMES.flatMap((name) =>
          name
            .split('/')
            .slice(0, -1)
            .map((_, at, parts) => `${parts.slice(0, at + 1).join('/')}/`),
        ),
      ),
    ];
    await expectWholeWay(repo, {
      base: 'uncommitted',
      work: remove,
      changes: [...NAMES, ...folders].map((name) => Buffer.from(name).toString('latin1')).toSorted(),
      id: 'w2',
    });
  });

  it.skipIf(isLeftOut())('that are no UTF-8 are listed, and everything else works', async () => {
    using repo = repository();
    const raw = Buffer.concat([Buffer.from(`${repo.folder}/`), Buffer.from([0x66, 0xff, 0x2e, 0x74])]);
    writeFileSync(raw, 'x\n');
    await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES });
    repo.commit();
    await expectWholeWay(repo, { work, changes: CHANGES, id: 'w2' });
  });

  it.skipIf(isLeftOut())('that git refuses (.git in disguise) stop nothing', async () => {
    using repo = repository();
    repo.write('git~1', 'x\n');
    await expectWholeWay(repo, {
      base: 'uncommitted',
      work: (w) => {
        work(w);
        writeAt(w.path, 'GIT~1', 'x\n');
        writeAt(w.path, '.GIT/config', 'x\n');
      },
      changes: CHANGES,
    });
  });

  it.skipIf(isLeftOut())('that differ in case alone, and core.ignoreCase', async () => {
    using repo = repository();
    repo.write('README', 'a\n');
    repo.write('readme', 'b\n');
    repo.write('Dir/x', 'a\n');
    repo.write('dir/x', 'b\n');
    repo.commit();
    repo.write('Untracked', 'a\n');
    repo.write('untracked', 'b\n');
    const change = (w: CreatedWorktree) => ['README', 'dir/x', 'untracked'].forEach((name) => writeAt(w.path, name, 'c\n'));
    await expectWholeWay(repo, { base: 'uncommitted', work: change, changes: ['README', 'dir/x', 'untracked'] });
    repo.run('config', 'core.ignoreCase', 'true');
    await expectWholeWay(repo, { base: 'uncommitted', work: change, changes: ['README', 'dir/x', 'untracked'], id: 'w2' });
  });

  it.skipIf(isLeftOut())('links to the outside stay links', async () => {
    using repo = repository();
    writeFileSync(join(repo.root, 'outside.txt'), 'outside\n');
    symlinkSync('../outside.txt', join(repo.folder, 'link'));
    symlinkSync('/etc', join(repo.folder, 'folder-link'));
    symlinkSync('nowhere', join(repo.folder, 'dangling'));
    repo.commit();
    const change = (w: CreatedWorktree): void => {
      rmSync(join(w.path, 'link'));
      symlinkSync('a.txt', join(w.path, 'link'));
      rmSync(join(w.path, 'dangling'));
    };
    await expectWholeWay(repo, { work: change, changes: ['dangling', 'link'] });
    expect(readFileSync(join(repo.root, 'outside.txt'), 'utf8')).toBe('outside\n');
  });
});

it('a repository of 10,000 files', async () => {
  using repo = repository();
  repo.run('config', 'gc.auto', '0'); // the person's own git would pack beside us
  for (let n = 0; n < 10_000; n++) writeAt(repo.folder, `d${n % 100}/f${n}.txt`, `${n}\n`);
  repo.commit();
  await expectWholeWay(repo, { base: 'uncommitted', work, changes: CHANGES });
  expect(execFileSync('git', ['-C', repo.folder, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
});
