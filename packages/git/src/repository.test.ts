import { chownSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository } from '../test/test-repository.ts';
import { inspectRepository, openRepository, startRepository } from './repository.ts';

describe('inspectRepository()', () => {
  it('ready: with branch, head and the three folders', async () => {
    using repo = new TestRepository();
    const head = repo.run('rev-parse', 'HEAD').trim();
    expect(await inspectRepository(repo.git, repo.folder)).toEqual({
      folder: repo.folder,
      tree: { path: repo.folder, gitDir: join(repo.folder, '.git'), commonDir: join(repo.folder, '.git') },
      state: { kind: 'ready', branch: 'main', head, prefix: '', message: null },
    });
    repo.run('checkout', '-q', '--detach');
    expect((await inspectRepository(repo.git, repo.folder)).state).toMatchObject({ kind: 'ready', branch: null, head });
  });

  it('a folder inside, a link to it, a linked worktree, a nested repository', async () => {
    using repo = new TestRepository();
    repo.write('packages/ü app/x', 'x\n');
    repo.commit();
    symlinkSync(join(repo.folder, 'packages/ü app'), join(repo.root, 'link'));
    for (const path of [join(repo.folder, 'packages/ü app'), join(repo.root, 'link')])
      expect((await inspectRepository(repo.git, path)).state).toMatchObject({ kind: 'ready', prefix: 'packages/ü app' });
    repo.run('worktree', 'add', '-q', join(repo.root, 'linked'));
    expect(await inspectRepository(repo.git, join(repo.root, 'linked'))).toMatchObject({
      state: { kind: 'ready', branch: 'linked' },
      tree: { gitDir: join(repo.folder, '.git/worktrees/linked'), commonDir: join(repo.folder, '.git') },
    });
    repo.run('init', '-q', 'nested');
    expect(await inspectRepository(repo.git, join(repo.folder, 'nested'))).toMatchObject({
      state: { kind: 'no_commit', branch: 'main', head: null },
      tree: { path: join(repo.folder, 'nested') },
    });
  });

  it('says in a sentence why agents cannot work there', async () => {
    using repo = new TestRepository({ init: 'none' });
    const stateOf = async (path: string) => (await inspectRepository(repo.git, path)).state;
    expect(await stateOf(repo.folder)).toMatchObject({ kind: 'no_repository', message: expect.stringContaining('start git here') });
    expect(await stateOf(join(repo.root, 'nothing'))).toMatchObject({ kind: 'missing', message: expect.stringContaining('does not exist') });
    repo.run('init', '-q', '--bare', 'bare.git');
    expect(await stateOf(join(repo.folder, 'bare.git'))).toMatchObject({ kind: 'bare', message: expect.stringContaining('bare repository') });
    repo.run('init', '-q');
    expect(await stateOf(join(repo.folder, '.git/hooks'))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(`open "${repo.folder}" as the project`),
    });
    repo.write('.gitignore', 'out/\n');
    repo.write('out/x', 'x');
    repo.commit();
    expect(await stateOf(join(repo.folder, 'out'))).toMatchObject({ kind: 'no_repository', message: expect.stringContaining('is ignored by the repository') });
    await expect(openRepository(repo.git, join(repo.folder, 'bare.git'))).rejects.toMatchObject({ code: 'unsupported_repository' });
    await expect(openRepository(repo.git, join(repo.root, 'nothing'))).rejects.toMatchObject({ code: 'not_found' });
  });

  it.runIf(process.getuid?.() === 0)("another user's repository: git refuses it, and the sentence says how to allow it", async () => {
    using repo = new TestRepository();
    chownSync(repo.folder, 12_345, 12_345);
    chownSync(join(repo.folder, '.git'), 12_345, 12_345);
    expect((await inspectRepository(repo.git, repo.folder)).state).toMatchObject({ kind: 'refused', message: expect.stringContaining('safe.directory') });
  });

  it('a git directory that is broken is no "no repository"', async () => {
    using repo = new TestRepository();
    repo.run('worktree', 'add', '-q', join(repo.root, 'linked'));
    rmSync(join(repo.folder, '.git/worktrees'), { recursive: true });
    expect((await inspectRepository(repo.git, join(repo.root, 'linked'))).state.kind).toBe('refused');
  });
});

describe('startRepository()', () => {
  it('makes a repository and nothing else', async () => {
    using repo = new TestRepository({ init: 'none' });
    repo.write('mine', 'x\n');
    expect((await startRepository(repo.git, repo.folder)).state).toMatchObject({ kind: 'no_commit', branch: 'main' });
    expect(readdirSync(repo.folder).toSorted()).toEqual(['.git', 'mine']);
    expect(repo.run('status', '--porcelain')).toBe('?? mine\n');
    expect((await startRepository(repo.git, repo.folder)).state.kind).toBe('no_commit');
    mkdirSync(join(repo.folder, 'sub'));
    expect((await startRepository(repo.git, join(repo.folder, 'sub'))).state).toMatchObject({ kind: 'no_commit', prefix: 'sub' });
  });
});
