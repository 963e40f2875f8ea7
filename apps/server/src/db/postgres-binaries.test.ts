import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyPostgresBinaries, linkLibraries } from './postgres-binaries.ts';

let base = '';
let native = '';
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'boocode-binaries-')));
  native = join(base, 'package', 'native');
  await mkdir(join(native, 'bin'), { recursive: true });
  await mkdir(join(native, 'lib'));
  await writeFile(join(base, 'package', 'package.json'), '{"version":"18.4.0"}');
  await writeFile(join(native, 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
  await writeFile(join(native, 'pg-symlinks.json'), '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]');
});
afterEach(() => rm(base, { recursive: true, force: true }));

it('linkLibraries() makes the links in the package, once', async () => {
  expect(await linkLibraries(native, join(base, 'cache'))).toBe(native);
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await linkLibraries(native, join(base, 'cache'))).toBe(native);
});

it('copyPostgresBinaries() makes a copy with its links, and finds it again', async () => {
  const copy = join(base, 'cache', 'postgres-18.4.0');
  expect(await copyPostgresBinaries(native, join(base, 'cache'))).toBe(copy);
  expect(await readlink(join(copy, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await copyPostgresBinaries(native, join(base, 'cache'))).toBe(copy);
});

it.runIf(process.getuid?.() === 0)('linkLibraries() uses a copy when the package belongs to somebody else', async () => {
  const cache = join(base, 'cache');
  await mkdir(cache);
  await chmod(cache, 0o777);
  await chmod(base, 0o755);
  const script = join(base, 'link.mjs');
  const module = new URL('./postgres-binaries.ts', import.meta.url).href;
  await writeFile(script, `import { linkLibraries } from '${module}'; console.log(await linkLibraries(...process.argv.slice(2)));`);
  const output = execFileSync(process.execPath, [script, native, cache], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
  expect(output.trim()).toBe(join(cache, 'postgres-18.4.0'));
});
