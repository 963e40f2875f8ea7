import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcesses } from './end-processes.ts';
import { identifyProcess, identifyProcessOrZombie, isAlive, isOfThisBoot, type ProcessIdentity } from './process-table.ts';

const GRACE_MS = 1_500;

/** The variable that marks every child, so that one which leaves its process group is still known as ours. */
export const CHILD_MARK = 'BOO_CHILD';

interface GroupRecord {
  readonly file: string;
  readonly leader: ProcessIdentity;
  readonly owner: ProcessIdentity;
}

/**
 * The process groups this server has started, one small file each ("<pid> <start> <owner's pid> <owner's start>"), so that the guardian or
 * the next server can end what a killed one left behind. Several servers may use one directory: everybody ends only what belongs to the dead.
 */
export class ProcessRegistry {
  readonly #directory: string;
  readonly #owner: ProcessIdentity;

  constructor(directory: string) {
    this.#directory = directory;
    this.#owner = identifyProcess(process.pid) ?? { pid: process.pid, start: '' };
  }

  /** A value for `CHILD_MARK`, different for each child. */
  newMark(): string {
    return `${ownerMark(this.#owner)}${randomUUID().slice(0, 8)}`;
  }

  /** Synchronous: between the start of a process and its record there must be as little as possible. */
  add(pid: number): void {
    const leader = identifyProcessOrZombie(pid);
    if (leader === null) return;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const file = join(this.#directory, String(pid));
    writeFileSync(`${file}.part`, `${leader.pid} ${leader.start} ${this.#owner.pid} ${this.#owner.start}\n`, { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }

  remove(pid: number): void {
    rmSync(join(this.#directory, String(pid)), { force: true });
  }

  /** Ends the groups that servers which are dead by now have left, with what left those groups. Returns how many groups that were. */
  async endLeftovers(): Promise<number> {
    const records = this.#records().filter((record) => !isAlive(record.owner));
    const ours = records.filter((record) => isOfThisBoot(record.leader) && isStillLeader(record.leader));
    const marks = new Set(records.filter((record) => isOfThisBoot(record.owner)).map((record) => `${CHILD_MARK}=${ownerMark(record.owner)}`));
    await endProcesses({ groups: ours.map((record) => record.leader.pid), marks: [...marks], graceMs: GRACE_MS });
    for (const record of records) rmSync(record.file, { force: true });
    return ours.length;
  }

  /** Ends everything this server has started and that still lives, also what has left its group and was let be until now. */
  async endOwn(): Promise<void> {
    const records = this.#records().filter((record) => record.owner.pid === this.#owner.pid && record.owner.start === this.#owner.start);
    const groups = records.map((record) => record.leader.pid);
    await endProcesses({ groups, marks: [`${CHILD_MARK}=${ownerMark(this.#owner)}`], graceMs: GRACE_MS });
    for (const record of records) rmSync(record.file, { force: true });
  }

  #records(): GroupRecord[] {
    return listFiles(this.#directory).flatMap((name) => {
      const file = join(this.#directory, name);
      const [pid, start, ownerPid, ownerStart] = readText(file).trim().split(' ');
      if (pid === undefined || start === undefined || ownerPid === undefined || ownerStart === undefined) return [];
      return [{ file, leader: { pid: Number(pid), start }, owner: { pid: Number(ownerPid), start: ownerStart } }];
    });
  }
}

function ownerMark(owner: ProcessIdentity): string {
  return `${owner.pid}.${owner.start}.`;
}

/** While a group has members the kernel gives its number to nobody else; when another process has it, the group is gone. */
function isStillLeader(leader: ProcessIdentity): boolean {
  const now = identifyProcess(leader.pid);
  return now === null || now.start === leader.start;
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // nothing has been started yet
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // removed meanwhile
  }
}
