import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGuardian } from '@boocode/processes/guardian.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StorageProblem } from './db-errors.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';
import { openDatabase, type Database, type OpenDatabaseOptions } from './open-database.ts';
import { nobodyAccount } from './postgres-account.ts';
import { readPostmaster } from './postmaster-file.ts';

const HOLDER = fileURLToPath(new URL('../../test/fixtures/hold-database.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Each test starts several programs and servers; on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const log = { info: () => {}, warn: () => {} };

let base = '';
/** A home that has been used and closed; making one takes most of a second, copying one does not. */
let prepared = '';
let migrations = '';
let home = '';
let number = 0;
const holders: ChildProcess[] = [];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'boocode-db-')));
  await chmod(base, 0o755);
  prepared = join(base, 'prepared');
  migrations = join(base, 'migrations');
  await mkdir(migrations);
  await writeFile(join(migrations, '0001_numbers.sql'), 'create table numbers (n integer primary key);');
  await (await open(prepared))[Symbol.asyncDispose]();
});
afterAll(() => rm(base, { recursive: true, force: true }));

beforeEach(async () => {
  home = join(base, `home-${(number += 1)}`);
  await cp(prepared, home, { recursive: true, preserveTimestamps: true });
});
afterEach(async () => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  const left = await readPostmaster(join(home, 'postgres'));
  if (left !== null) process.kill(left.identity.pid, 'SIGQUIT');
  while (left !== null && identifyProcess(left.identity.pid) !== null) await nextTurn();
});

function open(where: string, options: Partial<OpenDatabaseOptions> = {}): Promise<Database> {
  return openDatabase({ home: where, databaseUrl: null, log, signal: new AbortController().signal, onProblem: () => {}, migrations, ...options });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

interface Held {
  readonly process: ChildProcess;
  readonly answer: { readonly pid?: number; readonly version?: string; readonly code?: string; readonly message?: string };
}

async function hold(where: string, options: { uid?: number; guarded?: true } = {}): Promise<Held> {
  const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const args = [HOLDER, where, migrations, ...(options.guarded === true ? ['guarded'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/', ...identity });
  holders.push(child);
  const [line] = await once(child.stdout, 'data');
  return { process: child, answer: JSON.parse(String(line)) };
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (identifyProcess(pid) !== null) await nextTurn();
}

it('openDatabase() makes a home, opens it again, and stops its server when disposed', async () => {
  const fresh = join(base, 'fresh');
  const first = await open(fresh);
  const pid = first.pid ?? 0;
  await first.sql`insert into numbers values (1)`;
  expect({ kind: first.kind, version: first.version.split('.')[0] }).toEqual({ kind: 'embedded', version: '18' });
  expect(await first.sql`select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'listen_addresses') order by name`).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'listen_addresses', setting: '' },
  ]);
  await first[Symbol.asyncDispose]();
  expect(identifyProcess(pid)).toBeNull();
  await using second = await open(fresh);
  expect(await second.sql`select n, count(*) over () as total from numbers`).toEqual([{ n: 1, total: 1 }]);
});

it('openDatabase() refuses a second BooCode of a home and names the first', async () => {
  await using first = await open(home);
  const { answer } = await hold(home);
  expect(answer).toEqual({
    code: 'conflict',
    message: `BooError: Cannot start BooCode: another BooCode (pid ${process.pid}) already uses "${home}"; open it with \`boocode open\` or stop it with \`boocode stop\``,
  });
  expect(await first.sql`select 1 as one`).toEqual([{ one: 1 }]);
});

it('openDatabase() lets one of two win that start a fresh home at the same time', async () => {
  const fresh = join(base, 'contested');
  const answers = (await Promise.all([hold(fresh), hold(fresh)])).map((held) => held.answer);
  expect(answers.map((answer) => answer.code ?? 'open').sort()).toEqual(['conflict', 'open']);
  const winner = answers.find((answer) => answer.code === undefined);
  expect((await readPostmaster(join(fresh, 'postgres')))?.identity.pid).toBe(winner?.pid);
  home = fresh;
});

it('openDatabase() attaches to the server that a killed BooCode has left', async () => {
  const first = await hold(home);
  await kill(first.process.pid ?? 0);
  await using second = await open(home);
  expect(second.pid).toBe(first.answer.pid);
  const owner = (await readFile(join(home, 'run', 'postgres.pid'), 'utf8')).split(' ');
  expect([Number(owner[0]), Number(owner[2])]).toEqual([second.pid, process.pid]);
});

it('the guardian stops the server in good order when BooCode has been killed', async () => {
  const held = await hold(home, { guarded: true });
  const before = performance.now();
  await kill(held.process.pid ?? 0);
  while (identifyProcess(held.answer.pid ?? 0) !== null) await nextTurn();
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(await readFile(join(home, 'run', 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/);
});

it('openDatabase() opens while the guardian of a killed BooCode is stopping the server', async () => {
  for (let round = 0; round < 2; round += 1) {
    const held = await hold(home, { guarded: true });
    await kill(held.process.pid ?? 0);
    await using guardian = await startGuardian({ runDir: join(home, 'run') });
    await using database = await open(home);
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
    expect(identifyProcess(guardian.pid)).not.toBeNull();
  }
});

it('openDatabase() brings a killed server back without losing an acknowledged commit', async () => {
  const problems: (StorageProblem | null)[] = [];
  await using database = await open(home, { onProblem: (problem) => problems.push(problem) });
  const acknowledged = new Set<number>();
  let next = 0;
  let isWriting = true;
  async function write(): Promise<void> {
    while (isWriting) {
      const n = (next += 1);
      await database.sql`insert into numbers values (${n})`.then(() => acknowledged.add(n), nextTurn);
    }
  }
  const writers = Array.from({ length: 8 }, write);
  for (let round = 1; round <= 2; round += 1) {
    const before = acknowledged.size;
    while (acknowledged.size < before + 200) await nextTurn();
    await kill(database.pid ?? 0);
    while (problems.filter((problem) => problem === null).length < round) await nextTurn();
  }
  isWriting = false;
  await Promise.all(writers);
  const kept = new Set((await database.sql<{ n: number }[]>`select n from numbers`).map((row) => row.n));
  expect([...acknowledged].filter((n) => !kept.has(n))).toEqual([]);
  expect(problems.map((problem) => problem?.code ?? null)).toEqual(['storage_unavailable', null, 'storage_unavailable', null]);
});

it('openDatabase() starts over the pid file of a dead server whose pid another program has now, or a zombie', async () => {
  const stranger = spawn('sleep', ['100'], { stdio: 'ignore' });
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 100'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(parent.stdout, 'data');
  for (const pid of [stranger.pid, Number(line)]) {
    const held = await hold(home);
    await kill(held.process.pid ?? 0);
    await kill(held.answer.pid ?? 0);
    const file = join(home, 'postgres', 'postmaster.pid');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [pid, ...lines.slice(1)].join('\n'));
    await writeFile(join(home, 'run', '.s.PGSQL.5432.lock'), [pid, ...lines.slice(1)].join('\n'));
    const database = await open(home);
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await database[Symbol.asyncDispose]();
  }
  stranger.kill('SIGKILL');
  parent.kill('SIGKILL');
});

it('openDatabase() works in a home that lies too deep for a socket', async () => {
  const deep = join(base, 'deep', 'x'.repeat(120));
  await mkdir(join(base, 'deep'));
  await cp(prepared, deep, { recursive: true });
  await using database = await open(deep);
  const folder = new URL(database.connectionString).searchParams.get('host') ?? '';
  expect(folder).toMatch(/^\/tmp\/boocode-\d+-[0-9a-f]{12}$/);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('openDatabase() leaves a folder alone that is not ours', async () => {
  await rm(join(home, 'postgres', 'boocode.json'));
  await expect(open(home)).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: `Cannot open the database in "${join(home, 'postgres')}": the folder was not made by BooCode; set BOOCODE_HOME to another folder, or DATABASE_URL to a PostgreSQL 15 or newer`,
  });
});

it('openDatabase() refuses the data of another major version', async () => {
  await writeFile(join(home, 'postgres', 'PG_VERSION'), '17\n');
  await expect(open(home)).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: expect.stringContaining('it was made by PostgreSQL 17 and this BooCode brings 18; start the BooCode that made it, or set BOOCODE_HOME'),
  });
});

