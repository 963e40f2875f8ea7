import type { ErrorCode, Failure } from '@boocode/contracts/error-code.ts';
import { modelErrorCode } from '../acp/model-failure-policy.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'model_bad_request',
  401: 'model_unauthorized',
  403: 'model_unauthorized',
  404: 'model_not_found',
  429: 'model_rate_limited',
  529: 'model_rate_limited',
};

const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  context_too_long: 'start another chat, or give the model a larger context',
  model_unauthorized: 'sign in to the agent, or correct its key',
  model_not_found: 'choose a model that it offers',
  model_rate_limited: 'wait, then retry',
  model_bad_request: 'choose another model, or check what its server supports',
  model_unreachable: 'check that the model server runs and can be reached',
  model_cut_off: "see the model server's log, then continue",
};

/** What an agent says has gone wrong, with a code that says whose fault it is. `status`: the model server's, where the agent names it. */
export function mapAgentFailure(agent: string, said: string, status: number | null): Failure {
  const text = said.trim().replace(/\s+/g, ' ').slice(0, 400);
  const code = codeOf(text, status ?? statusIn(text));
  const reason = text === '' ? 'it gave no reason' : `"${text.replace(/[.;]+$/, '')}"`;
  return { code, message: `Cannot get an answer through ${agent}: ${reason}; ${NEXT[code] ?? "see the model server's log, then retry"}` };
}

function statusIn(text: string): number | null {
  const found = /\b(?:API Error|status(?: code)?|HTTP)[^\d]{0,12}([45]\d\d)\b/i.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function codeOf(text: string, status: number | null): ErrorCode {
  const said = modelErrorCode(text);
  if (said === 'context_too_long' || status === null) return /login|logged in/i.test(text) ? 'model_unauthorized' : said;
  return BY_STATUS[status] ?? (status >= 500 ? 'model_server_error' : 'model_bad_request');
}
