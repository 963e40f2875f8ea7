import * as z from 'zod/mini';

/** Every failure a caller can act on, and the HTTP status it travels with. */
export const HTTP_STATUS = {
  // the request
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_attempts: 429,
  // projects, worktrees and changes
  no_repository: 409,
  unsupported_repository: 409,
  change_conflict: 409,
  worktree_busy: 409,
  worktree_damaged: 409,
  not_trusted: 409,
  git_failed: 500,
  // agents
  agent_unavailable: 503,
  agent_crashed: 502,
  // model servers
  model_unreachable: 502,
  model_unauthorized: 502,
  model_not_found: 502,
  model_rate_limited: 502,
  model_server_error: 502,
  model_bad_request: 502,
  model_bad_response: 502,
  model_empty_answer: 502,
  model_cut_off: 502,
  model_stalled: 504,
  context_too_long: 502,
  // the program itself
  interrupted: 500,
  storage_full: 507,
  storage_unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof HTTP_STATUS;

const CODES = Object.keys(HTTP_STATUS) as [ErrorCode, ...ErrorCode[]];
export const ErrorCode = z.enum(CODES);

/** A failure the caller can act on. Anything else that is thrown is a bug. Message: "Cannot <verb> <object>: <reason>; <next step>". */
export class BooError extends Error {
  override readonly name = 'BooError';
  readonly code: ErrorCode;
  /** Facts for programs (for instance the risk report of a refused deletion). */
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { details?: unknown }) {
    super(message, options);
    this.code = code;
    this.details = options?.details;
  }
}

/** What every HTTP error carries. */
export const ErrorBody = z.object({
  error: z.object({ code: ErrorCode, message: z.string(), details: z.optional(z.unknown()) }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** A failure as it is stored with a message or a task. */
export const Failure = z.object({ code: ErrorCode, message: z.string() });
export type Failure = z.infer<typeof Failure>;
