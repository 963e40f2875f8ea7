import { openPath } from '../attention/open-path.ts';
import { ExternalStore } from '../live/external-store.ts';
import type { Connection } from '../live/live-socket.ts';

/** Keeps the page's own files at hand, so that it opens while the server is away, and knows when a newer build of the page is there. */
export class AppUpdate {
  /** True: a reload brings a newer page. It never reloads by itself. */
  readonly isReady = new ExternalStore(false);
  #registration: ServiceWorkerRegistration | null = null;

  /** Only in the built page, and where browsers allow it. */
  start(connection: ExternalStore<Connection>): void {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string') openPath(data.path);
    });
    requestIdleCallback?.(() => {
      navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' }).then(
        (registration) => this.#watch(registration),
        () => undefined, // it only ever saves time
      );
    });
    // An update restarts the server: after every reconnect it is looked for.
    const look = () => connection.get() === 'online' && void this.#registration?.update().catch(() => undefined);
    connection.subscribe(look);
    document.addEventListener('visibilitychange', look);
  }

  /** Lets the newer worker take over, then loads its page. */
  async reload(): Promise<void> {
    const waiting = this.#registration?.waiting;
    if (waiting && navigator.serviceWorker.controller !== null) {
      const isOver = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
      waiting.postMessage({ type: 'take-over' });
      await isOver;
    }
    location.reload();
  }

  #watch(registration: ServiceWorkerRegistration): void {
    this.#registration = registration;
    if (registration.waiting !== null && registration.active !== null) this.isReady.set(true);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && registration.active !== null) this.isReady.set(true);
      });
    });
  }
}
