import './configure-zod.ts';
import './styles/app.css';
import { createApiClient } from '@boocode/contracts/api-client.ts';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { focusAskedQuestion } from './attention/open-path.ts';
import { watchAttention } from './attention/watch-attention.ts';
import { readDeviceToken } from './door/device-token.ts';
import { DoorPage } from './door/DoorPage.tsx';
import { openDoor } from './door/open-door.ts';
import { ChangesStore } from './live/changes-store.ts';
import { ChatCache } from './live/chat-cache.ts';
import { ChatStore } from './live/chat-store.ts';
import { ExternalStore } from './live/external-store.ts';
import { type Live, LiveContext } from './live/live-context.tsx';
import { LiveSocket } from './live/live-socket.ts';
import { Outbox } from './live/outbox.ts';
import { keepUserCache, readUserCache } from './live/user-cache.ts';
import { UserStore } from './live/user-store.ts';
import { LayoutStore } from './panes/layout-store.ts';
import { AppUpdate } from './pwa/app-update.ts';
import { ThemeStore } from './settings/theme-store.ts';
import { ActionRegistry } from './shell/action-registry.ts';
import type { Overlay } from './shell/overlay.ts';
import type { Toast } from './shell/toast.ts';

const container = document.getElementById('root');
if (container === null) throw new TypeError('Cannot start: the page has no #root');
const root = createRoot(container);

const api = createApiClient({ baseUrl: '', token: readDeviceToken, fetch: fetchSignedIn });
const socket = new LiveSocket({
  getTicket: async () => (await api.createTicket({ body: {} })).ticket,
  open: (ticket) => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/ws?ticket=${encodeURIComponent(ticket)}`),
});

await enter();

async function enter(): Promise<void> {
  const door = await openDoor(api);
  if (!door.isOpen) {
    root.render(<DoorPage reason={door.reason} />);
    return;
  }
  const owner = readDeviceToken()?.slice(-12) ?? '';
  const changes = new ChangesStore(api);
  const live: Live = {
    api,
    socket,
    changes,
    user: new UserStore(socket, api, changes, readUserCache(localStorage, owner)),
    chats: new ChatStore(socket, api, new ChatCache(owner)),
    outbox: new Outbox({ api, storage: localStorage, connection: socket.connection, locks: navigator.locks }),
    theme: new ThemeStore(api),
    layouts: new LayoutStore(api, localStorage),
    actions: new ActionRegistry(),
    overlay: new ExternalStore<Overlay | null>(null),
    update: new AppUpdate(),
    toasts: new ExternalStore<Toast | null>(null),
  };
  live.user.onFrame((frame) => live.layouts.hear(frame));
  const keep = () => socket.connection.get() !== 'signed_out' && keepUserCache(localStorage, owner, live.user.store.get());
  addEventListener('storage', ({ key }) => live.outbox.hear(key));
  addEventListener('pagehide', keep);
  document.addEventListener('visibilitychange', keep);
  watchAttention({ user: live.user.store, settings: live.theme.settings }, new AbortController().signal);
  socket.start(new AbortController().signal);
  void live.theme.load().catch(() => undefined); // this device remembers its theme
  root.render(
    <LiveContext value={live}>
      <App />
    </LiveContext>,
  );
  focusAskedQuestion();
  live.update.start(socket.connection);
}

/** Any 401 but that of the door itself means that this device is not known any more. */
async function fetchSignedIn(...args: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...args);
  if (response.status === 401 && !response.url.includes('/api/auth/')) socket.signOut();
  return response;
}
