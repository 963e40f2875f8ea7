import type { HighlightReply, HighlightRequest } from './highlight-worker.ts';

type Lines = HighlightReply['lines'];

interface Pool {
  worker: Worker | null;
  next: number;
  readonly waiting: Map<number, (lines: Lines) => void>;
}

const pool: Pool = { worker: null, next: 1, waiting: new Map() };

/** Colours whole texts away from the page, so that typing and scrolling never wait for it. Null = shown plain. */
export function highlightTexts(language: string, texts: readonly string[]): Promise<Lines> {
  const { promise, resolve } = Promise.withResolvers<Lines>();
  const request: HighlightRequest = { id: pool.next++, language, texts };
  pool.waiting.set(request.id, resolve);
  pool.worker ??= startWorker();
  pool.worker.postMessage(request);
  return promise;
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module', name: 'highlight' });
  worker.addEventListener('message', (event: MessageEvent<HighlightReply>) => {
    pool.waiting.get(event.data.id)?.(event.data.lines);
    pool.waiting.delete(event.data.id);
  });
  worker.addEventListener('error', () => {
    for (const resolve of pool.waiting.values()) resolve(null);
    pool.waiting.clear();
  });
  return worker;
}
