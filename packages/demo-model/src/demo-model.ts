import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as z from 'zod/mini';
import type { Answer } from './answer.ts';
import type { Wire } from './answer-writer.ts';
import { AnthropicRequest, mapAnthropicRequest } from './anthropic-request.ts';
import { ANTHROPIC_WIRE } from './anthropic-wire.ts';
import { ChatRequest, estimatePromptTokens } from './chat-request.ts';
import type { Fault } from './directive.ts';
import { OPENAI_WIRE } from './openai-wire.ts';
import { planAnswer } from './plan-answer.ts';
import { sendJson, sendWhole, streamAnswer } from './stream-answer.ts';

export interface DemoModelOptions {
  /** 0 = any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Longer prompts are refused as llama.cpp does. */
  readonly contextSize?: number;
  /** Pace of spoken text; null = as fast as it goes. */
  readonly tokensPerSecond?: number | null;
  /** How often a stalled stream sends a keep-alive comment. */
  readonly keepAliveMs?: number;
  /** Asked before each completion: a fault to answer with instead. */
  readonly fault?: (request: RecordedRequest, index: number) => Fault | null;
  /** How many requests are kept in `requests` (the newest). */
  readonly keepRequests?: number;
}

export interface RecordedRequest {
  readonly path: string;
  /** Without keys: only whether one was there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hasAuthorization: boolean;
  readonly body: unknown;
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAt: number;
  firstByteAt: number | null;
  /** The client went before the answer was complete. */
  closedEarly: boolean;
  /** Settles when the answer is over, whoever ended it. */
  readonly closed: Promise<void>;
}

export interface DemoModel extends AsyncDisposable {
  /** Ends in /v1. */
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** Resolves with the next completion request that arrives. */
  nextRequest(): Promise<RecordedRequest>;
  close(): Promise<void>;
}

const DEMO_MODEL_NAME = 'demo';

interface Settings {
  readonly contextSize: number;
  readonly tokensPerSecond: number | null;
  readonly keepAliveMs: number;
  readonly keepRequests: number;
  readonly fault: (request: RecordedRequest, index: number) => Fault | null;
}

