// Keeps the page and its hashed files at hand, so that it opens at once and while the server is away. It never touches /api, and holds no data.
// The build replaces the two names below; a changed build is a changed worker, which takes over when the pages of the old one are closed.
const VERSION = '__VERSION__';
const SHELL = __SHELL__;
const CACHE = `boocode-${VERSION}`;
const PAGE = '/';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, '/theme.js', '/favicon.svg', ...SHELL])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api')) return;
  if (request.mode === 'navigate') event.respondWith(pageFirstFromServer(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(fileFromCache(request));
  else if (url.pathname === '/theme.js' || url.pathname === '/favicon.svg') event.respondWith(fetch(request).catch(() => caches.match(request)));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data?.path ?? PAGE));
});

/** A server that answers always decides which page it is, so an update is seen at the next load. */
async function pageFirstFromServer(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Hashed files never change: one that is kept is right. */
async function fileFromCache(request) {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, response.clone());
  }
  return response;
}

async function lead(path) {
  const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open === undefined) return self.clients.openWindow(path);
  await open.focus();
  open.postMessage({ path });
}
