import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findProjectConfig } from './find-project-config.ts';

let root: string | null = null;

afterEach(async () => {
  if (root !== null) await rm(root, { recursive: true, force: true });
});

it('findProjectConfig() looks up to the top of the repository, and not beyond', async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-config-')));
  const repository = join(root, 'repository');
  const below = join(repository, 'a', 'b');
  await mkdir(below, { recursive: true });
  await writeFile(join(root, 'opencode.json'), '{}');
  expect(await findProjectConfig(below)).toBe(null);
  await writeFile(join(repository, '.git'), 'gitdir: elsewhere');
  expect(await findProjectConfig(below)).toBe(null);
  await mkdir(join(repository, '.opencode'));
  expect(await findProjectConfig(below)).toBe(join(repository, '.opencode'));
  await writeFile(join(below, 'opencode.jsonc'), '{}');
  expect(await findProjectConfig(below)).toBe(join(below, 'opencode.jsonc'));
});
