import type { FileStatus } from '@boocode/contracts/project-file.ts';

export interface GitStatus {
  /** By path; a folder stands for everything in it and ends with a slash. */
  readonly statuses: ReadonlyMap<string, FileStatus>;
  readonly ignored: readonly string[];
}

/** From strong to weak: what a folder shows of its files. */
const STRENGTH: readonly FileStatus[] = ['U', 'M', 'D', 'A', 'R', '?'];

/** Reads the records of `git status --porcelain=v1 -z --no-renames`; paths become relative to `prefix`, those outside it are left out. */
export function parseStatus(records: readonly string[], prefix: string): GitStatus {
  const statuses = new Map<string, FileStatus>();
  const ignored: string[] = [];
  const start = prefix === '' ? '' : `${prefix}/`;
  for (const record of records) {
    const path = record.slice(3);
    // A folder that is untracked or ignored with the whole project in it stands for all of the project.
    const own = path.startsWith(start) ? path.slice(start.length) : start.startsWith(path) ? '' : null;
    if (own === null) continue;
    if (record.startsWith('!!')) ignored.push(own);
    else statuses.set(own, letterOf(record.slice(0, 2)));
  }
  return { statuses, ignored };
}

/** The status of a file, or the strongest of what is in a folder. */
export function statusOf(status: GitStatus, path: string, isFolder: boolean): FileStatus | null {
  const found = [...status.statuses].filter(([known]) => known === path || covers(known, path) || (isFolder && known.startsWith(`${path}/`)));
  return STRENGTH.find((letter) => found.some(([, own]) => own === letter)) ?? null;
}

export function isIgnored(status: GitStatus, path: string): boolean {
  return status.ignored.some((known) => known === path || covers(known, path));
}

function covers(known: string, path: string): boolean {
  return known === '' || (known.endsWith('/') && `${path}/`.startsWith(known));
}

function letterOf(code: string): FileStatus {
  if (code === '??') return '?';
  if (code.includes('U') || code === 'AA' || code === 'DD') return 'U';
  for (const letter of ['R', 'A', 'D'] as const) if (code.includes(letter)) return letter;
  return 'M';
}
