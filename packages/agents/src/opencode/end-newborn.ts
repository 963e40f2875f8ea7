import { readlink } from 'node:fs/promises';
import { relative } from 'node:path';
import { endProcesses } from '@boocode/processes/end-processes.ts';
import { descendantsOf, type ProcessIdentity } from '@boocode/processes/process-table.ts';

const GRACE_MS = 2_000;

/**
 * Remembers what lives below a server that serves many conversations. The returned function ends what was born since and belongs to one of them: what works in
 * its folder, and all of it when no other conversation works (`isAlone`).
 */
export function watchNewborn(serverPid: number, cwd: string, isAlone: () => boolean): () => Promise<void> {
  const nameOf = ({ pid, start }: ProcessIdentity): string => `${pid} ${start}`;
  const before = new Set(descendantsOf(serverPid).map(nameOf));
  return async () => {
    const born = descendantsOf(serverPid).filter((process) => !before.has(nameOf(process)));
    const isOurs = await Promise.all(born.map(async ({ pid }) => isAlone() || (await worksIn(pid, cwd))));
    await endProcesses({ groups: [], marks: [], processes: born.filter((_, index) => isOurs[index]), graceMs: GRACE_MS });
  };
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null); // it has ended, or this is no Linux
  return cwd !== null && !relative(folder, cwd).startsWith('..');
}
