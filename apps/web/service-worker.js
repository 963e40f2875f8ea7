// Keeps the page and its hashed files at hand, so that it opens at once and while the server is away. It never touches /api, and holds no data.
// The build replaces the two names below; a changed build is a changed worker. It waits until the pages of the old one are closed, or until one of them
// asks for it (a person chose to reload).
const VERSION = '__VERSION__';
const SHELL = __SHELL__;
const CACHE = `boocode-${VERSION}`;
const PAGE = '/';
/** Whether the last page came from here: then its files do too. Otherwise the browser's own cache has them, and is faster. */
let isAway = false;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, '/theme.js', '/favicon.svg', ...SHELL])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))));
});

self.addEventListener('message', (event) => {
  if (event.data?.type === 'take-over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api')) return;
  if (request.mode === 'navigate') event.respondWith(pageFirstFromServer(request));
  else if (isAway) event.respondWith(fileFromCache(request));
  else if (url.pathname.startsWith('/assets/')) event.waitUntil(keep(request));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.path ?? PAGE));
});

/** A server that answers always decides which page it is, so an update is seen at the next load. */
async function pageFirstFromServer(request) {
  try {
    const response = await fetch(request);
    isAway = false;
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw error;
    isAway = true;
    return kept;
  }
}

async function fileFromCache(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** Hashed files never change: one that was used once is kept, out of the browser's own cache. */
async function keep(request) {
  const cache = await caches.open(CACHE);
  if ((await cache.match(request)) === undefined) await cache.add(request.url).catch(() => undefined);
}

async function lead(path) {
  const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open === undefined) return self.clients.openWindow(path);
  open.postMessage({ path });
  await open.focus().catch(() => undefined); // some browsers do not let it come to the front
}
