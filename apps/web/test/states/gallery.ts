import { chatChannel } from '@boocode/contracts/frames.ts';
import { ChatId } from '@boocode/contracts/ids.ts';
import { DEFAULT_SETTINGS } from '@boocode/contracts/settings.ts';
import { uuid } from '../records.ts';
import { type Answer, type GalleryState, STATES } from './states.ts';

/** Opens the real program in one of the states: only the network is played. The address is `/?state=NAME&theme=THEME`. */
const params = new URLSearchParams(location.search);
const theme = params.get('theme') ?? 'ember';
const state = STATES.find(({ name }) => name === params.get('state'));
if (state === undefined) throw new Error(`Cannot show the state "${params.get('state') ?? ''}": there is none of this name`);

localStorage.clear();
for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.deleteDatabase(name);
localStorage.setItem('boocode.theme', theme);
if (state.isStranger !== true) localStorage.setItem('boocode.token', 'a-token-of-the-gallery');
for (const [key, value] of Object.entries(state.kept ?? {})) localStorage.setItem(key, value);
document.documentElement.dataset['theme'] = theme;
history.replaceState(null, '', state.path);
window.fetch = playFetch(state);
window.WebSocket = playSocket(state);
await import('../../src/main.tsx');

function playFetch({ api = {}, server = 'up' }: GalleryState): typeof fetch {
  return async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input, location.origin);
    const method = init?.method ?? 'GET';
    if (server === 'away') throw new TypeError('Failed to fetch');
    if (pathname === '/api/ws-ticket')
      return server === 'unknown' ? reply({ status: 401, code: 'unauthorized', message: 'Cannot let this device in' }) : json(201, { ticket: 't' });
    const answer = api[`${method} ${pathname}${search}`] ?? api[`${method} ${pathname}`] ?? DEFAULTS[`${method} ${pathname}`];
    if (answer === 'never') return new Promise<Response>(() => {});
    if (answer === undefined && /^\/api\/projects\/[^/]+\/trust$/.test(pathname)) return json(200, { items: [], nextCursor: null });
    if (answer === undefined) return reply({ status: 404, code: 'not_found', message: `Cannot ${method} ${pathname}: this state does not hold it` });
    return isRefusal(answer) ? reply(answer) : json(200, answer);
  };
}

/** What every state answers unless it says otherwise. */
const DEFAULTS: Readonly<Record<string, Answer>> = {
  'GET /api/settings': { ...DEFAULT_SETTINGS, theme_id: theme },
  'GET /api/providers': {
    items: [{ id: 'boocode', label: 'BooCode', transport: 'native', status: 'ready', message: null, version: '0.1.0', models: [], modes: [], checkedAt: null }],
    nextCursor: null,
  },
  'GET /api/worktrees': {
    items: [
      {
        id: uuid(97),
        projectId: uuid(1),
        sessionId: uuid(2),
        path: '/home/ada/.boocode/worktrees/harbor',
        branch: 'boocode/fix-the-retry-delay',
        base: 'a1b2c3d',
        state: 'ready',
        setup: null,
        createdAt: '2026-01-31T12:00:00.000Z',
      },
    ],
    nextCursor: null,
  },
  [`GET /api/sessions/${uuid(2)}/agent-sessions`]: [
    {
      agent: 'boocode',
      status: 'idle',
      has_session: true,
      last_active_at: null,
      chat_id: uuid(3),
      backend: 'native',
      model: 'qwen3-coder-30b',
      input_tokens: 84_200,
      output_tokens: 2_100,
      cost: null,
    },
  ],
  'GET /api/terminals': { items: [], nextCursor: null },
  'GET /api/agents': { items: [], nextCursor: null },
  'GET /api/permission-rules': { items: [], nextCursor: null },
  'GET /api/permissions': { items: [], nextCursor: null },
  'GET /api/models': {
    items: [{ id: 'qwen3-coder-30b', server: 'home', name: 'qwen3-coder-30b', contextSize: 131_072, demo: false, isDefault: true }],
    servers: [{ id: 'home', url: 'http://127.0.0.1:8080/v1', status: 'ready', message: null, demo: false, checkedAt: null }],
    places: [],
    nextCursor: null,
  },
  'GET /api/status': {
    version: '0.1.0',
    pid: 1,
    url: '',
    home: '/home/ada/.boocode',
    startedAt: '',
    rssBytes: 1,
    database: { kind: 'embedded', version: '18', pid: null, message: null },
    contained: true,
    tasks: { pending: 0, running: 0, blocked: 0 },
    problems: [],
  },
};

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function isRefusal(answer: Answer): answer is Refusal {
  return typeof answer === 'object' && 'status' in answer && 'code' in answer;
}

function reply({ status, code, message }: Refusal): Response {
  return json(status, { error: { code, message } });
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** A socket that answers each subscription with the state's snapshot, once. */
function playSocket(shown: GalleryState): typeof WebSocket {
  class PlayedSocket extends EventTarget {
    static readonly OPEN = 1;
    readyState = 0;

    constructor() {
      super();
      queueMicrotask(() => {
        this.readyState = 1;
        this.dispatchEvent(new Event('open'));
        this.#give({ type: 'hello', protocol: shown.server === 'newer' ? 99 : 1, version: '0.1.0' });
        if (shown.server === 'goodbye') setTimeout(() => this.close(1_001), 300);
      });
    }

    send(text: string): void {
      const { type, channel }: { type: string; channel?: string } = JSON.parse(text);
      if (type !== 'subscribe' || shown.server === 'silent') return;
      if (channel === 'user') {
        this.#give({ type: 'user_snapshot', channel, seq: 1, projects: [], sessions: [], permissions: [], failed: [], notices: [], ...shown.user });
        (shown.frames ?? []).forEach((frame, index) => this.#give({ channel, seq: index + 2, ...frame }));
      }
      const chat = Object.entries(shown.chats ?? {}).find(([id]) => chatChannel(ChatId.parse(id)) === channel)?.[1];
      if (chat !== undefined) this.#give({ type: 'chat_snapshot', channel, seq: 1, hasOlder: false, tasks: [], permissions: [], agents: [], ...chat });
    }

    close(code = 1_000): void {
      this.readyState = 3;
      this.dispatchEvent(new CloseEvent('close', { code }));
      shown = { ...shown, server: 'away' };
      window.fetch = playFetch(shown);
    }

    #give(frame: unknown): void {
      this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
    }
  }
  return PlayedSocket as unknown as typeof WebSocket;
}
