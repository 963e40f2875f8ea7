import { describe, expect, it } from 'vitest';
import { findModelError, modelErrorCode } from './model-failure-policy.ts';

describe('findModelError()', () => {
  it.each([
    // goose 1.50
    ['Ran into this error: Server error: Invalid API Key.\n\nPlease retry if you think this is a transient or recoverable error.', 'model_unauthorized'],
    [
      'Ran into this error: Server error: The demo model was asked to refuse this request.\n\nPlease retry if you think this is a transient or recoverable error.',
      'model_bad_request',
    ],
    [
      'Ran into this error: Server error: request (5255 tokens) exceeds the available context size (131072 tokens), try increasing it.\n\nPlease retry if you think this is a transient or recoverable error.',
      'context_too_long',
    ],
    ['Network error: Stream decode error: error decoding response body\n\nPlease resend your message to try again.', 'model_cut_off'],
    [
      'Network error: Could not connect to 127.0.0.1:45373 \u2014 check your network connection and try again.\n\nPlease resend your message to try again.',
      'model_unreachable',
    ],
    [
      'Ran into this error trying to compact: Failed to compact: context limit exceeded even after removing all tool responses.\n\nPlease try again or create a new session',
      'context_too_long',
    ],
    // qwen 0.15, claude
    ['[API Error: 500 the server failed]', 'model_server_error'],
    ['API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"no"}}', 'model_bad_request'],
    ['API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}', 'model_rate_limited'],
  ])('sees through %s', (message, code) => {
    const said = findModelError(message);
    expect(said).not.toBe(null);
    expect(modelErrorCode(said ?? '')).toBe(code);
  });

  it.each([
    'I ran into this error: the file is missing. Please retry.',
    'The log says:\n\nRan into this error: x.\n\nPlease retry if you think this is a transient or recoverable error.',
    'Ran into this error: x.\n\nPlease retry if you think this is a transient or recoverable error.\n\nSo I changed the timeout.',
    'API Error handling is in `errors.ts`; a 400 is shown to the user.',
    'API Error: what it means\n\nThe docs list three kinds.',
    'Network error: handled.\n\nI have added a retry.\n\nPlease resend your message to try again.',
    '[API Errors](docs/errors.md) are listed there.',
    '',
  ])('takes %j for an answer', (message) => {
    expect(findModelError(message)).toBe(null);
  });
});
