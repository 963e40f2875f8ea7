import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHome, removeServerFile, writeServerFile } from './home.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boocode-home-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is made with its folders, for its owner alone', async () => {
  const home = await openHome(join(folder, 'deep', 'home'));
  expect(home.root).toBe(join(folder, 'deep', 'home'));
  expect((await readdir(home.root)).toSorted()).toEqual(['journal', 'logs', 'outputs', 'run', 'shadow', 'worktrees']);
  expect((await stat(home.root)).mode & 0o777).toBe(0o700);
  expect(await openHome(home.root)).toEqual(home);
});

it('is closed to others when it was open', async () => {
  await mkdir(join(folder, 'home'), { mode: 0o755 });
  await openHome(join(folder, 'home'));
  expect((await stat(join(folder, 'home'))).mode & 0o777).toBe(0o700);
});

it('is named by its real path', async () => {
  await mkdir(join(folder, 'real'));
  await symlink(join(folder, 'real'), join(folder, 'link'));
  expect((await openHome(join(folder, 'link'))).root).toBe(join(folder, 'real'));
});

it('is not a file, nor below one, nor a dead link', async () => {
  await writeFile(join(folder, 'file'), '');
  await symlink(join(folder, 'nowhere'), join(folder, 'dead'));
  for (const path of [join(folder, 'file'), join(folder, 'file', 'home')])
    await expect(openHome(path)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('not a folder') });
  await expect(openHome(join(folder, 'dead'))).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/^Cannot use ".*" as BOOCODE_HOME: [^\n]+; [^\n]+$/),
  });
  await expect(openHome(join(folder, 'x'.repeat(300)))).rejects.toMatchObject({ message: expect.stringContaining('too long') });
});

it("is not the whole machine nor the person's own folder, and leaves those as they are", async () => {
  const before = [(await stat('/')).mode, (await stat(homedir())).mode];
  for (const path of ['/', homedir()])
    await expect(openHome(path)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('a folder of its own') });
  expect([(await stat('/')).mode, (await stat(homedir())).mode]).toEqual(before);
});

it.runIf(process.getuid?.() === 0)("is not another user's", async () => {
  await chown(folder, 65_534, 65_534);
  await expect(openHome(folder)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('another user (65534)') });
});

it.runIf(process.getuid?.() !== 0)('can be written to', async () => {
  await chmod(folder, 0o500);
  await expect(openHome(join(folder, 'home'))).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('may not write') });
});

it('tells where the server is, to its owner, until that server goes', async () => {
  const home = await openHome(folder);
  const path = join(home.run, 'server.json');
  const file = { pid: 12, url: 'http://127.0.0.1:9500', startedAt: '2026-01-01T00:00:00.000Z', version: '1' };
  await writeServerFile(home, file);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(file);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeServerFile(home, { ...file, pid: 123 });
  await removeServerFile(home, 12);
  expect(await readdir(home.run)).toEqual(['server.json']);
  await removeServerFile(home, 123);
  await removeServerFile(home, 123);
  expect(await readdir(home.run)).toEqual([]);
});
