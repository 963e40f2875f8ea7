import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { api } from '@boocode/contracts/api.ts';
import { BooError, ErrorBody } from '@boocode/contracts/error-code.ts';
import { buildApp } from './app.ts';
import { listAllowedHosts } from './http/host-policy.ts';
import { registerRoute, registerRoutes } from './http/register-route.ts';

const TOKEN = 'the-token-of-this-test';
const BODY_LIMIT = 64 * 1024;
const PROJECT = { id: crypto.randomUUID(), path: '/somewhere', name: 'x', allowed_read_paths: [], createdAt: new Date().toISOString() };

let app: FastifyInstance;
let port = 0;
let webRoot: string;
const logged: string[] = [];
let tickets: Set<string>;

beforeAll(async () => {
  webRoot = await makeWebBuild();
  tickets = new Set(['good']);
  app = await buildApp({
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    version: '1.2.3',
    allowedHosts: () => listAllowedHosts({ host: '127.0.0.1', port, extra: ['box.lan:9500'], addresses: [] }),
    tokens: { isKnownToken: (token) => token === TOKEN, takeTicket: (ticket) => tickets.delete(ticket) },
    webRoot,
    bodyLimitBytes: BODY_LIMIT,
    translateError: (error) => (error instanceof LostDatabase ? new BooError('storage_unavailable', 'Cannot reach the database: it is gone') : error),
  });
  registerRoutes(app, {
    health: () => ({ status: 'ok', version: '1.2.3' }),
    createProject: ({ body }) => ({ ...PROJECT, path: body.path, secret: 'not in the contract' }),
    listTasks: ({ query }) => ({ items: [], nextCursor: `${query.limit ?? 'none'}` }),
    cancelTask: ({ params }) => {
      throw new BooError('conflict', `Cannot cancel task ${params.id}: it has already ended`);
    },
    listProviders: () => {
      throw new Error('a secret detail of a bug');
    },
    getSettings: () => {
      throw new LostDatabase();
    },
    listModels: () => JSON.parse('{"items":"nonsense"}'),
  });
  registerRoute(app, api.createTicket, () => ({ ticket: 't' }));
  app.get('/api/ws', { websocket: true }, (socket) => socket.send('hello'));
  app.get('/metrics-by-mistake', () => 'numbers');
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await app.close();
  await rm(webRoot, { recursive: true, force: true });
});

describe('the token', () => {
  it.each(['/api/tasks', '/api/openapi.json', '/api/nothing-here', '/api', '/%61pi/tasks', '/api/%74asks', '/metrics-by-mistake'])(
    'is needed for GET %s',
    async (path) => {
      const answer = await ask(path, { token: null });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(errorOf(answer)).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('boocode open') });
    },
  );

  it.each(['wrong', '', `${TOKEN}x`, TOKEN.slice(1)])('is refused when it is %j', async (token) => {
    expect((await ask('/api/tasks', { token })).status).toBe(401);
  });

  it('is not taken from a cookie, the address or another scheme', async () => {
    expect((await ask(`/api/tasks?token=${TOKEN}`, { token: null, headers: { cookie: `token=${TOKEN}` } })).status).toBe(401);
    expect((await ask('/api/tasks', { token: null, headers: { authorization: `Basic ${TOKEN}` } })).status).toBe(401);
  });

  it('opens the API, and is not needed for health and pages', async () => {
    expect((await ask('/api/tasks')).status).toBe(200);
    expect((await ask('/api/health', { token: null })).json()).toEqual({ status: 'ok', version: '1.2.3' });
    expect((await ask('/', { token: null })).status).toBe(200);
  });
});

