import { openPath } from '../attention/open-path.ts';

/** Keeps the page's own files at hand, so that it opens while the server is away. Only in the built page, and where browsers allow it. */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string') openPath(data.path);
  });
  requestIdleCallback?.(() => {
    navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => undefined); // it only ever saves time
  });
}
