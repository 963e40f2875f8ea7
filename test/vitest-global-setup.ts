import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readPostmaster } from '../apps/server/src/db/postmaster-file.ts';
import { isAlive } from '@boocode/processes/process-table.ts';

const POLL_MS = 10;

/** Gives all test files one place for a database server. The first test that needs it starts it; here it is ended. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'boocode-test-')));
  project.provide('testDatabaseHome', home);
  return () => endDatabase(home);
}

async function endDatabase(home: string): Promise<void> {
  const server = await readPostmaster(join(home, 'postgres'));
  if (server !== null) {
    process.kill(server.identity.pid, 'SIGQUIT');
    while (isAlive(server.identity)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await rm(home, { recursive: true, force: true });
}