it.runIf(isRoot)('openDatabase() works for a normal user', async () => {
  const theirs = join(base, 'theirs');
  await mkdir(theirs, { mode: 0o700 });
  await chown(theirs, 65_534, 65_534);
  const { answer, process: holder } = await hold(theirs, { uid: 65_534 });
  expect(answer).toEqual({ pid: expect.any(Number), version: expect.stringMatching(/^18/) });
  expect((await stat(join(theirs, 'postgres'))).uid).toBe(65_534);
  const gone = once(holder, 'exit');
  holder.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  expect(identifyProcess(answer.pid ?? 0)).toBeNull();
  // root later finds data of that user and runs its server as that user
  await using database = await open(theirs);
  expect((await stat(`/proc/${database.pid}`)).uid).toBe(65_534);
});

it.runIf(isRoot)('openDatabase() works for a user without a name', async () => {
  const theirs = join(base, 'nameless');
  await mkdir(theirs, { mode: 0o700 });
  await chown(theirs, 54_321, 54_321);
  const { answer, process: holder } = await hold(theirs, { uid: 54_321 });
  expect(answer).toEqual({ pid: expect.any(Number), version: expect.stringMatching(/^18/) });
  const gone = once(holder, 'exit');
  holder.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
});

it.runIf(isRoot)('EmbeddedPostgres runs as nobody where namespaces are forbidden', async () => {
  const closed = join(base, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const server = await EmbeddedPostgres.start({ home: closed, log, signal: new AbortController().signal, account: nobodyAccount() });
  const data = await realpath(join(closed, 'postgres'));
  const sockets = new URL(server.connectionString).searchParams.get('host') ?? '';
  expect({ uid: (await stat(`/proc/${server.pid}`)).uid, data: data.startsWith('/var/lib/boocode/') }).toEqual({ uid: 65_534, data: true });
  await server.stop();
  const database = await open(closed);
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
  await database[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
  await expect(stat(sockets)).rejects.toThrow('ENOENT');
});
