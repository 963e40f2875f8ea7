import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Names one process for good: a pid is reused, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

/** The kernel's `USER_HZ`, the same on every architecture of ours. */
const TICKS_PER_SECOND = 100;

interface ProcessEntry extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
  readonly state: string;
}

/** The process with this pid, or null when there is none or it is a zombie (dead, but not reaped: `kill(pid, 0)` still succeeds). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const entry = readEntry(pid);
  return entry === null || isDead(entry) ? null : { pid: entry.pid, start: entry.start };
}

/** The same for a process that may just have died and was not reaped: null only when the pid is free. */
export function identifyProcessOrZombie(pid: number): ProcessIdentity | null {
  const entry = readEntry(pid);
  return entry === null ? null : { pid: entry.pid, start: entry.start };
}

/** Whether exactly this process still lives; another one that was given its pid does not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.start === identity.start;
}

/** Whether the identity can name a process that runs now: after a restart of the machine all pids begin again. */
export function isOfThisBoot(identity: ProcessIdentity): boolean {
  return process.platform !== 'linux' || identity.start.startsWith(`${bootId()}-`);
}

/** The command line of a living process, or null. */
export function commandLine(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return ps(['-o', 'command=', '-p', String(pid)]).trim();
  } catch {
    return null; // it has ended meanwhile
  }
}

/** The living members of a process group; zombies do not count. */
export function groupMembers(group: number): number[] {
  return allEntries()
    .filter((entry) => entry.group === group && !isDead(entry))
    .map((entry) => entry.pid);
}

/** This moment, to be held against the starts of processes with `isBornAfter`. Cheap. */
export function momentNow(): string {
  if (process.platform !== 'linux') return String(Math.floor(Date.now() / 1_000));
  return String(Math.floor(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * TICKS_PER_SECOND));
}

/** Whether a process was started after the moment; in the same tick (a hundredth of a second, elsewhere a second) it counts as before. */
export function isBornAfter({ start }: ProcessIdentity, moment: string): boolean {
  const born = process.platform === 'linux' ? Number(start.slice(start.indexOf('-') + 1)) : Math.floor(Date.parse(start.replaceAll('_', ' ')) / 1_000);
  return born > Number(moment);
}

/** What a process has started, what that has started, and so on. Zombies do not count, but their children do. */
export function descendantsOf(pid: number): ProcessIdentity[] {
  const children = Map.groupBy(allEntries(), (entry) => entry.parent);
  const found: ProcessEntry[] = [];
  for (const parents = [pid]; parents.length > 0;) {
    const born = children.get(parents.pop() ?? 0) ?? [];
    found.push(...born);
    parents.push(...born.map((child) => child.pid));
  }
  return found.filter((entry) => !isDead(entry)).map(({ pid: child, start }) => ({ pid: child, start }));
}

/** The memory that a process and its descendants hold now, in bytes: pages they share count once for each of them. Null where the system does not tell. */
export function treeMemory(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  return [pid, ...descendantsOf(pid).map((child) => child.pid)].reduce((sum, each) => sum + residentBytes(each), 0);
}

function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** The living processes whose environment holds `text`. Linux only: elsewhere nobody but the process itself can tell. */
export function processesWithEnvironment(text: string): number[] {
  if (process.platform !== 'linux') return [];
  return procPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text) && identifyProcess(pid) !== null;
    } catch {
      return false; // it has ended meanwhile, or belongs to somebody else
    }
  });
}

function isDead(entry: ProcessEntry): boolean {
  return entry.state === 'Z' || entry.state === 'X';
}

function readEntry(pid: number): ProcessEntry | null {
  if (process.platform !== 'linux') return psEntries(['-p', String(pid)])[0] ?? null;
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

function allEntries(): ProcessEntry[] {
  if (process.platform !== 'linux') return psEntries(['-ax']);
  return procPids().flatMap((pid) => readEntry(pid) ?? []);
}

function procPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The second field is the program's name in parentheses and may itself hold spaces and parentheses; the fields after it are safe to split. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, state: fields[0] ?? 'X', parent: Number(fields[1]), group: Number(fields[2]), start: `${bootId()}-${fields[19] ?? ''}` };
}

/** The start time counts ticks since the boot, so it names a process only together with the boot. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
}

/** macOS and the BSDs have no /proc. This form has not been proven on a real machine. */
function psEntries(selection: readonly string[]): ProcessEntry[] {
  return ps([...selection, '-o', 'pid=,ppid=,pgid=,state=,lstart='])
    .split('\n')
    .flatMap((line) => {
      const [pid, parent, group, state, ...start] = line.trim().split(/\s+/);
      if (pid === undefined || parent === undefined || group === undefined || state === undefined) return [];
      return [{ pid: Number(pid), parent: Number(parent), group: Number(group), state: state.slice(0, 1), start: start.join('_') }];
    });
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5_000 });
  } catch {
    return ''; // ps exits with 1 when it finds nothing
  }
}
