import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '@boocode/processes/process-table.ts';
import type { TestProject } from 'vitest/node';
import { readPostmaster } from '../apps/server/src/db/postmaster-file.ts';

const PREFIX = 'boocode-test-';
const POLL_MS = 10;

/** Gives all test files one place for a database server. The first test that needs it starts it; here it is ended. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await endDeadRuns();
  const home = await realpath(await mkdtemp(join(tmpdir(), PREFIX)));
  await writeFile(join(home, 'run-by'), `${process.pid} ${identifyProcess(process.pid)?.start ?? ''}`);
  project.provide('testDatabaseHome', home);
  return () => endDatabase(home);
}

/** A run that was killed could not clean up. */
async function endDeadRuns(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const home = join(tmpdir(), name);
    const [pid, start] = (await readFile(join(home, 'run-by'), 'utf8').catch(() => '')).split(' ');
    if (pid !== undefined && start !== undefined && !isAlive({ pid: Number(pid), start })) await endDatabase(await realpath(home));
  }
}

async function endDatabase(home: string): Promise<void> {
  const server = await readPostmaster(join(home, 'postgres'));
  if (server !== null) {
    process.kill(server.identity.pid, 'SIGQUIT');
    while (isAlive(server.identity)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await rm(home, { recursive: true, force: true });
}
