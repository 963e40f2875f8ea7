import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ChildProcess } from './child-process.ts';
import { endProcesses } from './end-processes.ts';
import { ProcessRegistry } from './process-registry.ts';
import { commandLine, descendantsOf, identifyProcess, isBornAfter, momentNow, treeMemory } from './process-table.ts';

it('knows the descendants of a process, and ends those it is told to', async () => {
  const child = spawn('sh', ['-c', 'sleep 100 & sh -c "sleep 100 & echo up; wait" & wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const found = descendantsOf(child.pid!);
  expect(found).toHaveLength(3);
  expect(descendantsOf(process.pid).map((each) => each.pid)).toEqual(expect.arrayContaining([child.pid, ...found.map((each) => each.pid)]));
  await endProcesses({ groups: [], marks: [], processes: found, graceMs: 1_000 });
  expect(found.map((each) => identifyProcess(each.pid))).toEqual([null, null, null]);
  child.kill('SIGKILL');
});

it('tells what was started after a moment', async () => {
  const before = momentNow();
  const tick = Number(before) + 2;
  while (Number(momentNow()) < tick) await new Promise(setImmediate);
  const child = spawn('sleep', ['100']);
  await once(child, 'spawn');
  expect([isBornAfter(identifyProcess(child.pid!)!, before), isBornAfter(identifyProcess(process.pid)!, before)]).toEqual([true, false]);
  child.kill('SIGKILL');
});

it.runIf(process.platform === 'linux')('a child still knows what it has started when the one between has gone', async () => {
  const registry = new ProcessRegistry(await mkdtemp(join(tmpdir(), 'boo-registry-')));
  const script = 'sh -c "sleep 100 & setsid sleep 101 & true"; echo up; exec sleep 102';
  const signal = new AbortController().signal;
  await using child = await ChildProcess.start({ command: 'sh', args: ['-c', script], cwd: '/', env: { PATH: process.env['PATH'] ?? '' }, registry, signal });
  await once(child.stdout, 'data');
  expect(descendantsOf(child.pid)).toEqual([]);
  expect(new Set(child.family().map(({ pid }) => commandLine(pid)))).toEqual(new Set(['sleep 100', 'sleep 101']));
});

it.runIf(process.platform === 'linux')('sums the memory of a process and what it has started', async () => {
  const child = spawn(process.execPath, ['-e', 'require("child_process").spawn("sleep", ["100"]); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const alone = treeMemory(descendantsOf(child.pid!)[0]!.pid)!;
  expect(treeMemory(child.pid!)! - alone).toBeGreaterThan(10_000_000);
  await endProcesses({ groups: [], marks: [], processes: [...descendantsOf(child.pid!), identifyProcess(child.pid!)!], graceMs: 1_000 });
});
