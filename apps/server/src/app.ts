import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { BooError } from '@boocode/contracts/error-code.ts';
import { requireToken, type TokenChecker } from './auth/require-token.ts';
import { toErrorReply } from './http/error-reply.ts';
import { decideArrival } from './http/host-policy.ts';
import { registerOpenApi } from './http/openapi.ts';
import { securityHeaders } from './http/security-headers.ts';
import { isPageRequest, registerStaticWeb, sendPage } from './http/static-web.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_URL_LENGTH = 8 * 1024;
/** What a client may say over the socket in one message. */
const MAX_SOCKET_MESSAGE_BYTES = 256 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
const SOCKET_GOODBYE_MS = 500;

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Asked for every request: the port is only known once the server listens. */
  readonly allowedHosts: () => ReadonlySet<string>;
  readonly tokens: TokenChecker;
  /** The absolute folder of the web build; null when there is none. */
  readonly webRoot: string | null;
  readonly bodyLimitBytes: number;
  /** Gives an error of a library (a lost database) a code and a sentence; returns what it does not know as it is. */
  readonly translateError?: (error: unknown) => unknown;
}

/** The server's shell: every request passes its door before any room sees it. Rooms add their routes; the caller listens and closes. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    routerOptions: { maxParamLength: 500 },
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => void sendError(error, request, setSecurityHeaders(reply, null), options),
    clientErrorHandler: answerBrokenRequest,
  });
  acceptOnlyJson(app);
  await app.register(websocket, { options: { maxPayload: MAX_SOCKET_MESSAGE_BYTES }, preClose: socketCloser(app) });
  const known = recordRoutes(app);
  guardDoor(app, options, known);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, options));
  app.setNotFoundHandler((request, reply) => answerUnknown(request, reply, { hasWeb: options.webRoot !== null, known }));
  if (options.webRoot !== null) await registerStaticWeb(app, options.webRoot);
  registerOpenApi(app, options.version);
  return app;
}

function guardDoor(app: FastifyInstance, { allowedHosts, tokens }: AppOptions, known: KnownRoutes): void {
  app.addHook('onRequest', async (request, reply) => {
    const isApi = isApiRequest(request);
    const refusal = decideArrival(
      { host: request.headers.host, origin: request.headers.origin, fetchSite: headerOf(request, 'sec-fetch-site'), isApi, isSocket: request.ws },
      allowedHosts(),
    );
    setSecurityHeaders(reply, refusal === null ? (request.headers.host ?? null) : null);
    if (isApi) reply.header('cache-control', 'no-store');
    if (refusal !== null) throw new BooError('forbidden', refusal);
    if (!request.url.startsWith('/')) throw new BooError('invalid_request', 'Cannot accept this request: its address must begin with "/"');
    if (request.url.length > MAX_URL_LENGTH)
      throw new BooError('too_large', `Cannot accept this request: its address is longer than ${MAX_URL_LENGTH} characters`);
    if (needsToken(request, isApi)) await requireToken(request, tokens);
    if (request.ws && !known.isSocket(request.routeOptions.url))
      throw new BooError('not_found', 'Cannot open a socket here: it is at /api/ws, and that of a terminal at /api/terminals/:id');
  });
}

/** Closed by default: open are only the pages and what a route declares open; never a socket. */
function needsToken(request: FastifyRequest, isApi: boolean): boolean {
  if (request.routeOptions.config.token === false) return false;
  const isPage = request.routeOptions.url === undefined || request.routeOptions.url === '/*';
  return isApi || !isPage || request.ws;
}

/** By the route that the router found, because it decodes paths; by the decoded path where it found none. */
function isApiRequest(request: FastifyRequest): boolean {
  return [request.routeOptions.url ?? '', pathOf(request)].some((path) => path === '/api' || path.startsWith('/api/'));
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply, { hasWeb, known }: { hasWeb: boolean; known: KnownRoutes }): FastifyReply {
  const path = pathOf(request);
  if (!isApiRequest(request) && isPageRequest(request, path)) {
    if (hasWeb) return sendPage(reply);
    throw new BooError('not_found', 'Cannot show a page: the web client has not been built; run `npm run build`');
  }
  const methods = known.methodsOf(path);
  if (methods.length > 0 && !methods.includes(request.method)) {
    reply.header('allow', methods.join(', '));
    throw new BooError('method_not_allowed', `Cannot ${request.method} ${path}: it takes ${methods.join(', ')}`);
  }
  throw new BooError('not_found', `Cannot ${request.method} ${path.slice(0, 200)}: there is nothing at this address; GET /api/openapi.json lists all there is`);
}

