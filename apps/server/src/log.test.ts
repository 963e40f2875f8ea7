import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BooError } from '@boocode/contracts/error-code.ts';
import { createLog } from './log.ts';

const SECRET = 'quote"in-a-secret';

let folder: string;
let shown: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boocode-log-'));
  shown = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes JSON lines to the file and short lines for people', async () => {
  open().info({ port: 9500, home: '/h' }, 'listening');
  const [line = ''] = (await readFile(join(folder, 'server.log'), 'utf8')).split('\n');
  expect(JSON.parse(line)).toEqual({ level: 30, time: expect.stringMatching(/Z$/), pid: process.pid, port: 9500, home: '/h', msg: 'listening' });
  expect(shown).toMatch(/^\d\d:\d\d:\d\d info {2}listening \(port: 9500, home: \/h\)\n$/);
  expect((await stat(join(folder, 'server.log'))).mode & 0o777).toBe(0o600);
});

it('says no secret, wherever it stands', async () => {
  const log = open();
  log.info(
    {
      url: '/api/ws?ticket=abc123&x=1',
      link: 'http://h/#code=abc123',
      authorization: 'Bearer abc123',
      headers: { authorization: 'abc123' },
      a: { b: { token: 'abc123' } },
    },
    `with ${SECRET}`,
  );
  log.warn({ nested: { text: `x ${SECRET} y` } }, 'Authorization: Bearer abc123');
  log.error({ err: new Error('postgres://user:abc123@host/db', { cause: new BooError('internal', 'key sk-abc123abc123abc123') }) }, 'failed');
  const written = await readFile(join(folder, 'server.log'), 'utf8');
  for (const text of [written, shown]) {
    expect(text).not.toContain('abc123');
    expect(text).not.toContain('in-a-secret');
    expect(text).toContain('[secret]');
  }
  for (const line of written.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  expect(written).toContain('postgres://user:[secret]@host/db');
});

it('learns secrets while it runs', async () => {
  const secrets = new Set<string>();
  const log = createLog({ folder, stderr: null, secrets });
  secrets.add('made-after-the-log');
  log.info('the token is made-after-the-log');
  expect(await readFile(join(folder, 'server.log'), 'utf8')).toContain('the token is [secret]');
});

it('keeps what a library hangs on its errors out', async () => {
  open().error({ err: Object.assign(new Error('broken'), { code: '22001', parameters: ['the prompt'], query: 'insert' }) }, 'failed');
  const written = await readFile(join(folder, 'server.log'), 'utf8');
  expect(written).not.toContain('the prompt');
  expect(JSON.parse(written)).toMatchObject({ err: { message: 'broken', code: '22001', stack: expect.stringContaining('log.test') } });
  expect(shown).toBe(`${shown.slice(0, 8)} error failed (broken)\n`);
});

it('puts a large log of earlier runs aside', async () => {
  await writeFile(join(folder, 'server.log'), 'x'.repeat(11 * 1024 * 1024));
  open().info('fresh');
  expect((await stat(join(folder, 'server.log'))).size).toBeLessThan(1_000);
  expect((await stat(join(folder, 'server.log.1'))).size).toBe(11 * 1024 * 1024);
});

it('goes on without a file it cannot open', () => {
  const log = createLog({ folder: join(folder, 'missing'), stderr: { write: (text: string) => (shown += text) }, secrets: new Set() });
  log.info('still here');
  expect(shown).toContain('still here');
});

function open() {
  return createLog({ folder, stderr: { write: (text: string) => (shown += text) }, secrets: new Set([SECRET]) });
}
