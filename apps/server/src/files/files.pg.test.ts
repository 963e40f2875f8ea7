import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openGit } from '@boocode/git/run-git.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, makeRepository, temporaryFolder } from '../../test/server-program.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { FileNames } from './file-names.ts';
import { listFolder } from './list-folder.ts';
import { openPlace, type Place } from './open-place.ts';
import { readProjectFile } from './read-file.ts';
import { type FileSearch, searchFiles } from './search-files.ts';

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let place: Place;
let project: Project;
const { signal } = new AbortController();
const runGit = openGit({ env: process.env });
const ODD = 'odd "name"\n–;$(x).txt';

beforeAll(async () => {
  [database, folder] = await Promise.all([createTestDatabase(), temporaryFolder()]);
  const root = join(folder.path, 'p');
  await makeRepository(root, { 'a.txt': 'alpha\nBeta ümlaut needle\n', 'gone.txt': 'x', '.gitignore': 'ignored/\n*.log\n' });
  await mkdir(join(root, 'src/deep'), { recursive: true });
  await mkdir(join(root, 'ignored'));
  await writeFile(join(root, 'src/deep/Timeline.tsx'), 'needle here\n');
  await writeFile(join(root, 'src/clean.ts'), 'export const a = 1;\n');
  await git(root, 'add', 'src/clean.ts');
  await git(root, 'commit', '-q', '-m', 'more');
  await writeFile(join(root, 'a.txt'), 'alpha\nBeta ümlaut needle\nmore');
  await writeFile(join(root, ODD), 'odd needle');
  await writeFile(join(root, 'ignored/x.txt'), 'needle');
  await writeFile(join(root, 'debug.log'), 'needle');
  await writeFile(join(folder.path, 'secret.txt'), 'secret needle');
  await symlink('../secret.txt', join(root, 'leak.txt'));
  await symlink('a.txt', join(root, 'inside.txt'));
  await rm(join(root, 'gone.txt'));
  ({ project } = await insertProject(database.sql, { path: root, name: 'p' }));
  place = await openPlace({ sql: database.sql, git: runGit }, project, null);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('listFolder()', () => {
  it('shows one level, folders first, with what git says', async () => {
    const entries = await listFolder(runGit, place, '', signal);
    expect(entries.map(({ name, kind, status, ignored }) => [name, kind, status, ignored])).toEqual([
      ['ignored', 'folder', null, true],
      ['src', 'folder', '?', false],
      ['.gitignore', 'file', null, false],
      ['a.txt', 'file', 'M', false],
      ['debug.log', 'file', null, true],
      ['inside.txt', 'link', '?', false],
      ['leak.txt', 'link', '?', false],
      [ODD, 'file', '?', false],
    ]);
    expect((await listFolder(runGit, place, 'src', signal)).map(({ path, status, size }) => [path, status, size])).toEqual([
      ['src/deep', '?', null],
      ['src/clean.ts', null, 20],
    ]);
    expect((await listFolder(runGit, place, 'ignored', signal)).map(({ ignored }) => ignored)).toEqual([true]);
  });

  it('shows nothing outside and nothing of git', async () => {
    for (const path of ['..', '/etc', 'src/../..', '.git', '.git/hooks']) await expect(listFolder(runGit, place, path, signal)).rejects.toThrow(/^Cannot /);
    await expect(listFolder(runGit, place, 'a.txt', signal)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(listFolder(runGit, place, 'no', signal)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('works where a project is a folder of its repository, and where there is no git', async () => {
    const { project: inner } = await insertProject(database.sql, { path: join(project.path, 'src'), name: 'src' });
    const below = await openPlace({ sql: database.sql, git: runGit }, inner, null);
    expect((await listFolder(runGit, below, 'deep', signal)).map(({ path, status }) => [path, status])).toEqual([['deep/Timeline.tsx', '?']]);
    expect((await new FileNames(runGit, Date.now).list(below)).toSorted()).toEqual(['clean.ts', 'deep/Timeline.tsx']);
    const bare = join(folder.path, 'bare');
    await mkdir(bare);
    await writeFile(join(bare, 'x.txt'), 'x');
    const { project: plain } = await insertProject(database.sql, { path: bare, name: 'bare' });
    const without = await openPlace({ sql: database.sql, git: runGit }, plain, null);
    expect((await listFolder(runGit, without, '', signal)).map(({ name, status }) => [name, status])).toEqual([['x.txt', null]]);
    expect(await new FileNames(runGit, Date.now).list(without)).toEqual(['x.txt']);
  });
});

describe('readProjectFile()', () => {
  const write = async (name: string, bytes: Buffer) => {
    await writeFile(join(project.path, name), bytes);
    return readProjectFile(place, name);
  };

  it('gives text with its encoding and lines', async () => {
    expect(await readProjectFile(place, 'inside.txt')).toEqual({
      path: 'a.txt',
      size: 30,
      binary: false,
      encoding: 'utf-8',
      text: 'alpha\nBeta ümlaut needle\nmore',
      truncated: false,
      lines: 3,
    });
    expect(await write('l.log', Buffer.from('caf\xe9\n', 'latin1'))).toMatchObject({ encoding: 'windows-1252', text: 'café\n', lines: 1 });
    expect(await write('u.log', Buffer.from('\ufeffhé', 'utf16le'))).toMatchObject({ encoding: 'utf-16le', text: 'hé', binary: false });
    expect(await write('b.log', Buffer.from([1, 0, 2]))).toMatchObject({ binary: true, text: null, lines: null });
    expect(await write('e.log', Buffer.alloc(0))).toMatchObject({ text: '', lines: 0 });
  });

  it('cuts what is too long between two characters, and still counts the lines', async () => {
    const cut = await write('big.log', Buffer.from(`x${'é'.repeat(1_000)}\n`.repeat(2_000)));
    expect(cut).toMatchObject({ truncated: true, lines: 2_000, encoding: 'utf-8' });
    expect(cut.text).not.toContain('\ufffd');
  });

  it('shows nothing that a link leads out to', async () => {
    for (const path of ['leak.txt', '../secret.txt', '.git/config', 'src', 'x\0y']) await expect(readProjectFile(place, path)).rejects.toThrow(/^Cannot /);
    await expect(readProjectFile(place, 'no.txt')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('searchFiles()', () => {
  const search = (text: string, more: Partial<FileSearch> = {}) =>
    searchFiles(place, { text, isRegex: false, isCaseSensitive: false, isWholeWord: false, path: '', glob: null, limit: 50, ...more }, signal);

  it('gives line, column and marks in characters, without ignored files and without links', async () => {
    expect((await search('NEEDLE')).items).toEqual([
      { path: 'a.txt', line: 2, column: 13, preview: 'Beta ümlaut needle', marks: [[12, 18]] },
      { path: ODD, line: 1, column: 5, preview: 'odd needle', marks: [[4, 10]] },
      { path: 'src/deep/Timeline.tsx', line: 1, column: 1, preview: 'needle here', marks: [[0, 6]] },
    ]);
    expect(await search('NEEDLE', { isCaseSensitive: true })).toEqual({ items: [], truncated: false });
    expect((await search('n.*e h', { isRegex: true, glob: '*.tsx' })).items.length).toBe(1);
    expect((await search('needl', { isWholeWord: true })).items).toEqual([]);
    expect((await search('needle', { path: 'src' })).items.length).toBe(1);
    expect(await search('needle', { limit: 1 })).toMatchObject({ truncated: true, items: [{ path: 'a.txt' }] });
    await expect(search('(', { isRegex: true })).rejects.toMatchObject({ code: 'invalid_request' });
    expect((await search('--pre=x')).items).toEqual([]);
  });
});
