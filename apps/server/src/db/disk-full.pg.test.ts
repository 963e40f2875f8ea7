import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, open as openFile, realpath, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, afterAll, beforeEach, expect, it, vi } from 'vitest';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import { isStorageFailure, type StorageProblem } from './db-errors.ts';
import { openDatabase, type Database } from './open-database.ts';
import { readPostmaster } from './postmaster-file.ts';

/** The servers of these tests are busy with a full disk. */
vi.setConfig({ testTimeout: 60_000 });

const log = { info: () => {}, warn: () => {} };

let base = '';
let disk = '';
let migrations = '';
/** Making a small disk needs root and a kernel that lets us. */
const canMount = process.getuid?.() === 0 && tryMount();

function asRoot(line: string): void {
  const [program = '', ...args] = line.split(' ');
  execFileSync(program, args, { stdio: 'ignore' });
}

function tryMount(): boolean {
  try {
    asRoot('unshare --mount mount -t tmpfs tmpfs /mnt');
    return true;
  } catch {
    return false; // the tests are skipped then
  }
}

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'boocode-disk-')));
  migrations = join(base, 'migrations');
  disk = join(base, 'disk');
  await mkdir(migrations);
  await mkdir(disk);
  await writeFile(join(migrations, '0001_notes.sql'), 'create table notes (n integer primary key, text text not null);');
  if (canMount) await (await open(join(base, 'prepared'), () => {}))[Symbol.asyncDispose]();
});
beforeEach(async (test) => {
  if (!canMount) return test.skip('a small disk cannot be mounted here (not root)');
  asRoot(`mount -t tmpfs -o size=110m,mode=0700 tmpfs ${disk}`);
  await cp(join(base, 'prepared'), join(disk, 'home'), { recursive: true });
});
afterEach(async () => {
  const left = await readPostmaster(join(disk, 'home', 'postgres'));
  if (left !== null) process.kill(left.identity.pid, 'SIGKILL');
  asRoot(`umount --lazy ${disk}`);
});
afterAll(() => rm(base, { recursive: true, force: true }));

function open(home: string, onProblem: (problem: StorageProblem | null) => void): Promise<Database> {
  return openDatabase({ home, databaseUrl: null, log, signal: new AbortController().signal, onProblem, migrations });
}

/** Takes every free byte of the disk. */
async function fill(): Promise<void> {
  const file = await openFile(join(disk, 'filler'), 'a');
  for (let size = 1 << 20; size >= 1 << 12; size >>= 1) {
    const block = Buffer.alloc(size, 1);
    while (
      await file.write(block).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false,
      )
    );
  }
  await file.close();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

it('openDatabase() says in one sentence that the disk is full', async () => {
  const home = join(disk, 'home');
  await fill();
  const before = performance.now();
  await expect(open(home, () => {})).rejects.toMatchObject({
    code: 'storage_full',
    message: `Cannot start the database in "${home}/postgres": the disk is full; free some space, then start again`,
  });
  await expect(open(join(disk, 'new'), () => {})).rejects.toMatchObject({ code: 'storage_full' });
  expect(performance.now() - before).toBeLessThan(10_000);
  await rm(join(disk, 'filler'));
  await using database = await open(home, () => {});
  expect(await database.sql`select count(*) as count from notes`).toEqual([{ count: 0 }]);
});

it('a disk that fills while BooCode runs is a banner, loses nothing acknowledged, and is over when there is room', async () => {
  const problems: (StorageProblem | null)[] = [];
  await using database = await open(join(disk, 'home'), (problem) => problems.push(problem));
  const acknowledged: number[] = [];
  const failures: unknown[] = [];
  let n = 0;
  async function write(): Promise<void> {
    n += 1;
    await database.sql`insert into notes select ${n}, string_agg(md5(random()::text || g), '') from generate_series(1, 4000) g`.then(
      () => acknowledged.push(n),
      (error: unknown) => failures.push(error),
    );
  }
  for (let count = 0; count < 5; count += 1) await write();
  await fill();
  while (failures.length < 3 || !problems.some((problem) => problem?.code === 'storage_full')) await write().then(nextTurn);
  expect(failures.filter((error) => !isStorageFailure(error))).toEqual([]);
  await rm(join(disk, 'filler'));
  const { bavail, bsize } = await statfs(disk);
  expect(bavail * bsize).toBeGreaterThan(20 << 20);
  const soFar = acknowledged.length;
  while (acknowledged.length === soFar || problems.at(-1) !== null) await write().then(nextTurn);
  const kept = new Set((await database.sql<{ n: number }[]>`select n from notes`).map((row) => row.n));
  expect(acknowledged.filter((number) => !kept.has(number))).toEqual([]);
});

it('a database server that stops because its log cannot be written is started again when there is room', async () => {
  const problems: (StorageProblem | null)[] = [];
  await using database = await open(join(disk, 'home'), (problem) => problems.push(problem));
  await database.sql`insert into notes values (1, 'kept')`;
  const pid = database.pid ?? 0;
  await fill();
  const useLog = () => database.sql`with written as (update notes set text = text || 'x' returning 1) select pg_switch_wal() from written`.catch(nextTurn);
  while (identifyProcess(pid) !== null || !problems.some((problem) => problem?.text.includes('the database has stopped') === true)) await useLog();
  await rm(join(disk, 'filler'));
  while (problems.at(-1) !== null) await nextTurn();
  expect(await database.sql`insert into notes values (2, 'new') returning (select left(text, 4) from notes where n = 1) as first`).toEqual([{ first: 'kept' }]);
  expect(database.pid).not.toBe(pid);
  expect(problems.map((problem) => problem?.code ?? null)).toEqual(expect.arrayContaining(['storage_unavailable', 'storage_full', null]));
}, 120_000);
