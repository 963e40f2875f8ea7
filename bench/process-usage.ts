import { readdirSync, readFileSync } from 'node:fs';

/** What /proc counts CPU time in, on every Linux that Node runs on. */
const TICK_MS = 10;

export interface Memory {
  readonly rssMb: number;
  /** Shared pages divided among those who share them. */
  readonly pssMb: number;
}

/** CPU time of a process with all its threads, user and system, in ms (steps of 10). */
export function cpuMs(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN) / 1_024;
  return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss') };
}

/** A process and all that came from it. */
export function memoryOfTree(pid: number): Memory & { readonly processes: number } {
  const all = treeOf(pid).map(memoryOf);
  const sum = (key: keyof Memory): number => all.reduce((total, memory) => total + memory[key], 0);
  return { rssMb: sum('rssMb'), pssMb: sum('pssMb'), processes: all.length };
}

export function cpuMsOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + cpuMs(member), 0);
}

function treeOf(root: number): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
  const belongs = (pid: number | undefined): boolean => pid !== undefined && pid > 1 && (pid === root || belongs(parents.get(pid)));
  return pids.filter(belongs);
}

function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return 0; // gone since the folder was read
  }
}

/** The fields after the name, which may hold spaces and parentheses: state, parent, ... */
function statOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
