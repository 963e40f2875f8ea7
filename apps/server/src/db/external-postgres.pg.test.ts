import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertConnectionString, assertSupportedVersion } from './external-postgres.ts';
import { openDatabase, type Database } from './open-database.ts';
import { choosePostgresAccount } from './postgres-account.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const OLDEST_BINARIES = '/usr/lib/postgresql/15/bin';
const log = { info: () => {}, warn: () => {} };

let home = '';
let database: TestDatabase;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'boocode-external-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function open(databaseUrl: string): Promise<Database> {
  return openDatabase({ home, databaseUrl, log, signal: new AbortController().signal, onProblem: () => {} });
}

/** Host, user and so on of the test server, changed. */
function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

async function refusal(databaseUrl: string): Promise<{ code: unknown; message: string; seconds: number }> {
  const before = performance.now();
  const error: unknown = await open(databaseUrl).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new TypeError('it was opened');
  return { code: 'code' in error ? error.code : null, message: error.message, seconds: Math.floor((performance.now() - before) / 1000) };
}

it('openDatabase() uses the database of DATABASE_URL, and refuses a second BooCode of the same home there too', async () => {
  await using first = await open(database.url);
  expect({ kind: first.kind, pid: first.pid }).toEqual({ kind: 'external', pid: null });
  expect(await first.sql`select count(*) > 0 as migrated from schema_migrations`).toEqual([{ migrated: true }]);
  expect(await refusal(database.url)).toMatchObject({ code: 'conflict', message: expect.stringContaining(`(pid ${process.pid}) already uses "${home}"`) });
});

it('openDatabase() says that the password is wrong, without repeating it', async () => {
  const { code, message } = await refusal(changed((url) => (url.password = 'not-this-one')));
  expect(code).toBe('storage_unavailable');
  expect(message).toMatch(/^Cannot open the database at ".*": user "boocode" was refused \(wrong password\?\); correct the user and password in DATABASE_URL$/);
  expect(message).not.toContain('not-this-one');
});

it('openDatabase() says that there is no such database', async () => {
  const { message } = await refusal(changed((url) => (url.pathname = '/nowhere')));
  expect(message).toMatch(/\/nowhere": there is no such database; create it, or correct its name in DATABASE_URL$/);
});

it('openDatabase() says that nothing listens, or that the name is not known', async () => {
  expect((await refusal('postgres://a:b@127.0.0.1:1/c')).message).toBe(
    'Cannot open the database at "127.0.0.1:1/c": nothing listens there; check DATABASE_URL and that the server runs, or remove DATABASE_URL to use the built-in database',
  );
  expect((await refusal('postgres://a:b@no-such-host.invalid/c')).message).toMatch(/the name "no-such-host.invalid" is not known; check DATABASE_URL/);
});

it('openDatabase() gives up within 10 seconds on a host that never answers', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { message, seconds, code } = await refusal(`postgres://a:b@127.0.0.1:${portOf(silent.address())}/c`);
  expect({ code, isInTime: seconds < 8 }).toEqual({ code: 'storage_unavailable', isInTime: true });
  expect(message).toContain('no answer within 5 seconds; check DATABASE_URL');
  silent.close();
});

it('openDatabase() says that what listens closes the connection', async () => {
  const proxy = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `postgres://a:b@127.0.0.1:${portOf(proxy.address())}/c`;
  expect(await refusal(url)).toMatchObject({
    seconds: 0,
    message: expect.stringContaining('it accepts connections and closes them at once; check DATABASE_URL'),
  });
  expect(await refusal(`${url}?sslmode=require`)).toMatchObject({
    seconds: 0,
    message: expect.stringContaining('it accepts connections and closes them at once'),
  });
  proxy.close();
});

it('openDatabase() leaves queries that are cancelled to PostgreSQL', async () => {
  const query = database.sql`select pg_sleep(20)`;
  const outcome = query.catch((error: unknown) => error);
  const isRunning = () => database.sql`select from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'`;
  while ((await isRunning()).length === 0);
  query.cancel();
  expect(await outcome).toMatchObject({ code: '57014' });
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
});

it('assertSupportedVersion() refuses what is older than 15', () => {
  expect(() => assertSupportedVersion(150_000, 'postgres://h/d')).not.toThrow();
  expect(() => assertSupportedVersion(140_012, 'postgres://u:secret@h/d')).toThrow(
    'Cannot use the database at "h:5432/d": it is PostgreSQL 14 and BooCode needs 15 or newer; upgrade it, or remove DATABASE_URL to use the built-in one',
  );
});

it('assertConnectionString() refuses what is none, without repeating it', () => {
  expect(() => assertConnectionString('mysql://u:secret@h/d')).toThrow(/^Cannot use DATABASE_URL: it is not of the form postgres:/);
  expect(() => assertConnectionString('postgres://h:port/d')).toThrow('not of the form');
});

it.runIf(existsSync(OLDEST_BINARIES))('openDatabase() works on PostgreSQL 15', async () => {
  const data = join(home, 'fifteen');
  const password = join(home, 'password');
  await writeFile(password, 'secret\n');
  const account = await choosePostgresAccount(data);
  const run = (program: string, ...args: string[]) => [...account.prefix, join(OLDEST_BINARIES, program), '-D', data, ...args];
  const [initdb = '', ...initdbArgs] = run('initdb', '-U', 'boocode', `--pwfile=${password}`, '--auth=scram-sha-256', '--no-sync');
  await promisify(execFile)(initdb, initdbArgs);
  const port = await freePort();
  const [postgres = '', ...args] = run('postgres', '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${home}`);
  const server = spawn(postgres, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const text of server.stderr.setEncoding('utf8')) if (String(text).includes('ready to accept connections')) break;
  const opened = await open(`postgres://boocode:secret@127.0.0.1:${port}/postgres`);
  expect(opened.version).toMatch(/^15/);
  await opened[Symbol.asyncDispose]();
  const gone = once(server, 'exit');
  server.kill('SIGINT');
  await gone;
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = portOf(probe.address());
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
