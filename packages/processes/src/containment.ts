import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';

const PROBE_MS = 5_000;
const run = promisify(execFile);

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** Keeps children of agents from seeing BooCode's own folder, and so its token, database and the worktrees of others. */
export interface Containment {
  /** The command that runs this one with the folder hidden, but for the worktree that it works in. */
  wrap(command: Command, cwd: string, view?: View): Command;
}

/** The git directories of worktrees whose folders have no git: they lie in the home as well. An agent works with its own, but does not steer what git does there. */
export interface Histories {
  readonly dir: string;
  of(worktreeId: string): History | null;
}

export interface History {
  readonly folder: string;
  /** Parts of it that are only read. */
  readonly steering: readonly string[];
}

/** What a contained program sees besides its own worktree, and whether it can write there. */
export interface View {
  /** Every file of the machine is read-only, but for /tmp and `writable`. */
  readonly isReadOnly?: boolean;
  /** One program for all worktrees: it sees them all. */
  readonly allWorktrees?: boolean;
  /** Folders in which a program that may not write keeps its own state; those that are not there are left out. */
  readonly writable?: readonly string[];
}

/**
 * Finds out whether this system can contain children (bubblewrap, with namespaces allowed), by doing it once. Null when it cannot: then an agent that
 * runs commands could read the token and approve itself, and everybody is told so.
 */
export async function findContainment(options: {
  readonly home: string;
  readonly worktreesDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly histories?: Histories | undefined;
}): Promise<Containment | null> {
  const containment = bubblewrap(await realpath(options.home), await realpath(options.worktreesDir), options.histories ?? null);
  const own = await mkdtemp(join(options.worktreesDir, 'probe-'));
  const secret = join(options.home, 'run', 'probe');
  try {
    await mkdir(join(own, 'tree'), { recursive: true });
    await mkdir(join(options.home, 'run'), { recursive: true });
    await writeFile(secret, 'x');
    const { command, args } = containment.wrap({ command: 'sh', args: ['-c', '[ ! -e "$1" ] && : > written', 'sh', secret] }, join(own, 'tree'));
    await run(command, [...args], { cwd: '/', env: { ...options.env }, timeout: PROBE_MS });
    return containment;
  } catch {
    return null; // not installed, or namespaces are forbidden here
  } finally {
    await rm(own, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
}

function bubblewrap(home: string, worktreesDir: string, histories: Histories | null): Containment {
  return {
    wrap({ command, args }, cwd, { isReadOnly = false, allWorktrees = false, writable = [] } = {}) {
      const id = worktreeIdOf(worktreesDir, cwd);
      const own = allWorktrees ? worktreesDir : id === null ? null : join(worktreesDir, id);
      const bind = isReadOnly ? '--ro-bind' : '--bind';
      const shown = [...(own === null ? [] : [bind, own, own]), ...(allWorktrees || id !== null ? bindHistory(bind, histories, allWorktrees ? null : id) : [])];
      const machine = isReadOnly ? readOnlyMachine(writable) : ['--dev-bind', '/', '/'];
      const place = isReadOnly ? ['--ro-bind', cwd, cwd] : [];
      return { command: 'bwrap', args: [...machine, '--tmpfs', home, ...shown, ...place, '--die-with-parent', '--chdir', cwd, '--', command, ...args] };
    },
  };
}

function readOnlyMachine(writable: readonly string[]): string[] {
  return ['--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--bind', '/tmp', '/tmp', ...writable.flatMap((folder) => ['--bind-try', folder, folder])];
}

/** `id` null: those of all worktrees, also of later ones. */
function bindHistory(bind: string, histories: Histories | null, id: string | null): string[] {
  if (histories === null) return [];
  if (id === null) return [bind, histories.dir, histories.dir];
  const history = histories.of(id);
  return history === null ? [] : [bind, history.folder, history.folder, ...history.steering.flatMap((path) => ['--ro-bind', path, path])];
}

/** The worktree, `<worktrees>/<id>`, that `cwd` lies in. */
function worktreeIdOf(worktreesDir: string, cwd: string): string | null {
  if (!cwd.startsWith(worktreesDir + sep)) return null;
  const [id] = cwd.slice(worktreesDir.length + 1).split(sep);
  return id === undefined || id === '' ? null : id;
}
