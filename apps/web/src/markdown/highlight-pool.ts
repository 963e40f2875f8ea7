import type { HighlightedLines, HighlightReply, HighlightRequest } from './highlight-worker.ts';

interface Waiting {
  readonly onLines: (lines: HighlightedLines) => void;
  readonly end: (isWhole: boolean) => void;
}

interface Pool {
  worker: Worker | null;
  next: number;
  readonly waiting: Map<number, Waiting>;
}

const pool: Pool = { worker: null, next: 1, waiting: new Map() };

/** Colours whole texts away from the page, so that typing and scrolling never wait for it; their lines come in parts. False = not all of them came: shown plain. */
export function highlightTexts(language: string, texts: readonly string[], onLines: Waiting['onLines']): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request: HighlightRequest = { id: pool.next++, language, texts };
  pool.waiting.set(request.id, { onLines, end: resolve });
  pool.worker ??= startWorker();
  pool.worker.postMessage(request);
  return promise;
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module', name: 'highlight' });
  worker.addEventListener('message', ({ data }: MessageEvent<HighlightReply>) => {
    const waiting = pool.waiting.get(data.id);
    if (data.part !== null) return waiting?.onLines(data.part);
    pool.waiting.delete(data.id);
    waiting?.end(data.isWhole);
  });
  worker.addEventListener('error', () => {
    for (const { end } of pool.waiting.values()) end(false);
    pool.waiting.clear();
  });
  return worker;
}
