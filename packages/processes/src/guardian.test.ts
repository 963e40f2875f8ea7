import { spawn, type ChildProcess as NodeChild } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startGuardian } from './guardian.ts';
import { ProcessRegistry } from './process-registry.ts';
import { identifyProcess } from './process-table.ts';

const SERVER = fileURLToPath(new URL('../test/fixtures/server-with-children.ts', import.meta.url));
/** Prints its own pid, a grandchild that ignores SIGTERM, and one that has left the group. */
const STUBBORN = 'sh -c "trap \\"\\" TERM; while :; do sleep 0.1; done" & a=$!; setsid sh -c "exec sleep 100" & echo $$ $a $!; wait';

interface Started {
  readonly server: NodeChild;
  readonly guardian: number;
  readonly pids: readonly number[];
}

let runDir = '';
beforeEach(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'boocode-guardian-'));
});
const servers: NodeChild[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.kill('SIGKILL');
  await rm(runDir, { recursive: true, force: true });
});

async function startServer(script: string): Promise<Started> {
  const server = spawn(process.execPath, [SERVER, runDir, script, process.env['PATH'] ?? ''], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  servers.push(server);
  const [line] = await once(server.stdout, 'data');
  const { guardian, child, pids } = JSON.parse(String(line));
  return { server, guardian, pids: [child, ...pids] };
}

/** What a process has open, but for what its ancestors leaked into all of us. */
async function openFiles(pid: number): Promise<string[]> {
  const list = async (owner: number) => Promise.all((await readdir(`/proc/${owner}/fd`)).map((fd) => readlink(`/proc/${owner}/fd/${fd}`).catch(() => '')));
  const leaked = new Set((await list(process.pid)).filter((target) => target.startsWith('pipe:')));
  return (await list(pid)).filter((target) => !leaked.has(target)).map((target) => target.replace(/:.*$|^.*(?=guardian\.sh$)/, ''));
}

async function kill(server: NodeChild): Promise<void> {
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
}

/** Resolves with the milliseconds until none of them lives. */
async function untilGone(pids: readonly number[], limitMs: number): Promise<number> {
  const before = performance.now();
  while (pids.some((pid) => identifyProcess(pid) !== null) && performance.now() - before < limitMs) await sleep(20);
  return performance.now() - before;
}

it('the guardian ends everything within 5 seconds of a SIGKILL of the server, and then itself', async () => {
  const { server, guardian, pids } = await startServer(STUBBORN);
  const postgres = spawn('sh', ['-c', 'trap "exit 0" INT; echo ready; while :; do sleep 0.05; done'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  await once(postgres.stdout, 'data');
  const identity = identifyProcess(postgres.pid ?? 0);
  const owner = identifyProcess(server.pid ?? 0);
  await writeFile(join(runDir, 'postgres.pid'), `${identity?.pid} ${identity?.start} ${owner?.pid} ${owner?.start}\n`);
  const stopped = once(postgres, 'exit');
  expect(pids.map((pid) => identifyProcess(pid) === null)).toEqual([false, false, false, false]);
  await kill(server);
  expect(await untilGone([...pids, postgres.pid ?? 0, guardian], 6_000)).toBeLessThan(5_000);
  expect(await stopped).toEqual([0, null]);
  expect((await readdir(runDir, { recursive: true })).sort()).toEqual(['groups', 'guardians']);
});

it('the guardian holds nothing but its pipe, and stays when the terminal of the server is interrupted or hung up', async () => {
  const { server, guardian, pids } = await startServer('echo $$; sleep 100');
  expect((await openFiles(guardian)).sort()).toEqual(['/dev/null', '/dev/null', 'guardian.sh', 'socket']);
  process.kill(guardian, 'SIGINT');
  process.kill(guardian, 'SIGHUP');
  const gone = once(server, 'exit');
  process.kill(-(server.pid ?? 0), 'SIGINT');
  await gone;
  expect(identifyProcess(guardian)).not.toBeNull();
  expect(await untilGone([...pids, guardian], 6_000)).toBeLessThan(5_000);
});

it('a later server takes over: the guardian of the dead one leaves PostgreSQL alone', async () => {
  const { server, guardian } = await startServer(STUBBORN);
  const owner = identifyProcess(server.pid ?? 0);
  const postgres = spawn('sleep', ['100'], { stdio: 'ignore' });
  const identity = identifyProcess(postgres.pid ?? 0);
  await writeFile(join(runDir, 'postgres.pid'), `${identity?.pid} ${identity?.start} ${owner?.pid} ${owner?.start}\n`);
  await kill(server);
  const mine = await startGuardian({ runDir });
  expect(identifyProcess(guardian)).toBeNull();
  expect(identifyProcess(postgres.pid ?? 0)).not.toBeNull();
  expect(await readdir(join(runDir, 'guardians'))).toEqual([String(mine.pid)]);
  await rm(join(runDir, 'postgres.pid'));
  postgres.kill('SIGKILL');
  await new ProcessRegistry(join(runDir, 'groups')).endLeftovers();
  expect(await readdir(join(runDir, 'groups'))).toEqual([]);
  await mine[Symbol.asyncDispose]();
  expect(identifyProcess(mine.pid)).toBeNull();
});

it('a second server beside a living one disturbs neither its guardian nor its groups', async () => {
  const { server, guardian, pids } = await startServer('echo $$; sleep 100');
  const second = await startGuardian({ runDir });
  expect(await new ProcessRegistry(join(runDir, 'groups')).endLeftovers()).toBe(0);
  await second[Symbol.asyncDispose]();
  expect([guardian, ...pids].map((pid) => identifyProcess(pid) === null)).toEqual([false, false, false]);
  await kill(server);
  await untilGone([...pids, guardian], 6_000);
});

it('a guardian that is killed is replaced', async () => {
  await using guardian = await startGuardian({ runDir });
  const first = guardian.pid;
  process.kill(first, 'SIGKILL');
  while (guardian.pid === first) await sleep(10);
  expect(identifyProcess(guardian.pid)).not.toBeNull();
  expect(await readdir(join(runDir, 'guardians'))).toEqual([String(guardian.pid)]);
});

it('ProcessRegistry.endLeftovers() leaves a process alone that was given the pid of a dead leader', async () => {
  const directory = join(runDir, 'groups');
  await mkdir(directory);
  const innocent = spawn('sleep', ['100'], { stdio: 'ignore', detached: true });
  await once(innocent, 'spawn');
  const start = identifyProcess(innocent.pid ?? 0)?.start ?? '';
  await writeFile(join(directory, String(innocent.pid)), `${innocent.pid} ${start.split('-')[0]}-1 999999 ${start}\n`);
  expect(await new ProcessRegistry(directory).endLeftovers()).toBe(0);
  expect(identifyProcess(innocent.pid ?? 0)).not.toBeNull();
  expect(await readdir(directory)).toEqual([]);
  innocent.kill('SIGKILL');
});