interface KnownRoutes {
  /** Which methods an address takes, to tell a wrong method from a wrong address. */
  methodsOf(path: string): readonly string[];
  /** Whether a socket can be opened at a route; elsewhere it would be opened and closed at once. */
  isSocket(url: string | undefined): boolean;
}

function recordRoutes(app: FastifyInstance): KnownRoutes {
  const routes: { pattern: RegExp; methods: readonly string[] }[] = [];
  const sockets = new Set<string>();
  app.addHook('onRoute', ({ url, method, websocket: isSocket = false }) => {
    if (isSocket) sockets.add(url);
    if (!url.startsWith('/api/')) return;
    const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    routes.push({ pattern: new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}$`), methods: [method].flat() });
  });
  return {
    methodsOf: (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))],
    isSocket: (url) => url !== undefined && sockets.has(url),
  };
}

/** A form or plain text can be sent by any page without asking; JSON cannot. No body at all is fine. */
function acceptOnlyJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    return parseJson(request, String(body), done);
  });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, { translateError }: AppOptions): FastifyReply {
  const { status, body, isInternal } = toErrorReply(translateError === undefined ? error : translateError(error), request.id);
  const path = request.url.split('?')[0];
  if (isInternal) request.log.error({ err: error, requestId: request.id, method: request.method, path }, 'a request failed');
  else if (status >= 500) request.log.warn({ code: body.error.code, method: request.method, path }, body.error.message);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

/** Bytes that are not a request at all never reach a route: the parser's verdict in our form. */
function answerBrokenRequest(error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const message = isTooLarge
    ? `Cannot accept this request: its headers are longer than ${MAX_HEADER_BYTES} bytes`
    : 'Cannot accept this request: it is not valid HTTP';
  const body = JSON.stringify({ error: { code: isTooLarge ? 'too_large' : 'invalid_request', message } });
  const status = isTooLarge ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
  const head = `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nContent-Type: application/json; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nConnection: close`;
  if (socket.writable) socket.write(`${head}\r\n\r\n${body}`);
  socket.destroySoon();
}

/**
 * Says goodbye to the clients, and leaves without those that do not answer. A connection that asked to become a socket is not the HTTP server's any
 * more, which would wait for ever for one that was refused: it is cut, and so is one that comes now, and one that has not asked for anything yet:
 * browsers keep such in stock, and the HTTP server does not count them as idle.
 */
function socketCloser(app: FastifyInstance): (this: FastifyInstance, done: () => void) => void {
  const upgraded = new Set<Duplex>();
  const silent = new Set<Duplex>();
  let isClosing = false;
  app.server.on('connection', (socket: Duplex) => {
    if (isClosing) return void socket.destroy();
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.server.prependListener('upgrade', (_request, socket: Duplex) => {
    if (isClosing) return void socket.destroy();
    silent.delete(socket);
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
  });
  return function closeSockets(this: FastifyInstance, done) {
    isClosing = true;
    for (const socket of silent) socket.destroy();
    const { clients } = this.websocketServer;
    for (const client of clients) client.close(1001, 'the server stops');
    const deadline = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, SOCKET_GOODBYE_MS);
    this.websocketServer.close(() => {
      clearTimeout(deadline);
      for (const socket of upgraded) socket.destroy();
      done();
    });
  };
}

function setSecurityHeaders(reply: FastifyReply, host: string | null): FastifyReply {
  return reply.headers(securityHeaders(host));
}

/** The decoded path; as sent when it cannot be decoded (the router refuses those). */
function pathOf(request: FastifyRequest): string {
  const raw = request.url.split(/[?#]/)[0] ?? '';
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // half an escape: no route matches it
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
