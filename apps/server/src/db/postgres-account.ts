import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

/** As whom PostgreSQL runs. It refuses root: then its programs are started through `prefix`, or as another user. */
export interface PostgresAccount {
  /** Words before the program's name. */
  readonly prefix: readonly string[];
  /** The user who must own the data; null = ours. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** In a user namespace of its own a process of root sees itself as nobody, yet reaches root's private folders, and nothing is left behind. */
const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
const NOBODY = 65_534;

/** Decides by the owner of existing data, so that it never changes for a folder; without data a namespace is preferred to the user nobody. */
export async function choosePostgresAccount(data: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { prefix: hasName() ? [] : NAMESPACE, owner: null };
  const existing = await stat(data).catch(() => null);
  if (existing !== null && existing.uid !== 0) return { prefix: [], owner: { uid: existing.uid, gid: existing.gid } };
  if (existing !== null || (await namespacesWork())) return { prefix: NAMESPACE, owner: null };
  return nobodyAccount();
}

/** initdb refuses a user without a name too (a container that was given a mere number). */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

export function nobodyAccount(): PostgresAccount {
  return { prefix: [], owner: { uid: NOBODY, gid: NOBODY } };
}

async function namespacesWork(): Promise<boolean> {
  const [command = '', ...args] = NAMESPACE;
  return promisify(execFile)(command, [...args, 'true'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}
