import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, identifyProcess, type ProcessIdentity } from '@boocode/processes/process-table.ts';

/** No process has this pid on any system. */
const NO_PID = '2147483646';

/** What `postmaster.pid` says about a living server of this data folder. */
export interface RunningPostmaster {
  readonly identity: ProcessIdentity;
  readonly port: number;
  readonly socketFolder: string;
  readonly status: string;
}

/** The living server of a data folder, or null: no file, a dead or unreaped process, or a pid that now belongs to something else. */
export async function readPostmaster(data: string): Promise<RunningPostmaster | null> {
  const [pid = '', , , port = '', socketFolder = '', , , status = ''] = (await readLines(data)) ?? [];
  const identity = identifyProcess(Number(pid));
  if (identity === null || !isPostmasterOf(identity.pid, data)) return null;
  return { identity, port: Number(port), socketFolder: socketFolder.trim(), status: status.trim() };
}

/**
 * Lets a server start over the pid file of a dead one. PostgreSQL refuses while the pid is in use, also by a zombie or by another program.
 * The file stays, with a pid of nobody: its shared memory key is how PostgreSQL finds backends that outlived their server.
 */
export async function clearDeadPostmaster(data: string): Promise<void> {
  const lines = await readLines(data);
  if (lines === null) return;
  const [, , , port = '', socketFolder = ''] = lines;
  const part = join(data, 'postmaster.pid.part');
  await writeFile(part, [NO_PID, ...lines.slice(1)].join('\n'), { mode: 0o600 });
  await rename(part, join(data, 'postmaster.pid'));
  if (socketFolder.trim() === '') return;
  const socket = join(socketFolder.trim(), `.s.PGSQL.${port.trim()}`);
  await rm(`${socket}.lock`, { force: true });
  await rm(socket, { force: true });
}

async function readLines(data: string): Promise<string[] | null> {
  return readFile(join(data, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => null,
  );
}

/** A postmaster keeps the command line it was started with; its children put a title in the place of theirs. */
function isPostmasterOf(pid: number, data: string): boolean {
  const command = commandLine(pid) ?? '';
  return command.includes('postgres') && `${command} `.includes(` -D ${data} `);
}
