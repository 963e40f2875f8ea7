/** It took longer than it may. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/** What the work resolves with, or a rejection when it takes too long or the signal aborts. */
export async function within<T>(work: Promise<T>, limitMs: number, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => ended.reject(new TookTooLong(`no answer in ${limitMs / 1_000} s`)), limitMs);
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

type Settled = { readonly type: 'resolved'; readonly value: unknown } | { readonly type: 'rejected'; readonly error: unknown };

/** How work ended. Never rejects. */
export function settled(work: Promise<unknown>): Promise<Settled> {
  return work.then(
    (value) => ({ type: 'resolved', value }),
    (error: unknown) => ({ type: 'rejected', error }),
  );
}

export function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}
