import type { Fault } from './directive.ts';

/** The HTTP status of a fault; null = it is not told by a status. */
export function faultStatus(fault: Fault): number | null {
  if (fault === 'context') return 400;
  const status = Number(fault);
  return Number.isInteger(status) ? status : null;
}

/** The error body in the form that llama.cpp's server uses. */
export function faultBody(fault: Fault, facts: { readonly promptTokens: number; readonly contextSize: number; readonly model: string }): object {
  if (fault === 'context') return contextError(facts.promptTokens, facts.contextSize);
  const code = faultStatus(fault) ?? 500;
  return { error: { code, message: faultMessage(fault, facts.model), type: TYPES[code] ?? 'server_error' } };
}

export function faultMessage(fault: Fault, model: string): string {
  return MESSAGES[faultStatus(fault) ?? 500]?.replace('MODEL', model) ?? 'The demo model was asked to fail';
}

function contextError(promptTokens: number, contextSize: number): object {
  return {
    error: {
      code: 400,
      message: `request (${promptTokens} tokens) exceeds the available context size (${contextSize} tokens), try increasing it`,
      type: 'exceed_context_size_error',
      n_prompt_tokens: promptTokens,
      n_ctx: contextSize,
    },
  };
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The demo model was asked to refuse this request',
  401: 'Invalid API Key',
  403: 'This key may not use the model',
  404: 'model "MODEL" not found',
  429: 'Too many requests',
  500: 'The demo model was asked to fail',
  503: 'Loading model',
};

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  503: 'unavailable_error',
};
