import { execFile } from 'node:child_process';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { formatBytes } from '../terminal/quantity.ts';
import type { Check } from './check.ts';

const run = promisify(execFile);
const NODE = 24;
const GIT = [2, 38] as const;
const LOW_DISK = 1_000_000_000;

export function checkNode(version: string): Check {
  const major = Number(version.split('.')[0]);
  if (major >= NODE) return { level: 'ok', name: 'Node', text: version };
  return { level: 'fail', name: 'Node', text: `${version} is too old; start BooCode with \`npm start\`, which brings Node ${NODE}, or install that` };
}

export async function checkGit(env: NodeJS.ProcessEnv): Promise<Check> {
  try {
    const { stdout } = await run('git', ['--version'], { env, timeout: 5_000 });
    const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    const isNew = Number(major) > GIT[0] || (Number(major) === GIT[0] && Number(minor) >= GIT[1]);
    const version = stdout.trim().replace(/^git version /, '');
    if (isNew) return { level: 'ok', name: 'git', text: version };
    return { level: 'warn', name: 'git', text: `${version} is older than ${GIT.join('.')}, which BooCode is tested with; install a newer one` };
  } catch {
    return { level: 'fail', name: 'git', text: 'it does not run; install git, agents work in worktrees of it' };
  }
}

/** Also says how much room is left there. */
export async function checkHome(home: string): Promise<Check> {
  const found = await stat(home).catch(() => null);
  if (found === null) return { level: 'ok', name: 'Home', text: `${home} (made at the first start)` };
  if (!found.isDirectory()) return { level: 'fail', name: 'Home', text: `${home} is not a folder; move it away, or set BOOCODE_HOME` };
  if (!(await isWritable(home)))
    return { level: 'fail', name: 'Home', text: `${home} cannot be written; run \`chown -R "$(id -u)" "${home}"\` as root, or set BOOCODE_HOME` };
  const mode = found.mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return { level: 'warn', name: 'Home', text: `${home} can be read by others (mode ${mode.toString(8)}); run \`chmod 700 "${home}"\`` };
  }
  const free = await freeBytes(home);
  if (free !== null && free < LOW_DISK)
    return { level: 'warn', name: 'Home', text: `${home} has only ${formatBytes(free)} left; make room, worktrees and the database need it` };
  return { level: 'ok', name: 'Home', text: `${home}${free === null ? '' : ` (${formatBytes(free)} free)`}` };
}

export async function checkSandbox(env: NodeJS.ProcessEnv): Promise<Check> {
  if (process.platform !== 'linux') {
    return {
      level: 'warn',
      name: 'Containment',
      text: 'agents are not contained on this system: an agent could approve itself; run only agents that you trust',
    };
  }
  try {
    await run('bwrap', ['--ro-bind', '/', '/', 'true'], { env, timeout: 5_000 });
    return { level: 'ok', name: 'Containment', text: 'bubblewrap works' };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing
      ? 'bubblewrap is not installed; install the package "bubblewrap"'
      : 'bubblewrap does not work here; allow user namespaces, or run outside a container';
    return { level: 'warn', name: 'Containment', text: `agents are not contained, so one could approve itself: ${reason}` };
  }
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function freeBytes(folder: string): Promise<number | null> {
  return statfs(folder).then(
    (disk) => disk.bavail * disk.bsize,
    () => null,
  );
}
