import { findBusy, findContextRefusal } from './describe-model-failure.ts';

export type AfterFailure =
  | { readonly type: 'fail' }
  | { readonly type: 'wait'; readonly ms: number; readonly reason: string }
  /** Send less: the server's context is this large (null = not said). */
  | { readonly type: 'shorten'; readonly contextSize: number | null };

export interface Attempts {
  /** How often this request has been repeated because the server was busy. */
  readonly waits: number;
  readonly shortenings: number;
  /** Since the first attempt of this request. */
  readonly elapsedMs: number;
}

export interface RetryLimits {
  readonly waitsMs: readonly number[];
  readonly loadingMs: number;
  readonly maxShortenings: number;
}

const MAX_RETRY_AFTER_MS = 60_000;

/** Decides what to do after a request that brought nothing. A server that loads a model is waited for; a busy one a few times; nothing else is repeated. */
export function decideAfterFailure(error: unknown, attempts: Attempts, limits: RetryLimits): AfterFailure {
  const refusal = findContextRefusal(error);
  if (refusal !== null) return attempts.shortenings < limits.maxShortenings ? { type: 'shorten', contextSize: refusal.contextSize } : { type: 'fail' };
  const busy = findBusy(error);
  if (busy === null) return { type: 'fail' };
  const planned = limits.waitsMs[busy.isLoading ? Math.min(attempts.waits, limits.waitsMs.length - 1) : attempts.waits];
  if (planned === undefined || (busy.isLoading && attempts.elapsedMs > limits.loadingMs)) return { type: 'fail' };
  const ms = Math.min(busy.retryAfterMs ?? planned, MAX_RETRY_AFTER_MS);
  return { type: 'wait', ms, reason: busy.isLoading ? 'the model is loading' : 'the server is busy' };
}
