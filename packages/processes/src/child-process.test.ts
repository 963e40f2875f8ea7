import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChildProcess } from './child-process.ts';
import { ProcessRegistry } from './process-registry.ts';
import { identifyProcess } from './process-table.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'boocode-child-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function shell(script: string, signal: AbortSignal = new AbortController().signal, registry: ProcessRegistry | null = new ProcessRegistry(directory)) {
  return ChildProcess.start({ command: 'sh', args: ['-c', script], cwd: directory, env: { PATH: process.env['PATH'] ?? '' }, registry, signal });
}

async function firstPids(child: ChildProcess): Promise<number[]> {
  const [chunk] = await once(child.stdout, 'data');
  return String(chunk).trim().split(/\s+/).map(Number);
}

it('ChildProcess ends with its signal, and the whole group with it, grandchildren included', async () => {
  const abort = new AbortController();
  const child = await shell('sh -c "sleep 100 & echo $! \\$\\$; wait"; wait', abort.signal);
  const pids = await firstPids(child);
  expect(await readdir(directory)).toEqual([String(child.pid)]);
  abort.abort();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(pids.map(identifyProcess)).toEqual(pids.map(() => null));
  expect(await readdir(directory)).toEqual([]);
});

it('ChildProcess kills what ignores SIGTERM after 3 seconds', async () => {
  const child = await shell('trap "" TERM; sh -c "trap \\"\\" TERM; while :; do sleep 0.1; done" & echo $!; while :; do sleep 0.1; done');
  const pids = await firstPids(child);
  const before = performance.now();
  await child[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeGreaterThan(2_900);
  expect(performance.now() - before).toBeLessThan(4_500);
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(pids.map(identifyProcess)).toEqual([null]);
});

it('ChildProcess ends what a child leaves in its group after a normal exit', async () => {
  const child = await shell('sleep 100 & echo $!; exit 3');
  const pids = await firstPids(child);
  expect(await child.exited).toEqual({ code: 3, signal: null });
  expect(pids.map(identifyProcess)).toEqual([null]);
});

it('ChildProcess ends a process that has left its group when it is disposed', async () => {
  const child = await shell('setsid sh -c "echo \\$\\$; exec sleep 100" & wait');
  const pids = await firstPids(child);
  await child[Symbol.asyncDispose]();
  expect(pids.map(identifyProcess)).toEqual([null]);
});

it('ChildProcess does not wait for a daemon that keeps its output open', async () => {
  const registry = new ProcessRegistry(directory);
  const child = await shell('setsid sh -c "echo \\$\\$; exec sleep 100" & sleep 0.2', undefined, registry);
  const [daemon = 0] = await firstPids(child);
  expect(await child.exited).toEqual({ code: 0, signal: null });
  await child[Symbol.asyncDispose]();
  expect(identifyProcess(daemon)).not.toBeNull();
  await registry.endOwn();
  expect(identifyProcess(daemon)).toBeNull();
});

it('ChildProcess gives all output to a slow reader', async () => {
  const child = await shell('head -c 3000000 /dev/zero; echo done >&2');
  const chunks: number[] = [];
  for await (const chunk of child.stdout) {
    chunks.push(chunk.length);
    if (chunks.length === 1) await new Promise((resolve) => setTimeout(resolve, 700));
  }
  expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(3_000_000);
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(child.stderrTail).toBe('done\n');
});

it('ChildProcess ignores writes to a child that has gone', async () => {
  const child = await shell('exit 0');
  await child.exited;
  child.stdin?.write('too late');
  expect(await text(child.stdout)).toBe('');
});

it('ChildProcess.start() says what is missing', async () => {
  const options = { args: [], env: {}, registry: null, signal: new AbortController().signal };
  await expect(ChildProcess.start({ ...options, command: 'no-such-agent', cwd: directory })).rejects.toMatchObject({
    code: 'agent_unavailable',
    message: `Cannot start "no-such-agent" in "${directory}": the program is not installed; install it or correct its command`,
  });
  await expect(ChildProcess.start({ ...options, command: 'sh', cwd: '/no/such/folder' })).rejects.toMatchObject({
    message: 'Cannot start "sh": the folder "/no/such/folder" is not there; restore it, then try again',
  });
  await expect(ChildProcess.start({ ...options, command: 'sh', cwd: directory, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});
