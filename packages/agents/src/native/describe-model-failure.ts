import { APICallError } from '@ai-sdk/provider';
import { BooError, type ErrorCode, type Failure } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';

/** The server answered with something else than a stream of events. */
export class NotAStream extends Error {
  override readonly name = 'NotAStream';
  readonly contentType: string;
  readonly excerpt: string;

  constructor(contentType: string, excerpt: string) {
    super(`content type "${contentType}"`);
    this.contentType = contentType;
    this.excerpt = excerpt;
  }
}

/** An answer that ended in a way that is no answer. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  readonly code: 'model_stalled' | 'model_empty_answer' | 'model_cut_off' | 'context_too_long';
  readonly reason: string;

  constructor(code: BadAnswer['code'], reason: string) {
    super(reason);
    this.code = code;
    this.reason = reason;
  }
}

/** Something the server sent inside its stream in place of an answer. */
export class StreamedError extends Error {
  override readonly name = 'StreamedError';
  readonly detail: unknown;

  constructor(detail: unknown) {
    super('an error inside the stream');
    this.detail = detail;
  }
}

export interface Asked {
  readonly baseUrl: string;
  readonly modelName: string;
}

/** What went wrong, as a code for programs and a sentence for people: address, model, cause and next step. */
export function describeModelFailure(error: unknown, asked: Asked): Failure {
  if (error instanceof BooError) return { code: error.code, message: error.message };
  const { code, reason, next } = explain(error, asked);
  return { code, message: `Cannot get an answer from "${asked.modelName}" at ${asked.baseUrl}: ${reason}; ${next}` };
}

/** The tokens that fit, when the error says that the prompt is too long; `contextSize` null = it does not say how many do. */
export function findContextRefusal(error: unknown): { readonly contextSize: number | null } | null {
  if (error instanceof BadAnswer && error.code === 'context_too_long') return { contextSize: null };
  const body = bodyOf(error);
  if (body === null || !(body.status === null || body.status === 400 || body.status === 413 || body.status === 500)) return null;
  const isRefusal =
    /exceed_context_size|context_length_exceeded/.test(body.text) ||
    (/(context|prompt|input|maximum)[^.]{0,60}(length|size|window|tokens|long)[^.]{0,60}/i.test(body.message) &&
      /exceed|too long|too large|too many|maximum|larger than|longer than/i.test(body.message));
  if (!isRefusal) return null;
  const size = /"n_ctx"\s*:\s*(\d+)/.exec(body.text)?.[1] ?? /(?:context (?:length|size|window)|maximum context)[^\d]{0,30}(\d{3,})/i.exec(body.message)?.[1];
  return { contextSize: size === undefined ? null : Number(size) };
}

/** Whether the server asks to come back later, and when. */
export function findBusy(error: unknown): { readonly retryAfterMs: number | null; readonly isLoading: boolean } | null {
  const body = bodyOf(error);
  if (body?.status !== 429 && body?.status !== 503) return null;
  const after = APICallError.isInstance(error) ? Number(error.responseHeaders?.['retry-after']) : Number.NaN;
  return { retryAfterMs: Number.isFinite(after) && after >= 0 ? after * 1_000 : null, isLoading: body.status === 503 && /load/i.test(body.message) };
}

interface Explanation {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly next: string;
}

function explain(error: unknown, asked: Asked): Explanation {
  if (error instanceof BadAnswer) return { code: error.code, reason: error.reason, next: NEXT[error.code] };
  if (error instanceof NotAStream) {
    const what = /html/i.test(error.contentType) ? 'a web page' : `content of type "${error.contentType === '' ? 'unknown' : error.contentType}"`;
    return {
      code: 'model_bad_response',
      reason: `it answered with ${what} where a stream of events was expected`,
      next: 'check that the address is that of a model server and ends in /v1',
    };
  }
  const network = explainNetwork(error, asked);
  if (network !== null) return network;
  if (findContextRefusal(error) !== null)
    return { code: 'context_too_long', reason: `the prompt is longer than its context${quoted(bodyOf(error)?.message)}`, next: NEXT.context_too_long };
  const body = bodyOf(error);
  if (body !== null && body.status !== null) return explainStatus(body.status, body.message, asked);
  if (body !== null) return { code: 'model_server_error', reason: `it stopped with an error${quoted(body.message)}`, next: "see the server's log, then retry" };
  if (isNamed(error, 'AI_InvalidResponseDataError'))
    return { code: 'model_cut_off', reason: 'the stream ended before the answer was complete', next: NEXT.model_cut_off };
  if (isNamed(error, 'AI_JSONParseError') || isNamed(error, 'AI_TypeValidationError'))
    return { code: 'model_bad_response', reason: 'it sent a malformed chunk', next: 'check that the server speaks the OpenAI chat protocol, then retry' };
  return { code: 'model_server_error', reason: error instanceof Error ? error.message : String(error), next: "see the server's log, then retry" };
}

