import { describe, expect, it } from 'vitest';
import { mapOpencodeError } from './map-opencode-error.ts';

const CASES: readonly (readonly [string, object, string | null])[] = [
  [
    'APIError',
    { message: 'no', statusCode: 400, responseBody: '{"error":{"message":"no"}}', metadata: { url: 'http://h/v1/chat/completions' } },
    'model_bad_request',
  ],
  ['APIError', { message: 'key', statusCode: 401 }, 'model_unauthorized'],
  ['APIError', { message: 'gone', statusCode: 404 }, 'model_not_found'],
  ['APIError', { message: 'slow down', statusCode: 429 }, 'model_rate_limited'],
  ['APIError', { message: 'oh', statusCode: 500 }, 'model_server_error'],
  ['APIError', { message: 'Connection reset by server' }, 'model_cut_off'],
  ['APIError', { message: 'Unable to connect. Is the computer able to access the url?' }, 'model_unreachable'],
  ['ContextOverflowError', { message: 'too long' }, 'context_too_long'],
  ['ProviderAuthError', { message: 'no key' }, 'model_unauthorized'],
  ['UnknownError', { message: 'Model not found: local/nope.' }, 'model_not_found'],
  ['UnknownError', { message: 'Agent not found: "nope". Available agents: build' }, 'agent_unavailable'],
  ['UnknownError', { message: 'ProviderModelNotFoundError: Model not found: x.\n    at stack' }, 'model_not_found'],
  ['SomethingElse', {}, 'model_server_error'],
  ['MessageAbortedError', { message: 'Aborted' }, null],
];

describe('mapOpencodeError()', () => {
  it.each(CASES)('maps %s %j to %s', (name, data, code) => {
    const failure = mapOpencodeError({ name, data: { ...data } }, 'opencode', 'local/demo');
    expect(failure?.code ?? null).toBe(code);
    expect(failure?.message ?? 'Cannot fail: it was stopped; nothing').toMatch(/^Cannot [^\n]+: [^\n]+; [^\n]+$/);
  });
});
