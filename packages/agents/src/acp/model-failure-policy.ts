import type { ErrorCode } from '@boocode/contracts/error-code.ts';

/** How agents end a turn with an error of the model server as if it were an answer. Each covers the whole of a message, so that prose about errors is none. */
const DISGUISES: readonly RegExp[] = [
  /^Ran into this error: ([^]{1,4000}?)\.?\n\nPlease retry if you think this is a transient or recoverable error\.\s*$/,
  /^Ran into this error trying to compact: ([^]{1,4000}?)\.?\n\nPlease try again or create a new session\s*$/,
  /^([^\n]{1,4000})\n\nPlease resend your message to try again\.\s*$/,
  /^\[API Error: ([^]{1,4000})\]\s*$/,
  /^(API Error(?:: \d{3}\b|:? \()[^]{0,4000})$/,
];

/** The error of the model server that a message is made of, as the agent says it; null for an answer. */
export function findModelError(message: string): string | null {
  for (const disguise of DISGUISES) {
    const said = disguise.exec(message.trim())?.[1];
    if (said !== undefined) return said;
  }
  return null;
}

const CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/context (size|length|window|limit)|context_length|prompt is too long|too many tokens|maximum context/i, 'context_too_long'],
  [/api.?key|unauthori[sz]ed|authenticat|\b40[13]\b|forbidden/i, 'model_unauthorized'],
  [/rate.?limit|too many requests|\b429\b|overloaded/i, 'model_rate_limited'],
  [/could not connect|ECONNREFUSED|connection refused|ENOTFOUND|unreachable|fetch failed|connection error|unable to connect/i, 'model_unreachable'],
  [/decod|terminated|socket|ECONNRESET|premature|connection (was )?(closed|reset)|stream (ended|error|closed)|incomplete/i, 'model_cut_off'],
  [/model.{0,60}(not found|does not exist|unknown)|unknown model|\b404\b/i, 'model_not_found'],
  [/\b400\b|bad request|invalid request|refuse/i, 'model_bad_request'],
  [/timed? ?out|timeout/i, 'model_stalled'],
];

/** What an agent says of a failed request to its model, as a code. */
export function modelErrorCode(said: string): ErrorCode {
  return CODES.find(([pattern]) => pattern.test(said))?.[1] ?? 'model_server_error';
}
