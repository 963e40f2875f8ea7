import { setTimeout as sleep } from 'node:timers/promises';
import { groupMembers, isAlive, type ProcessIdentity, processesWithEnvironment } from './process-table.ts';

const POLL_MS = 20;
const KILL_ROUNDS = 50;

export interface EndTarget {
  /** Process groups, named by their leaders. */
  readonly groups: readonly number[];
  /** Texts in the environment of processes that left their group. */
  readonly marks: readonly string[];
  /** Single processes, whatever group they are in. */
  readonly processes?: readonly ProcessIdentity[];
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

/** Ends whole process groups and everything that carries a mark: SIGTERM, and SIGKILL for what is left after the grace. Resolves when nothing lives. */
export async function endProcesses({ groups, marks, processes = [], graceMs }: EndTarget): Promise<void> {
  const deadline = Date.now() + graceMs;
  const find = () => [...groups.flatMap(livingMembers), ...marks.flatMap(processesWithEnvironment), ...processes.filter(isAlive).map((one) => one.pid)];
  let living = find();
  if (living.length === 0) return;
  for (const group of groups) signal(-group, 'SIGTERM');
  for (const pid of living) signal(pid, 'SIGTERM');
  while (living.length > 0 && Date.now() < deadline) {
    await sleep(POLL_MS);
    living = find();
  }
  // A process may be forking while it is killed, so look again.
  for (let round = 0; living.length > 0 && round < KILL_ROUNDS; round += 1) {
    for (const group of groups) signal(-group, 'SIGKILL');
    for (const pid of living) signal(pid, 'SIGKILL');
    await sleep(POLL_MS);
    living = find();
  }
}

/** The process table is read only when the kernel still knows the group. */
function livingMembers(group: number): number[] {
  return signal(-group, 0) ? groupMembers(group) : [];
}

/** False when nobody was there to receive it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    // EPERM: it lives, but has become another user's (sudo); nothing more can be done from here.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
