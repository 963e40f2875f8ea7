import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApp } from '../app.ts';
import { registerRoutes } from '../http/register-route.ts';
import { openDoor, type Devices, type Door } from './door.ts';
import { hashSecret } from './secret.ts';

const MINUTE_MS = 60_000;
const TOKEN = 'own-token-0123456789-0123456789-0123456789';

let clock: number;
let door: Door;
let devices: MemoryDevices;
let app: FastifyInstance;

beforeEach(async () => {
  clock = 1_000_000;
  devices = new MemoryDevices();
  door = openDoor({ token: TOKEN, devices, url: () => 'http://127.0.0.1:9500', now: () => clock });
  app = await buildApp({
    log: pino({ level: 'silent' }),
    version: '1',
    allowedHosts: () => new Set(['localhost:80']),
    tokens: door.tokens,
    webRoot: null,
    bodyLimitBytes: 10_000,
  });
  registerRoutes(app, door.handlers);
});
afterEach(() => app.close());

describe('a one-time code', () => {
  it('is exchanged once for a device token that opens the API', async () => {
    const code = codeOf(door.makeLink());
    const first = await exchange(code);
    expect(first.statusCode).toBe(200);
    const { token } = first.json();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(await door.tokens.isKnownToken(token)).toBe(true);
    const second = await exchange(code);
    expect([second.statusCode, second.json().error.code]).toEqual([401, 'unauthorized']);
    expect(second.json().error.message).toContain('boocode open');
  });

  it('is kept nowhere, and its token only as a hash, with the name of the browser', async () => {
    const { token } = (await exchange(codeOf(door.makeLink()))).json();
    expect(devices.rows).toEqual([{ id: expect.any(String), tokenHash: hashSecret(token), name: 'test browser' }]);
    expect(JSON.stringify(devices.rows)).not.toContain(token);
  });

  it('is good for 10 minutes', async () => {
    const [inTime, tooLate] = [codeOf(door.makeLink()), codeOf(door.makeLink())];
    clock += 10 * MINUTE_MS - 1;
    expect((await exchange(inTime)).statusCode).toBe(200);
    clock += 1;
    expect((await exchange(tooLate)).statusCode).toBe(401);
  });

  it('is one of 32 at most: the oldest gives way', async () => {
    const codes = Array.from({ length: 33 }, () => codeOf(door.makeLink()));
    expect((await exchange(codes[0] ?? '')).statusCode).toBe(401);
    expect((await exchange(codes[1] ?? '')).statusCode).toBe(200);
    expect((await exchange(codes[32] ?? '')).statusCode).toBe(200);
  });

  it('is made over HTTP by whoever has a token', async () => {
    const refused = await app.inject({ method: 'POST', url: '/api/auth/codes' });
    expect(refused.statusCode).toBe(401);
    const answer = await app.inject({ method: 'POST', url: '/api/auth/codes', headers: { authorization: `Bearer ${TOKEN}` } });
    expect([answer.statusCode, answer.json().url]).toEqual([201, `http://127.0.0.1:9500/#code=${answer.json().code}`]);
    expect((await exchange(answer.json().code)).statusCode).toBe(200);
  });

  it('cannot be guessed in a hurry', async () => {
    const code = codeOf(door.makeLink());
    for (let i = 0; i < 10; i++) expect((await exchange(`wrong-${i}`)).statusCode).toBe(401);
    const limited = await exchange(code);
    expect([limited.statusCode, limited.json().error.code]).toEqual([429, 'too_many_attempts']);
    expect(limited.json().error.message).toContain('wait 60 seconds');
    clock += MINUTE_MS;
    expect((await exchange(code)).statusCode).toBe(200);
  });
});

describe('a token', () => {
  it("is the server's own or a device's", async () => {
    expect(await door.tokens.isKnownToken(TOKEN)).toBe(true);
    for (const token of ['', 'x', `${TOKEN}x`, hashSecret(TOKEN)]) expect(await door.tokens.isKnownToken(token)).toBe(false);
  });

  it('of a device asks the database once in a while, not with each request', async () => {
    const { token } = (await exchange(codeOf(door.makeLink()))).json();
    for (let i = 0; i < 5; i++) await door.tokens.isKnownToken(token);
    expect([devices.finds, devices.touches]).toEqual([1, 1]);
    clock += 6 * MINUTE_MS;
    await door.tokens.isKnownToken(token);
    expect([devices.finds, devices.touches]).toEqual([1, 2]);
  });
});

describe('a ticket', () => {
  it('opens a socket once, within 30 seconds', async () => {
    const { ticket } = await makeTicket();
    expect([door.tokens.takeTicket(ticket), door.tokens.takeTicket(ticket)]).toEqual([true, false]);
    const { ticket: late } = await makeTicket();
    clock += 30_000;
    expect(door.tokens.takeTicket(late)).toBe(false);
  });

  it('is no code and no token', async () => {
    const { ticket } = await makeTicket();
    expect((await exchange(ticket)).statusCode).toBe(401);
    expect(await door.tokens.isKnownToken(ticket)).toBe(false);
    expect(door.tokens.takeTicket(codeOf(door.makeLink()))).toBe(false);
  });
});

class MemoryDevices implements Devices {
  readonly rows: Parameters<Devices['insert']>[0][] = [];
  finds = 0;
  touches = 0;
  async insert(device: Parameters<Devices['insert']>[0]): Promise<void> {
    this.rows.push(device);
  }
  async find(tokenHash: string): Promise<string | null> {
    this.finds += 1;
    return this.rows.find((row) => row.tokenHash === tokenHash)?.id ?? null;
  }
  async touch(): Promise<void> {
    this.touches += 1;
  }
}

function exchange(code: string) {
  return app.inject({ method: 'POST', url: '/api/auth/exchange', payload: { code }, headers: { 'user-agent': 'test browser' } });
}

async function makeTicket(): Promise<{ ticket: string }> {
  return (await app.inject({ method: 'POST', url: '/api/ws-ticket', headers: { authorization: `Bearer ${TOKEN}` } })).json();
}

function codeOf(link: string): string {
  return link.split('#code=')[1] ?? '';
}
