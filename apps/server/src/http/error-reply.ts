import type { ErrorBody, ErrorCode } from '@boocode/contracts/error-code.ts';
import { BooError, HTTP_STATUS } from '@boocode/contracts/error-code.ts';

export interface ErrorReply {
  readonly status: number;
  readonly body: ErrorBody;
  /** A bug or an outage of ours: the log gets it with its stack. */
  readonly isInternal: boolean;
}

/** Any thrown thing as an answer. Only messages meant for people leave the server. */
export function toErrorReply(error: unknown, requestId: string): ErrorReply {
  if (error instanceof BooError) return ours(error);
  const status = clientStatusOf(error);
  if (status !== null) return { status, body: { error: { code: codeOf(status), message: messageOf(error, status) } }, isInternal: false };
  const message = `Cannot answer this request: something went wrong inside BooCode; the log tells more under "${requestId}"`;
  return { status: 500, body: { error: { code: 'internal', message } }, isInternal: true };
}

function ours(error: BooError): ErrorReply {
  const { code, message, details } = error;
  const status = HTTP_STATUS[code];
  return { status, body: { error: { code, message, ...(details === undefined ? {} : { details }) } }, isInternal: code === 'internal' };
}

/** The 4xx of Fastify and its plugins, which also throws SyntaxErrors of JSON with a status of 400. */
function clientStatusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : null;
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 405:
      return 'method_not_allowed';
    case 413:
    case 414:
    case 431:
      return 'too_large';
    case 415:
      return 'unsupported_media_type';
    case 429:
      return 'too_many_attempts';
    default:
      return 'invalid_request';
  }
}

function messageOf(error: unknown, status: number): string {
  if (status === 413) return 'Cannot accept this request: its body is too large; send less at once';
  if (status === 415) return 'Cannot accept this request: only JSON bodies are understood; send it with "Content-Type: application/json"';
  if (status === 404) return 'Cannot find what was asked for';
  if (isPrototypeAttack(error)) return 'Cannot accept this request: the body has a field name that is not allowed ("__proto__" or "constructor")';
  if (isJsonError(error)) return 'Cannot accept this request: the body is not valid JSON';
  return `Cannot accept this request: ${error instanceof Error ? lowerFirst(error.message) : 'it is not valid'}`;
}

function isPrototypeAttack(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.includes('prototype property');
}

function isJsonError(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_JSON_BODY');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