const NEXT = {
  model_stalled: 'see whether it still works, then continue, or raise the limit in the settings',
  model_empty_answer: 'retry, or choose another model',
  model_cut_off: "see the server's log, then continue",
  context_too_long: 'start another chat, or give the model a larger context',
} as const;

function explainNetwork(error: unknown, asked: Asked): Explanation | null {
  const code = networkCode(error);
  if (code === null) return null;
  const unreachable = (reason: string, next: string): Explanation => ({ code: 'model_unreachable', reason, next });
  if (code === 'ECONNREFUSED') return unreachable('nothing listens there', 'start the model server, or correct its address in the settings');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable(`the name "${hostOf(asked.baseUrl)}" is not known`, 'correct the address in the settings, or check the network');
  if (/TIMEDOUT|CONNECT_TIMEOUT/.test(code)) return unreachable('it did not take the connection in time', 'check the address, the network and the firewall');
  if (/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/.test(code))
    return unreachable('there is no way to that machine', 'check the address and the network');
  if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|VERIFY/.test(code))
    return unreachable(`no secure connection could be made (${code})`, 'check its certificate, or use http:// where the server has none');
  if (code === NOT_HTTP) return { code: 'model_bad_response', reason: 'what answers there does not speak HTTP', next: 'correct the address in the settings' };
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/.test(code))
    return { code: 'model_cut_off', reason: 'it closed the connection before the answer was complete', next: NEXT.model_cut_off };
  return unreachable(`the connection failed (${code})`, 'check the address and the network');
}

function explainStatus(status: number, message: string, asked: Asked): Explanation {
  const said = quoted(message);
  if (status === 401 || status === 403)
    return { code: 'model_unauthorized', reason: `it refused the key (status ${status})${said}`, next: "correct the server's key in the settings" };
  if (status < 400) return { code: 'model_bad_response', reason: `it sends requests elsewhere (status ${status})`, next: 'use the address that it names' };
  if (status === 404)
    return {
      code: 'model_not_found',
      reason: `it does not know this model or path (status 404)${said}`,
      next: `choose a model it offers (${asked.baseUrl}/models), or correct the address`,
    };
  if (status === 429) return { code: 'model_rate_limited', reason: `it is busy (status 429)${said}`, next: 'wait, let fewer turns run at once, then retry' };
  if (status >= 500) return { code: 'model_server_error', reason: `it failed (status ${status})${said}`, next: "see the server's log, then retry" };
  return {
    code: 'model_bad_request',
    reason: `it refused the request (status ${status})${said}`,
    next: 'choose another model, or check what this server supports',
  };
}

const ErrorDetail = z.union([z.looseObject({ message: z.string(), code: z.optional(z.unknown()) }), z.string()]);
const ServerError = z.union([z.looseObject({ error: ErrorDetail }), z.looseObject({ message: z.string() })]);

interface ServerSaid {
  readonly status: number | null;
  readonly message: string;
  /** All of it, to look for fields in. */
  readonly text: string;
}

/** What the server itself said, in a refusal or inside its stream. */
function bodyOf(error: unknown): ServerSaid | null {
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode !== 200) {
    const text = error.responseBody ?? '';
    return { status: error.statusCode, message: messageIn(parseJson(text)) ?? plainExcerpt(text), text };
  }
  if (!(error instanceof StreamedError)) return null;
  const { detail } = error;
  return { status: null, message: typeof detail === 'string' ? detail : (messageIn({ error: detail }) ?? ''), text: JSON.stringify(detail) ?? '' };
}

function messageIn(body: unknown): string | null {
  const parsed = ServerError.safeParse(body);
  if (!parsed.success) return null;
  const { error, message } = { error: undefined, message: undefined, ...parsed.data };
  if (typeof message === 'string') return message;
  const detail = ErrorDetail.safeParse(error);
  return detail.success ? (typeof detail.data === 'string' ? detail.data : detail.data.message) : null;
}

function plainExcerpt(text: string): string {
  return /^\s*</.test(text) ? '' : text;
}

function quoted(message: string | undefined): string {
  const short = (message ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
    .replace(/[.;]+$/, '');
  return short === '' ? '' : `: "${short}"`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a page or plain text
  }
}

const NOT_HTTP = 'NOT_HTTP';

/** The system's code for a failed connection, from wherever in the chain of causes it is. */
function networkCode(error: unknown): string | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; depth += 1) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(current.code)) return current.code;
    if (current.name === 'HTTPParserError') return NOT_HTTP;
    if (current.message === 'terminated' && current.cause === undefined) return 'UND_ERR_SOCKET';
    current = current instanceof AggregateError && current.errors.length > 0 ? current.errors[0] : current.cause;
  }
  return null;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