describe('Host and Origin', () => {
  it.each(['evil.example', 'evil.example:9500', '127.0.0.1', '127.0.0.1:1', 'localhost', 'localhost.evil.example', 'box.lan', ''])(
    'refuses the Host %j',
    async (host) => {
      for (const path of ['/', '/api/health']) {
        const answer = await ask(path, { headers: { host } });
        expect(answer.status).toBe(403);
        expect(errorOf(answer).message).toContain('"allowedHosts" in config.json');
      }
    },
  );

  it('refuses a request without Host', async () => {
    expect(await raw('GET /api/health HTTP/1.0\r\n\r\n')).toContain(' 403 ');
    expect(await raw('GET /api/health HTTP/1.1\r\n\r\n')).toContain(' 400 ');
  });

  it('answers under each name of its own, with the real port', async () => {
    for (const host of [`127.0.0.1:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`, 'box.lan:9500'])
      expect((await ask('/api/health', { headers: { host } })).status).toBe(200);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'file://', 'http://localhost', 'chrome-extension://abc'])(
    'refuses the Origin %j',
    async (origin) => {
      for (const path of ['/', '/api/health']) {
        const answer = await ask(path, { headers: { origin } });
        expect(answer.status).toBe(403);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    },
  );

  it('takes its own Origin, and tells pages of others by Sec-Fetch-Site', async () => {
    expect((await ask('/api/health', { headers: { origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
    expect((await ask('/api/health', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200);
    for (const site of ['cross-site', 'same-site']) expect((await ask('/api/health', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
    expect((await ask('/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  it('refuses an absolute address in the request line', async () => {
    expect(await raw(`GET http://evil.example/api/health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)).toMatch(/ 40[034] /);
  });
});

describe('the socket', () => {
  it('opens with a token', async () => expect(await openSocket('/api/ws', { authorization: `Bearer ${TOKEN}` })).toBe('hello'));

  it('opens with a ticket, once', async () => {
    expect(await openSocket('/api/ws?ticket=good', { origin: `http://127.0.0.1:${port}` })).toBe('hello');
    expect(await openSocket('/api/ws?ticket=good', {})).toBe(401);
  });

  it.each([
    [401, '/api/ws', {}],
    [401, '/api/ws?ticket=bad', {}],
    [401, '/api/ws?ticket=a&ticket=b', {}],
    [401, '/%61pi/ws', {}],
    [403, '/api/ws', { authorization: `Bearer ${TOKEN}`, origin: 'http://evil.example' }],
    [403, '/api/ws', { authorization: `Bearer ${TOKEN}`, host: 'evil.example' }],
    [403, '/', { host: 'evil.example' }],
    [401, '/', {}],
    [401, '/some/page', {}],
    [404, '/api/nothing-here', { authorization: `Bearer ${TOKEN}` }],
    [404, '/api/health', { authorization: `Bearer ${TOKEN}` }],
  ])('answers %i to an upgrade of %s with %j', async (status, path, headers) => expect(await openSocket(path, headers)).toBe(status));

  it('keeps the ticket when a foreign page tries it', async () => {
    tickets.add('kept');
    expect(await openSocket('/api/ws?ticket=kept', { origin: 'http://evil.example' })).toBe(403);
    expect(tickets.has('kept')).toBe(true);
  });

  it('does not take a ticket for anything else', async () => {
    tickets.add('other');
    expect((await ask('/api/tasks?ticket=other', { token: null })).status).toBe(401);
  });
});

/** An app that lets everybody in who calls it "me". */
function buildOpenApp() {
  return buildApp({
    log: pino({ level: 'silent' }),
    version: '1',
    allowedHosts: () => new Set(['me']),
    tokens: { isKnownToken: () => true, takeTicket: () => false },
    webRoot: null,
    bodyLimitBytes: BODY_LIMIT,
  });
}

describe('the end', () => {
  it('does not wait for a client that says nothing', async () => {
    const silent = await buildOpenApp();
    silent.get('/api/ws', { websocket: true }, (socket) => socket.send('hello'));
    await silent.listen({ host: '127.0.0.1', port: 0 });
    const client = connect((silent.server.address() as AddressInfo).port, '127.0.0.1');
    client.write(
      'GET /api/ws HTTP/1.1\r\nHost: me\r\nAuthorization: Bearer x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n',
    );
    await once(client, 'data');
    const startedAt = performance.now();
    await silent.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    client.destroy();
  });

  it('does not wait for a connection in stock, which has not asked for anything', async () => {
    const stopping = await buildOpenApp();
    await stopping.listen({ host: '127.0.0.1', port: 0 });
    const accepted = once(stopping.server, 'connection');
    const client = connect((stopping.server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => {}); // it is cut: that is the point
    await accepted;
    await stopping.close();
    expect(stopping.server.listening).toBe(false);
    client.destroy();
  });

  it('does not keep a stopping server that refused it', async () => {
    const stopping = await buildOpenApp();
    stopping.get('/api/ws', { websocket: true }, (socket) => socket.send('hello'));
    const at = Number(new URL(await stopping.listen({ host: '127.0.0.1', port: 0 })).port);
    const ask = async (path: string) => {
      const socket = connect({ port: at, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {}); // it is cut: that is the point
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: me\r\nAuthorization: Bearer x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n`,
      );
      await once(socket, 'readable');
      return socket;
    };
    const refused = await ask('/api/elsewhere');
    const served = await ask('/api/ws');
    const closed = stopping.close();
    const late = connect({ port: at, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    late.write(
      'GET /api/ws HTTP/1.1\r\nHost: me\r\nAuthorization: Bearer x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n',
    );
    await closed;
    expect(stopping.server.listening).toBe(false);
    for (const socket of [refused, served, late]) socket.destroy();
  }, 5_000);
});

describe('what is sent', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp', ''])(
    'must be JSON, not %j',
    async (type) => {
      const answer = await ask('/api/projects', { method: 'POST', body: '{"path":"/x"}', headers: { 'content-type': type } });
      expect(answer.status).toBe(415);
      expect(errorOf(answer)).toMatchObject({ code: 'unsupported_media_type', message: expect.stringContaining('application/json') });
    },
  );

  it('has a size limit, also without a length', async () => {
    const body = JSON.stringify({ path: 'x'.repeat(BODY_LIMIT) });
    const answer = await post('/api/projects', body);
    expect([answer.status, errorOf(answer).code]).toEqual([413, 'too_large']);
    const head = `POST /api/projects HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await raw(`${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)).toContain(' 413 ');
  });

  it.each(['{', '{"path":', 'nonsense', '{"path":"/x"} x', '"'])('must be JSON that can be read, not %j', async (body) => {
    const answer = await post('/api/projects', body);
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'invalid_request']);
    expect(errorOf(answer).message).toContain('not valid JSON');
  });

  it.each(['{"__proto__":{"admin":true},"path":"/x"}', '{"path":"/x","constructor":{"prototype":{"admin":true}}}', '{"path":"/x","\\u005f_proto__":{"a":1}}'])(
    'cannot change prototypes: %s',
    async (body) => {
      expect((await post('/api/projects', body)).status).toBe(400);
      expect(Reflect.get({}, 'admin')).toBeUndefined();
    },
  );

  it.each([
    ['{}', '"path" in the body is missing: it must be text'],
    ['{"path":7}', '"path" in the body must be text'],
    ['{"path":""}', '"path" in the body must have at least 1 character'],
    ['{"path":"/x","colour":"red"}', 'the body has the unknown field "colour"'],
    ['[]', 'the body must be an object'],
    ['null', 'the body must be an object'],
    ['', 'the body is missing: it must be an object'],
  ])('is told what is wrong with %s', async (body, message) => {
    const answer = await post('/api/projects', body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: 'invalid_request', message: `Cannot accept this request: ${message}` });
  });

  it.each([
    ['limit=abc', '"limit" in the query must be a number'],
    ['limit=0', '"limit" in the query must be at least 1'],
    ['limit=1.5', '"limit" in the query must be a whole number'],
    ['limit=1&limit=2', '"limit" in the query must be a number'],
    ['colour=red', 'the query has the unknown field "colour"'],
    ['__proto__=1', 'the query has the unknown field "__proto__"'],
    ['state=lost', '"state" in the query must be one of "pending", "running", "blocked", "completed", "failed", "cancelled", "interrupted"'],
    ['project=nope', '"project" in the query must be an id (a UUID)'],
  ])('is checked in the query: %s', async (query, message) => {
    const answer = await ask(`/api/tasks?${query}`);
    expect([answer.status, errorOf(answer).message]).toEqual([400, `Cannot accept this request: ${message}`]);
  });

  it('is checked in the path', async () => {
    const answer = await post('/api/tasks/nope/cancel', '{}');
    expect([answer.status, errorOf(answer).message]).toEqual([400, 'Cannot accept this request: "id" in the path must be an id (a UUID)']);
    expect((await post(`/api/tasks/${'x'.repeat(2_000)}/cancel`, '{}')).status).toBeGreaterThanOrEqual(400);
    expect((await ask('/api/tasks/%E0%A4%A')).status).toBe(400);
  });

  it('may be missing where nothing is needed, and must be empty there', async () => {
    for (const body of ['', '{}']) expect((await post('/api/ws-ticket', body)).status).toBe(201);
    expect((await ask('/api/ws-ticket', { method: 'POST' })).status).toBe(201);
    expect((await post('/api/ws-ticket', '{"x":1}')).status).toBe(400);
  });

  it('has limits on the address and the headers', async () => {
    expect((await ask(`/api/tasks?cursor=${'x'.repeat(9_000)}`)).status).toBe(413);
    expect(await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain(' 431 ');
    const broken = await raw('NONSENSE\r\n\r\n');
    expect(broken).toContain(' 400 ');
    expect(ErrorBody.parse(JSON.parse(broken.slice(broken.indexOf('{')))).error.code).toBe('invalid_request');
  });
});

describe('what is answered', () => {
  it('is what the contract says and nothing else, with its status', async () => {
    const answer = await post('/api/projects', '{"path":"/y"}');
    expect([answer.status, answer.json()]).toEqual([201, { ...PROJECT, path: '/y' }]);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' });
  });

  it('carries the code of an error', async () => {
    const answer = await post(`/api/tasks/${PROJECT.id}/cancel`, '');
    expect([answer.status, errorOf(answer)]).toEqual([409, { code: 'conflict', message: `Cannot cancel task ${PROJECT.id}: it has already ended` }]);
    expect((await ask('/api/settings')).status).toBe(503);
  });

  it.each(['/api/providers', '/api/models'])('hides a bug behind a sentence and logs it: %s', async (path) => {
    logged.length = 0;
    const answer = await ask(path);
    expect([answer.status, errorOf(answer).code]).toEqual([500, 'internal']);
    expect(answer.body).not.toContain('secret detail');
    const line = JSON.parse(logged[0] ?? '{}');
    expect(errorOf(answer).message).toContain(line.requestId);
    expect(line.err.stack).toContain('at ');
  });

  it('describes all of it', async () => {
    const answer = await ask('/api/openapi.json');
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });

  it('tells a wrong address from a wrong method', async () => {
    const missing = await ask('/api/nothing-here');
    expect([missing.status, errorOf(missing).code]).toEqual([404, 'not_found']);
    const wrong = await ask('/api/projects', { method: 'DELETE' });
    expect([wrong.status, errorOf(wrong).code, wrong.headers.allow]).toEqual([405, 'method_not_allowed', 'POST']);
    expect((await ask('/api/projects', { method: 'OPTIONS', headers: { origin: `http://127.0.0.1:${port}` } })).status).toBe(405);
    expect((await post('/somewhere', '{}')).status).toBe(404);
  });

  it('keeps the browser strict', async () => {
    for (const path of ['/', '/assets/app-1a2b3c.js', '/api/health', '/api/nothing-here']) {
      const { headers } = await ask(path);
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; connect-src 'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port}`,
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('the pages', () => {
  it('are one page under every address, never cached', async () => {
    for (const path of ['/', '/sessions/1', '/index.html', '/deep/er/page?x=1']) {
      const answer = await ask(path, { token: null });
      expect([answer.status, answer.body, answer.headers['cache-control']]).toEqual([200, '<!doctype html>page', 'no-store']);
      expect(answer.headers['content-type']).toContain('text/html');
    }
  });

  it('have assets that are kept for ever by their hash, and others that are checked again', async () => {
    expect((await ask('/assets/app-1a2b3c.js', { token: null })).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('/manifest.webmanifest', { token: null })).headers['cache-control']).toBe('no-cache');
    const missing = await ask('/assets/gone.js', { token: null });
    expect([missing.status, errorOf(missing).code]).toEqual([404, 'not_found']);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%5c..%5csecret.txt',
    '//etc/passwd',
    '/.env',
    '/assets/.hidden.js',
    '/%00secret.txt',
  ])('do not lead out of their folder: %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toContain('outside the web');
    expect(answer).toMatch(/^HTTP\/1\.1 (40[034] |200 [^]*<!doctype html>page$)/);
  });
});

class LostDatabase extends Error {}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  json(): unknown;
}

async function ask(path: string, options: { method?: string; token?: string | null; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  const { method = 'GET', token = TOKEN, headers = {}, body } = options;
  const all = {
    host: `127.0.0.1:${port}`,
    connection: 'close',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return parseAnswer(await raw(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`));
}

function post(path: string, body: string): Promise<Answer> {
  return ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** Sends bytes as they are (fetch would mend them) and reads until the server closes. */
function raw(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  socket.setEncoding('utf8').on('data', (chunk) => (answer += chunk));
  socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer))).on('close', () => resolve(answer));
  return promise;
}

function parseAnswer(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
  const body = rest.join('\r\n\r\n');
  return { status: Number(statusLine.split(' ')[1]), headers, body, json: () => JSON.parse(body) };
}

function errorOf(answer: Answer): ErrorBody['error'] {
  return ErrorBody.parse(answer.json()).error;
}

/** The first message, or the status of the refusal. */
function openSocket(path: string, headers: Record<string, string>): Promise<string | number> {
  const { promise, resolve } = Promise.withResolvers<string | number>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  socket.on('message', (data) => {
    resolve(Buffer.isBuffer(data) ? data.toString() : '');
    socket.close();
  });
  socket.on('unexpected-response', (_request, response) => {
    resolve(response.statusCode ?? 0);
    response.resume();
  });
  socket.on('error', () => resolve(0));
  return promise;
}

async function makeWebBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'boocode-web-'));
  const root = join(folder, 'dist');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'outside the web');
  await writeFile(join(root, 'index.html'), '<!doctype html>page');
  await writeFile(join(root, 'manifest.webmanifest'), '{}');
  await writeFile(join(root, 'assets', 'app-1a2b3c.js'), 'export {};');
  await writeFile(join(root, '.env'), 'outside the web');
  await writeFile(join(root, 'assets', '.hidden.js'), 'outside the web');
  return root;
}