/** Starts the demo model: a server in the formats of OpenAI and Anthropic that follows the directives in the prompt and keeps nothing between requests. */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const settings: Settings = {
    contextSize: options.contextSize ?? 131_072,
    tokensPerSecond: options.tokensPerSecond ?? null,
    keepAliveMs: options.keepAliveMs ?? 1_000,
    keepRequests: options.keepRequests ?? 10_000,
    fault: options.fault ?? (() => null),
  };
  const log = new RequestLog(settings.keepRequests);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response, settings, log).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { code: 500, message: String(error), type: 'server_error' } });
    });
  });
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const { address, port, family } = addressOf(server);
  const close = (): Promise<void> => closeServer(server);
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/v1`,
    port,
    requests: log.requests,
    nextRequest: () => log.next(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, settings: Settings, log: RequestLog): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  response.socket?.setNoDelay(true);
  if (request.method === 'POST') return answerPost(request, response, path, settings, log);
  if (request.method !== 'GET') return noSuchPath(response, path);
  switch (path) {
    case '/health':
    case '/v1/health':
      return sendJson(response, 200, { status: 'ok' });
    case '/v1/models':
    case '/models':
      return sendJson(response, 200, {
        object: 'list',
        data: [{ id: DEMO_MODEL_NAME, object: 'model', created: 0, owned_by: 'boocode-demo', meta: { n_ctx: settings.contextSize } }],
      });
    case '/props':
      return sendJson(response, 200, { total_slots: 64, model_path: DEMO_MODEL_NAME, default_generation_settings: { n_ctx: settings.contextSize } });
    case '/demo/requests':
      return sendJson(response, 200, log.requests);
    default:
      return noSuchPath(response, path);
  }
}

async function answerPost(request: IncomingMessage, response: ServerResponse, path: string, settings: Settings, log: RequestLog): Promise<void> {
  const body = await readJson(request);
  switch (path) {
    case '/v1/chat/completions':
    case '/chat/completions': {
      const recorded = log.record(request, response, path, body);
      return complete(response, ChatRequest.safeParse(body), OPENAI_WIRE, recorded, settings, log);
    }
    case '/v1/messages': {
      const recorded = log.record(request, response, path, body);
      return complete(response, parseMessages(body), ANTHROPIC_WIRE, recorded, settings, log);
    }
    case '/v1/messages/count_tokens': {
      log.record(request, response, path, body);
      const parsed = parseMessages(body);
      if (!parsed.success) return refuse(response, ANTHROPIC_WIRE, parsed.error);
      return sendJson(response, 200, { input_tokens: estimatePromptTokens(parsed.data) });
    }
    default:
      return noSuchPath(response, path);
  }
}

type Parsed = { readonly success: true; readonly data: ChatRequest } | { readonly success: false; readonly error: z.core.$ZodError };

function parseMessages(body: unknown): Parsed {
  const parsed = AnthropicRequest.safeParse(body);
  return parsed.success ? { success: true, data: { ...mapAnthropicRequest(parsed.data), stream: parsed.data.stream } } : parsed;
}

async function complete(response: ServerResponse, parsed: Parsed, wire: Wire, recorded: RecordedRequest, settings: Settings, log: RequestLog): Promise<void> {
  if (!parsed.success) return refuse(response, wire, parsed.error);
  const { contextSize, keepAliveMs } = settings;
  const promptTokens = estimatePromptTokens(parsed.data);
  const facts = {
    model: parsed.data.model ?? DEMO_MODEL_NAME,
    promptTokens,
    includeUsage: parsed.data.stream_options?.include_usage === true,
    keepAliveMs,
    contextSize,
  };
  if (promptTokens > contextSize) return sendJson(response, 400, wire.faultBody('context', facts));
  const fault = settings.fault(recorded, log.count - 1);
  const answer: Answer = fault === null ? planAnswer(parsed.data, settings.tokensPerSecond) : { segments: [{ type: 'fault', fault }], calls: [] };
  await (parsed.data.stream === true ? streamAnswer(response, answer, wire, facts) : sendWhole(response, answer, wire, facts));
}

function refuse(response: ServerResponse, wire: Wire, error: z.core.$ZodError): void {
  sendJson(response, 400, wire.refusalBody(`Invalid request: ${error.issues[0]?.message ?? ''}`));
}

function noSuchPath(response: ServerResponse, path: string): void {
  sendJson(response, 404, { error: { code: 404, message: `No such path: ${path}`, type: 'not_found_error' } });
}

class RequestLog {
  readonly requests: RecordedRequest[] = [];
  readonly #limit: number;
  #waiting = Promise.withResolvers<RecordedRequest>();
  count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  next(): Promise<RecordedRequest> {
    return this.#waiting.promise;
  }

  record(request: IncomingMessage, response: ServerResponse, path: string, body: unknown): RecordedRequest {
    const { authorization, 'x-api-key': apiKey, ...headers } = request.headers;
    const closed = Promise.withResolvers<void>();
    const recorded: RecordedRequest = {
      path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      hasAuthorization: authorization !== undefined || apiKey !== undefined,
      body,
      startedAt: preciseNow(),
      firstByteAt: null,
      closedEarly: false,
      closed: closed.promise,
    };
    noteFirstByte(response, recorded);
    response.once('close', () => {
      recorded.closedEarly = !response.writableFinished;
      closed.resolve();
    });
    this.count += 1;
    this.requests.push(recorded);
    if (this.requests.length > this.#limit) this.requests.shift();
    this.#waiting.resolve(recorded);
    this.#waiting = Promise.withResolvers();
    return recorded;
  }
}

function noteFirstByte(response: ServerResponse, recorded: RecordedRequest): void {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    recorded.firstByteAt ??= preciseNow();
    return writeHead(...args);
  }) as typeof response.writeHead; // the same function with the time taken first
}

function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(asBuffer(chunk));
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null; // not JSON: refused as an invalid request
  }
}

function asBuffer(chunk: unknown): Buffer {
  return chunk instanceof Buffer ? chunk : Buffer.from(String(chunk));
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  return address;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.on('connection', (socket) => socket.destroy()); // one that was accepted in this very moment would be kept alive
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
