import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository } from './test-repository.ts';
import type { FileEdit } from '../src/apply-plan.ts';
import { writeBlob } from '../src/blobs.ts';
import { makeBranch, moveHead, prepareCommit, refuseUnderWay } from '../src/commit-edits.ts';

async function editOf(repo: TestRepository, path: string, from: string | null, to: string | null): Promise<FileEdit> {
  const { tree } = await repo.open();
  const blob = (text: string | null) => (text === null ? null : writeBlob(repo.git, tree, Buffer.from(text)));
  const mode = (text: string | null) => (text === null ? null : '100644');
  return { path, oldPath: null, oldBlob: await blob(from), newBlob: await blob(to), oldMode: mode(from), newMode: mode(to) };
}

async function commit(repo: TestRepository, edits: readonly FileEdit[], message = 'made'): Promise<readonly string[]> {
  const { tree } = await repo.open();
  const options = { tree, edits, message, scratch: join(repo.root, 'scratch') };
  const prepared = await prepareCommit(repo.git, options);
  return moveHead(repo.git, { ...options, prepared });
}

const status = (repo: TestRepository) => repo.run('status', '--porcelain');
const EDITED = '# Changed\n';

describe('a commit of edits', () => {
  it('holds just them, by the person, and leaves staged and unstaged work as it was', async () => {
    using repo = new TestRepository();
    repo.write('staged.txt', 'staged\n');
    repo.run('add', 'staged.txt');
    repo.write('README.md', `${EDITED}and mine\n`);
    expect(await commit(repo, [await editOf(repo, 'README.md', '# Project\n', EDITED), await editOf(repo, 'new.txt', null, 'new\n')], 'one\n\nmore')).toEqual(
      [],
    );
    expect(repo.run('log', '-1', '--format=%an <%ae> %B').trim()).toBe('Person <person@example.org> one\n\nmore');
    expect(repo.run('show', 'HEAD:README.md')).toBe(EDITED);
    expect(repo.run('show', 'HEAD:new.txt')).toBe('new\n');
    expect(status(repo)).toBe(' M README.md\n D new.txt\nA  staged.txt\n');
    expect(repo.run('reflog', '-1', '--format=%gs').trim()).toBe('commit: one');
  });

  it('merges into what is staged of the same file, and says where that does not fit', async () => {
    using repo = new TestRepository();
    const lines = ['1\n', '2\n', '3\n', '4\n', '5\n', '6\n', '7\n'];
    const text = (at: number, line: string) => lines.map((each, index) => (index === at ? line : each)).join('');
    repo.write('a.txt', lines.join(''));
    repo.write('b.txt', lines.join(''));
    repo.commit();
    repo.write('a.txt', text(6, 'seven\n'));
    repo.write('b.txt', text(0, 'other\n'));
    repo.run('add', '-A');
    const edits = [await editOf(repo, 'a.txt', lines.join(''), text(0, 'one\n')), await editOf(repo, 'b.txt', lines.join(''), text(0, 'one\n'))];
    expect(await commit(repo, edits)).toEqual(['b.txt']);
    expect(repo.run('show', ':a.txt')).toBe(text(6, 'seven\n').replace('1\n', 'one\n'));
    expect(repo.run('show', ':b.txt')).toBe(text(0, 'other\n'));
  });

  it('is the first one of a repository, and stands on no branch where HEAD does', async () => {
    using repo = new TestRepository({ init: 'empty' });
    await commit(repo, [await editOf(repo, 'a.txt', null, 'a\n')]);
    expect(repo.run('log', '--format=%s').trim()).toBe('made');
    repo.run('checkout', '-q', '--detach');
    await commit(repo, [await editOf(repo, 'a.txt', 'a\n', 'b\n')], 'detached');
    expect(repo.run('log', '--format=%s', 'main').trim()).toBe('made');
    expect(repo.run('log', '-1', '--format=%s').trim()).toBe('detached');
  });

  it('is refused, and nothing has moved, where it builds on what is not committed or a merge is under way', async () => {
    using repo = new TestRepository();
    const { tree } = await repo.open();
    const edit = await editOf(repo, 'README.md', '# Uncommitted\n', EDITED);
    const before = repo.run('rev-parse', 'HEAD');
    await expect(commit(repo, [edit])).rejects.toMatchObject({ code: 'change_conflict' });
    writeFileSync(join(repo.folder, '.git', 'MERGE_HEAD'), before);
    await expect(refuseUnderWay(tree)).rejects.toThrow('a merge is under way');
    expect(repo.run('rev-parse', 'HEAD')).toBe(before);
  });

  it('runs no hooks, and is signed or not made at all where the person signs', async () => {
    using repo = new TestRepository();
    const hook = join(repo.folder, '.git', 'hooks', 'pre-commit');
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    await commit(repo, [await editOf(repo, 'README.md', '# Project\n', EDITED)]);
    const before = repo.run('rev-parse', 'HEAD');
    const gpg = join(repo.root, 'gpg');
    writeFileSync(gpg, '#!/bin/sh\necho no key >&2\nexit 2\n');
    chmodSync(gpg, 0o755);
    repo.run('config', 'commit.gpgSign', 'true');
    repo.run('config', 'gpg.program', gpg);
    await expect(commit(repo, [await editOf(repo, 'README.md', EDITED, 'again\n')])).rejects.toThrow('Cannot sign a commit');
    expect(repo.run('rev-parse', 'HEAD')).toBe(before);
  });

  it('needs to know whose it is', async () => {
    using repo = new TestRepository();
    repo.run('config', 'user.useConfigOnly', 'true');
    writeFileSync(join(repo.home, '.gitconfig'), '');
    const before = repo.run('rev-parse', 'HEAD');
    await expect(commit(repo, [await editOf(repo, 'README.md', '# Project\n', EDITED)])).rejects.toThrow('git does not know who you are');
    expect(repo.run('rev-parse', 'HEAD')).toBe(before);
  });

  it('becomes a branch of a name that git takes and that is free', async () => {
    using repo = new TestRepository();
    const { tree } = await repo.open();
    const head = repo.run('rev-parse', 'HEAD').trim();
    await makeBranch(repo.git, tree, 'topic/one', head);
    expect(repo.run('rev-parse', 'topic/one').trim()).toBe(head);
    await expect(makeBranch(repo.git, tree, 'topic/one', head)).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['a..b', '-x', 'a b', '@{-1}']) await expect(makeBranch(repo.git, tree, name, head)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
