import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import type { Sql } from 'postgres';

const NAME = /^boocode-(\d+)$/;
const DEAD_OWNER_MS = 3_000;

/** The name under which a connection that holds the lock is seen by others. */
export function homeLockName(): string {
  return `boocode-${process.pid}`;
}

/** Makes this process the only BooCode of its home; `connection` must be a pool of one that nothing else uses. The lock ends with it. */
export async function takeHomeLock(connection: Sql, home: string): Promise<void> {
  const key = lockKey(home);
  const deadline = Date.now() + DEAD_OWNER_MS;
  for (;;) {
    const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(${key}::bigint) as taken`;
    if (row?.taken === true) return;
    const owner = await findOwner(connection, key);
    // The server notices within moments that a killed owner's connection is gone.
    const mayBeDead = owner === null || identifyProcess(owner) === null;
    if (!mayBeDead || Date.now() > deadline) throw conflict(home, owner);
    await sleep(20);
  }
}

function conflict(home: string, owner: number | null): BooError {
  const who = owner === null ? 'another BooCode' : `another BooCode (pid ${owner})`;
  return new BooError('conflict', `Cannot start BooCode: ${who} already uses "${home}"; open it with \`boocode open\` or stop it with \`boocode stop\``, {
    details: { pid: owner },
  });
}

/** A home is a folder of one machine: hosts that share a PostgreSQL may have homes of the same name. */
function lockKey(home: string): string {
  return createHash('sha256').update(`${hostname()}\0${home}`).digest().readBigInt64BE(0).toString();
}

async function findOwner(connection: Sql, key: string): Promise<number | null> {
  const [row] = await connection<{ application_name: string }[]>`
    select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::bigint << 32 | l.objid::bigint) = ${key}::bigint`;
  const pid = NAME.exec(row?.application_name ?? '')?.[1];
  return pid === undefined ? null : Number(pid);
}
