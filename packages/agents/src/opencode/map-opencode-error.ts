import { APICallError } from '@ai-sdk/provider';
import type { Failure } from '@boocode/contracts/error-code.ts';
import { modelErrorCode } from '../acp/model-failure-policy.ts';
import { describeModelFailure } from '../native/describe-model-failure.ts';
import type { WireError } from './opencode-wire.ts';

/** An error of a turn, as a code for programs and a sentence for people. Null: the turn was stopped, which is no failure. */
export function mapOpencodeError(error: WireError, name: string, model: string | null): Failure | null {
  const message = messageOf(error);
  const asked = model ?? 'the model';
  const failed = (code: Failure['code'], reason: string, next: string): Failure => ({
    code,
    message: `Cannot get an answer from ${asked}: ${reason}; ${next}`,
  });
  switch (error.name) {
    case 'MessageAbortedError':
      return null;
    case 'APIError':
      return describeRefusal(error, message, asked) ?? failed(modelErrorCode(message), message, "see the model server's log, then retry");
    case 'ContextOverflowError':
      return failed('context_too_long', `the conversation is longer than its context: ${message}`, 'start another chat, or give the model a larger context');
    case 'ProviderAuthError':
      return failed('model_unauthorized', message, `sign in with "opencode auth login", or correct the server's key in the settings`);
    case 'MessageOutputLengthError':
      return failed('model_cut_off', 'the answer was longer than the model may answer', 'ask for less at once');
    case 'ContentFilterError':
    case 'StructuredOutputError':
      return failed('model_bad_response', message, 'retry, or choose another model');
    default:
      if (/model not found/i.test(message)) return failed('model_not_found', message, 'choose a model that is offered');
      if (/agent not found/i.test(message)) return { code: 'agent_unavailable', message: `Cannot use this mode of ${name}: ${message}; choose another mode` };
      return failed(modelErrorCode(message), message, 'try again');
  }
}

/** What is said of a request that opencode repeats. */
export function mapRetryFailure(message: string, attempts: number, model: string | null): Failure {
  const code = modelErrorCode(message);
  const said = message === '' ? 'its model server failed' : message;
  return {
    code,
    message: `Cannot get an answer from ${model ?? 'the model'}: ${said} (${attempts} attempts); see the model server's log, then retry`,
  };
}

function describeRefusal(error: WireError, message: string, asked: string): Failure | null {
  const { statusCode, responseBody, metadata } = error.data;
  if (typeof statusCode !== 'number') return null;
  const url = typeof metadata === 'object' && metadata !== null && 'url' in metadata ? String(metadata.url) : '';
  const refusal = new APICallError({
    message,
    url,
    requestBodyValues: {},
    statusCode,
    ...(typeof responseBody === 'string' ? { responseBody } : {}),
  });
  return describeModelFailure(refusal, { baseUrl: url.replace(/\/chat\/completions$/, ''), modelName: asked });
}

/** The first line: some errors carry a stack. */
function messageOf(error: WireError): string {
  const { message } = error.data;
  const [line = ''] = (typeof message === 'string' ? message : '').split('\n');
  return line.trim().replace(/[.;]+$/, '') || error.name;
}
