import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configuredProviders } from '@boocode/agents/providers/configured-providers.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandFolders, findCommand, moduleFolders } from './find-command.ts';
import { findProgram } from './probe-agent.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'boocode-find-'));
  return () => rm(home, { recursive: true, force: true });
});

async function program(path: string, script = '#!/bin/sh\n', mode = 0o755): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, script);
  await chmod(file, mode);
  return file;
}

const inHome = (...paths: readonly string[]): string[] => paths.map((path) => join(home, path));

describe('commandFolders()', () => {
  it("looks on the PATH, then in the person's own folders and npm's, then at what developers have put aside, newest first", async () => {
    await writeFile(join(home, '.npmrc'), 'registry=x\nprefix=~/npm\n');
    for (const name of ['goose-1.9.0', 'goose-1.50.0']) await mkdir(join(home, '.cache/boocode/agents', name), { recursive: true });
    const folders = await commandFolders({ PATH: `/a:relative:${home}/.local/bin:/b` }, {}, home);
    expect(folders).toEqual([
      '/a',
      join(home, '.local/bin'),
      '/b',
      ...inHome('.npm-global/bin', 'npm/bin', '.cache/boocode/agents/goose-1.50.0/node_modules/.bin', '.cache/boocode/agents/goose-1.9.0/node_modules/.bin'),
    ]);
    expect(moduleFolders(folders).slice(-3)).toEqual(
      inHome('npm/lib/node_modules', '.cache/boocode/agents/goose-1.50.0/node_modules', '.cache/boocode/agents/goose-1.9.0/node_modules'),
    );
    expect(await commandFolders({ PATH: '/a' }, { BOOCODE_AGENTS_DIR: '', NPM_CONFIG_PREFIX: '/n' }, home)).toEqual([
      '/a',
      ...inHome('.local/bin', '.npm-global/bin'),
      '/n/bin',
    ]);
  });
});

describe('findCommand()', () => {
  it('takes the first that can be run, and a path as it is', async () => {
    const folders = inHome('a', 'b', 'c');
    await program('a/tool', '', 0o644);
    await mkdir(join(home, 'b/tool'), { recursive: true });
    const tool = await program('c/tool');
    expect([await findCommand('tool', folders), await findCommand(tool, []), await findCommand('c/tool', folders), await findCommand('none', folders)]).toEqual(
      [tool, tool, null, null],
    );
  });
});

describe('findProgram()', () => {
  const place = () => ({
    folders: inHome('bin'),
    environment: { PATH: join(home, 'bin') },
    registry: null,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
  });
  const qwen = configuredProviders({}, { claudeSdk: false }).providers.find(({ id }) => id === 'qwen')!;

  it('runs a script of Node by our own Node where the PATH has none, or one that is too old', async () => {
    const found = await program('bin/qwen', '#!/usr/bin/env node\n');
    const ours = { found, command: process.execPath, args: [found] };
    expect(await findProgram(qwen, place())).toEqual(ours);
    await program('bin/node', '#!/bin/sh\necho v20.19.0\n');
    expect(await findProgram(qwen, place())).toEqual(ours);
    await program('bin/node', '#!/bin/sh\necho v22.1.0\n');
    expect(await findProgram(qwen, place())).toEqual({ found, command: found, args: [] });
    expect(await findProgram({ ...qwen, command: 'other' }, place())).toBeNull();
  });
});
