import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTokenFile } from './token-file.ts';

let home: string;
let path: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'boocode-token-'));
  path = join(home, 'token');
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('is made once, for its owner alone, and used again', async () => {
  const first = await openTokenFile(path);
  expect(first).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), problem: null });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await openTokenFile(path)).toEqual(first);
  expect(await readdir(home)).toEqual(['token']);
});

it('is one token for all who start at the same time', async () => {
  const files = await Promise.all(Array.from({ length: 20 }, () => openTokenFile(path)));
  expect(new Set(files.map(({ token }) => token)).size).toBe(1);
  expect(await readdir(home)).toEqual(['token']);
});

it('is closed, and says so, when others could read it', async () => {
  const { token } = await openTokenFile(path);
  await chmod(path, 0o644);
  const again = await openTokenFile(path);
  expect(again.token).toBe(token);
  expect(again.problem).toMatchObject({ code: 'token_file_mode', text: expect.stringContaining('mode 644') });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await openTokenFile(path)).problem).toBeNull();
});

it('is made afresh when it is empty', async () => {
  await writeFile(path, '\n', { mode: 0o600 });
  const file = await openTokenFile(path);
  expect(file.problem).toMatchObject({ code: 'token_replaced' });
  expect((await readFile(path, 'utf8')).trim()).toBe(file.token);
  expect((await openTokenFile(path)).problem).toBeNull();
});

it('is not read through a link', async () => {
  await writeFile(join(home, 'other'), 'x'.repeat(50), { mode: 0o600 });
  await symlink(join(home, 'other'), path);
  await expect(openTokenFile(path)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('symbolic link') });
});

it('is not a folder', async () => {
  await expect(openTokenFile(home)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('not a file') });
});

it.runIf(process.getuid?.() === 0)("is not another user's", async () => {
  await writeFile(path, 'x'.repeat(50), { mode: 0o600 });
  await chown(path, 65_534, 65_534);
  await expect(openTokenFile(path)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('another user') });
});
