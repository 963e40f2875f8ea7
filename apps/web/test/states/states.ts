import { aChat, aMessage, aPermission, aSession, aTask, aText, aTool, uuid } from '../records.ts';

/** What a route answers: a body, a refusal, or nothing ever. */
export type Answer = object | { readonly status: number; readonly code: string; readonly message: string } | 'never';

/** Something done once the state stands, by the name a person sees. */
interface Step {
  /** `see`: waits until it is there. */
  readonly do: 'click' | 'fill' | 'type' | 'see';
  readonly role: 'button' | 'textbox' | 'radio' | 'link' | 'searchbox' | 'tab' | 'menuitem';
  readonly name: string;
  readonly text?: string;
}

/** One named state of the program: fixtures in place of a server. */
export interface GalleryState {
  readonly name: string;
  readonly path: string;
  /** `away`: nothing answers · `silent`: it connects and says nothing · `goodbye`: it leaves · `newer`: another protocol · `unknown`: it does not know this device. */
  readonly server?: 'up' | 'away' | 'silent' | 'goodbye' | 'newer' | 'unknown';
  readonly isStranger?: boolean;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly frames?: readonly Readonly<Record<string, unknown>>[];
  readonly chats?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly api?: Readonly<Record<string, Answer>>;
  /** What this device kept. */
  readonly kept?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  /** The pane that a phone has to open first. */
  readonly phonePane?: 'Changes' | 'Files' | 'Terminal';
  /** The name of a skeleton that is there when the state stands. */
  readonly waitsFor?: string;
  /** A text that is there when the state stands; '' for a state that has none yet. */
  readonly shows: string;
}

const AT = '2026-01-31T12:00:00.000Z';
const HARBOR = { id: uuid(1), path: '/home/ada/src/harbor', name: 'harbor', allowed_read_paths: [], createdAt: AT };
const ATLAS = { ...HARBOR, id: uuid(4), path: '/home/ada/src/atlas-of-very-long-names-that-go-on', name: 'atlas-of-very-long-names-that-go-on' };
const CHAT = aChat({ title: 'Fix the retry delay', model: 'qwen3-coder-30b' });
const SESSION = aSession({ title: 'Fix the retry delay', chats: [CHAT] });
const SESSIONS = [
  SESSION,
  aSession({ id: uuid(42), title: 'Rename the ports in the configuration', status: 'working', chats: [aChat({ id: uuid(52), sessionId: uuid(42) })] }),
  aSession({ id: uuid(43), title: 'Explain the cache', pendingChanges: 3, chats: [aChat({ id: uuid(53), sessionId: uuid(43) })] }),
  aSession({ id: uuid(44), title: 'Tidy the tests', chats: [aChat({ id: uuid(54), sessionId: uuid(44) })], updatedAt: '2026-01-29T12:00:00.000Z' }),
];
const HOME = { projects: [HARBOR], sessions: SESSIONS };
const ASKS = aPermission({
  subject: 'npm test -- --run src/retry',
  reason: 'It wants to see whether the change holds.',
  options: [
    { id: 'a', label: 'Allow once', kind: 'allow_once' },
    { id: 'b', label: 'Always allow npm test', kind: 'allow_always' },
    { id: 'c', label: 'Deny', kind: 'reject_once' },
  ],
});
const WAITS = { ...HOME, sessions: [{ ...SESSION, status: 'blocked' }, ...SESSIONS.slice(1)], permissions: [ASKS] };
const UNREACHABLE = {
  code: 'model_unreachable',
  message: 'Cannot reach the model server "home" at http://127.0.0.1:8080/v1: connection refused; start it, or choose another model',
};
const FAILED = aTask({ id: uuid(11), state: 'failed', input: 'Fix the retry delay in src/retry.ts', error: UNREACHABLE, startedAt: AT, endedAt: AT });
const INTERRUPTED = aTask({ id: uuid(12), sessionId: uuid(44), chatId: uuid(54), state: 'interrupted', input: 'Tidy the tests', startedAt: AT, endedAt: AT });
const AWAY = { status: 503, code: 'storage_unavailable', message: 'Cannot read: the database is out of reach; it is being started again' };
const NO_SERVER: Record<string, Answer> = {
  'GET /api/models': {
    items: [{ id: 'demo', server: 'demo', name: 'demo', contextSize: 32_000, demo: true, isDefault: true }],
    servers: [
      { id: 'demo', url: 'demo', status: 'ready', message: null, demo: true, checkedAt: null },
      { id: 'home', url: 'http://127.0.0.1:8080/v1', status: 'error', message: 'connection refused', demo: false, checkedAt: AT },
    ],
    nextCursor: null,
  },
};

const place = (port: number, name: string, status: string) => ({ name, url: `http://127.0.0.1:${port}/v1`, status });
const nothingFound = (status = 'absent'): Record<string, Answer> => ({
  'GET /api/models': {
    items: [{ id: 'demo', server: 'demo', name: 'Demo model (built in)', contextSize: null, demo: true, isDefault: true }],
    servers: [{ id: 'demo', url: 'built in', status: 'ready', message: null, demo: true, checkedAt: null }],
    places: [
      place(8080, 'llama-swap, llama.cpp', status),
      place(9931, 'llama.cpp', status),
      place(11434, 'Ollama', status),
      place(1234, 'LM Studio', status),
      place(8000, 'vLLM', status === 'absent' ? 'other' : status),
    ],
    nextCursor: null,
  },
});
const askAddress: readonly Step[] = [
  { do: 'fill', role: 'textbox', name: 'Is it somewhere else?', text: 'http://192.168.1.20:8080/v1' },
  { do: 'click', role: 'button', name: 'Test' },
];

// Chats
const prompt = aMessage({
  id: uuid(20),
  position: 1,
  role: 'user',
  parts: [aText('The retry delay grows without end. Bound it to five seconds, and test it.')],
});
const output = (text: string) => ({ text, bytes: text.length, lines: text.split('\n').length, truncated: false, file: null, exitCode: 0, diffs: [] });
const PATCH =
  '--- a/src/retry.ts\n+++ b/src/retry.ts\n@@ -1,3 +1,3 @@\n export function delay(attempt: number) {\n-  return 100 * 2 ** attempt;\n+  return Math.min(5_000, 100 * 2 ** attempt);\n }\n';
const EDIT = aTool({
  callId: 'c2',
  step: 1,
  name: 'edit',
  kind: 'edit',
  title: 'src/retry.ts',
  output: { ...output('edited'), diffs: [{ path: 'src/retry.ts', patch: PATCH, additions: 1, deletions: 1 }] },
});
const WORK = [
  { type: 'reasoning', text: 'The delay doubles for ever. A bound at five seconds is enough.' },
  aTool({ title: 'src/retry.ts', output: output('export function delay(attempt: number) {}') }),
  EDIT,
  aTool({ callId: 'c3', step: 2, name: 'shell', kind: 'execute', title: 'npm test', input: { command: 'npm test' }, output: output('12 passed') }),
];
const ANSWER =
  '## Done\n\nThe delay is **bounded to five seconds**:\n\n```ts\nreturn Math.min(5_000, 100 * 2 ** attempt);\n```\n\n| attempt | delay |\n|---|---|\n| 1 | 200 ms |\n| 9 | 5 s |\n';
const USAGE = { inputTokens: 12_400, outputTokens: 840, cachedTokens: null, contextUsed: 13_240, contextSize: 131_072, cost: null };
const answer = (fields: Record<string, unknown>) =>
  aMessage({
    position: 2,
    metadata: { agent: 'boocode', model: 'qwen3-coder-30b', mode: null },
    parts: [...WORK, aText(ANSWER)],
    usage: USAGE,
    endedAt: '2026-01-31T12:00:41.000Z',
    ...fields,
  });
const PATH = `/sessions/${uuid(2)}/${uuid(3)}`;
const EMPTY_LIST = { items: [], nextCursor: null };
const CHANGES: Record<string, Answer> = {
  [`GET /api/sessions/${uuid(2)}/changes`]: EMPTY_LIST,
  [`GET /api/sessions/${uuid(2)}/layout`]: { layout: null, version: 0 },
  [`GET /api/sessions/${uuid(2)}/comments`]: EMPTY_LIST,
};
const hunk = (fields: Record<string, unknown>) => ({
  id: 'a1',
  oldStart: 2,
  oldLines: 1,
  newStart: 2,
  newLines: 1,
  marked: false,
  agent: 'boocode',
  chatId: uuid(3),
  taskId: uuid(10),
  ...fields,
});
/** Two hunks below one `@@`, one below another. */
const LONG_PATCH = [
  '--- a/src/login.ts\n+++ b/src/login.ts\n@@ -1,9 +1,12 @@ import',
  ' import { findUser } from "../db/users";',
  '+import { hit, key, tooMany } from "../lib/rate-limit";',
  ' import { verify } from "../lib/password";',
  ' ',
  ' export async function login(req: Request, db: Db) {',
  '-  const user = await findUser(db, req.body.email);',
  '+  const gate = await hit(db, key(req), { max: 5, per: "15m", onLimit: () => audit(req, "too many attempts from this address") });',
  '+  if (!gate.ok) return tooMany(gate.retryAfter);',
  '+  const user = await findUser(db, req.body.email);',
  '   if (!user) return unauthorized();',
  '   // same answer for a wrong password',
  '   const isRight = await verify(user, req.body.password);',
  '   if (!isRight) return unauthorized();',
  '@@ -41,2 +44,3 @@ login()',
  '   await sessions.start(user.id);',
  '+  await clear(db, key(req));',
  '   return ok({ id: user.id });',
  '',
].join('\n');
const LOGIN = {
  id: uuid(62),
  path: 'src/routes/login.ts',
  additions: 5,
  deletions: 1,
  patch: LONG_PATCH,
  hunks: [
    hunk({ id: 'h1', oldStart: 1, oldLines: 0, newStart: 2, newLines: 1, marked: true }),
    hunk({ id: 'h2', oldStart: 5, oldLines: 1, newStart: 6, newLines: 3, agent: 'qwen' }),
    hunk({ id: 'h3', oldStart: 41, oldLines: 0, newStart: 45, newLines: 1 }),
  ],
};
const NOTHING_AHEAD = { files: [], conflicts: [], collisions: [], message: '' };
const ahead = (fields: Record<string, unknown>) => ({ [`POST /api/sessions/${uuid(2)}/changes/preview`]: { ...NOTHING_AHEAD, ...fields } });
const aCheck = (fields: Record<string, unknown>) => ({
  type: 'check_updated',
  check: {
    id: uuid(91),
    sessionId: uuid(2),
    command: 'npm test',
    state: 'running',
    detail: 'Running for 12 s',
    output: '> harbor@1.0.0 test\n> vitest run\n\n ✓ src/retry.test.ts (4 tests) 12ms\n ✓ src/login.test.ts (9 tests) 40ms\n',
    startedAt: AT,
    endedAt: null,
    ...fields,
  },
});
const change = (fields: Record<string, unknown>) => ({
  id: uuid(60),
  sessionId: uuid(2),
  worktreeId: uuid(5),
  path: 'src/retry.ts',
  oldPath: null,
  kind: 'modified',
  state: 'pending',
  marked: false,
  agent: 'boocode',
  taskId: uuid(10),
  hunks: [hunk({})],
  binary: false,
  additions: 1,
  deletions: 1,
  note: null,
  createdAt: AT,
  updatedAt: AT,
  patch: PATCH,
  patchTruncated: false,
  comments: [],
  ...fields,
});
const chat = (messages: readonly object[], more: Record<string, unknown> = {}) => ({ [uuid(3)]: { chat: CHAT, messages, ...more } });

interface ChatFixture extends Partial<GalleryState> {
  readonly name: string;
  readonly shows: string;
}
const session = (fixture: ChatFixture): GalleryState => ({ path: PATH, user: HOME, api: CHANGES, ...fixture });

// Agents
const agentModel = (id: string) => ({ id, server: 'home', name: id, contextSize: 131_072, demo: false, isDefault: false });
const provider = (id: string, label: string, fields: Record<string, unknown> = {}) => ({
  id,
  label,
  transport: 'acp',
  status: 'ready',
  message: null,
  version: '1.50.0',
  models: [agentModel('qwen3-coder-30b'), agentModel('devstral-small')],
  modes: [],
  checkedAt: AT,
  contained: true,
  signInHint: null,
  installHint: null,
  isBuiltIn: true,
  report: `agent: ${id}\ntransport: acp\nfound: /usr/local/bin/${id}\nanswer: ended with status 0, after 83 ms`,
  ...fields,
});
const PROVIDERS: Record<string, Answer> = {
  'GET /api/providers': {
    items: [
      provider('boocode', 'BooCode', { transport: 'native', version: '0.1.0' }),
      provider('opencode', 'opencode', { status: 'loading', version: null, models: [] }),
      provider('goose', 'goose'),
      provider('claude', 'Claude Code', { status: 'error', message: 'It is not signed in: run claude auth login in a terminal, then look again' }),
      provider('qwen', 'Qwen Code', {
        status: 'unavailable',
        version: null,
        models: [],
        message: 'It is not installed',
        installHint: 'npm install -g @qwen-code/qwen-code@0.24.4',
      }),
    ],
    nextCursor: null,
  },
};
const entry = (id: string, label: string, fields: Record<string, unknown> = {}) => ({
  id,
  label,
  package: id,
  version: '0.61.0',
  testedOn: '2026-11-22',
  proven: 'Answers and edits a file, against a scripted model server.',
  installHint: `npm install -g ${id}@0.61.0`,
  isAdded: false,
  ...fields,
});
const CATALOGUE: Record<string, Answer> = {
  'GET /api/catalogue': {
    items: [
      entry('goose', 'goose', { isAdded: true }),
      entry('gemini', 'Gemini CLI', { proven: 'Starts, and opens a conversation. No prompt was sent: it needs an account or GEMINI_API_KEY.' }),
    ],
    nextCursor: null,
  },
};
const GOOSE_INFO = {
  modes: [
    { id: 'auto', label: 'Auto', description: 'Does everything without asking' },
    { id: 'approve', label: 'Approve', description: 'Asks before every tool' },
    { id: 'chat', label: 'Chat', description: 'Has no tools at all' },
  ],
  mode: 'approve',
  models: [{ id: 'gpt-oss-120b', label: 'gpt-oss-120b', description: 'Of its own provider' }],
  model: 'gpt-oss-120b',
  commands: [
    { name: 'compact', description: 'Sum the conversation up to make room', hint: null },
    { name: 'prompts', description: 'List the prompts that its extensions bring, with all that they take', hint: '--extension NAME' },
    { name: 'recipe', description: 'Write a recipe of this conversation', hint: 'file name' },
  ],
  title: null,
};
const CHAT_OF = (fields: Record<string, unknown>) => ({ ...CHAT, model: null, ...fields });
const gooseChat = (messages: readonly object[] = [], fields: Record<string, unknown> = {}) => ({
  [uuid(3)]: { chat: CHAT_OF({ agent: 'goose' }), messages, agents: [{ agent: 'goose', info: GOOSE_INFO }], ...fields },
});
const byGoose = (fields: Record<string, unknown> = {}) => answer({ metadata: { agent: 'goose', model: 'gpt-oss-120b', mode: 'approve' }, ...fields });
const QUESTION = aPermission({
  agent: 'goose',
  kind: 'question',
  title: 'Which bound?',
  subject: 'How long may the delay get?\nFive seconds: what most clients do\nThirty seconds: kinder to a server that starts slowly',
  reason: 'The agent asks you.',
  options: [
    { id: 'answer-0', label: 'Five seconds', kind: 'allow_once' },
    { id: 'answer-1', label: 'Thirty seconds, and say so in the log with the number of the attempt', kind: 'allow_once' },
    { id: 'reject', label: 'No answer', kind: 'reject_once' },
  ],
});
const OPEN_QUESTION = aPermission({
  ...QUESTION,
  title: 'What is the harbour called?',
  subject: 'name: As it stands on the map',
  options: [
    { id: 'words', label: 'Answer', kind: 'allow_once' },
    { id: 'decline', label: 'Decline', kind: 'reject_once' },
  ],
});
const PLAN = {
  type: 'plan',
  entries: [
    { text: 'Read the retry loop and its tests', status: 'completed' },
    { text: 'Bound the delay to five seconds', status: 'in_progress' },
    { text: 'Test the bound without waiting on a clock', status: 'pending' },
  ],
};
const rule = (id: number, fields: Record<string, unknown>) => ({
  id: uuid(id),
  projectId: uuid(1),
  agent: 'goose',
  kind: 'execute',
  subject: 'npm test',
  createdAt: AT,
  ...fields,
});
const RULES: Record<string, Answer> = {
  'GET /api/permission-rules': {
    items: [
      rule(81, {}),
      rule(82, { kind: 'edit', agent: 'boocode', subject: 'src/a-folder-with-a-long-name/and-another-one-below-it/a-file-of-a-long-name-too.test.ts' }),
      rule(83, { projectId: uuid(99), kind: 'fetch', subject: 'https://example.org/the-protocol' }),
    ],
    nextCursor: null,
  },
};
const RUNNING: Record<string, Answer> = {
  'GET /api/agents': {
    items: [
      { chatId: uuid(52), sessionId: uuid(42), agent: 'goose', pid: 4_211, memoryBytes: 131_000_000, state: 'working', lastUsedAt: AT },
      { chatId: uuid(53), sessionId: uuid(43), agent: 'qwen', pid: 4_388, memoryBytes: 553_000_000, state: 'idle', lastUsedAt: AT },
      { chatId: uuid(95), sessionId: uuid(96), agent: 'opencode', pid: null, memoryBytes: null, state: 'idle', lastUsedAt: AT },
    ],
    nextCursor: null,
  },
};
const ASKED_LAST: Record<string, Answer> = { 'GET /api/permissions': { items: [{ ...ASKS, state: 'expired', answeredAt: AT }], nextCursor: null } };

// Files, search, trust
const FILES = [
  { name: 'src', path: 'src', kind: 'folder', size: null, status: 'M', ignored: false },
  { name: 'node_modules', path: 'node_modules', kind: 'folder', size: null, status: null, ignored: true },
  { name: 'package.json', path: 'package.json', kind: 'file', size: 812, status: null, ignored: false },
  {
    name: 'notes-of-a-very-long-name-that-goes-on-and-on.md',
    path: 'notes-of-a-very-long-name-that-goes-on-and-on.md',
    kind: 'file',
    size: 90,
    status: '?',
    ignored: false,
  },
];
const folder = (value: Answer): Record<string, Answer> => ({ [`GET /api/projects/${uuid(1)}/files`]: value });
const pane = (id: string, tab: string, kind: string, ref: string | null) => ({ type: 'pane', id, tabs: [{ id: tab, kind, ref }], active: tab });
const filesTab: Record<string, Answer> = {
  [`GET /api/sessions/${uuid(2)}/layout`]: {
    version: 1,
    layout: {
      root: { type: 'split', id: 'first', direction: 'row', sizes: [58, 42], children: [pane('main', 'c', 'chat', uuid(3)), pane('side', 'f', 'files', null)] },
      focused: 'main',
      maximised: null,
    },
  },
};
const HITS = [prompt, answer({})].map((message, index) => ({
  projectId: uuid(1),
  sessionId: uuid(2),
  sessionTitle: 'Fix the retry delay',
  chatId: uuid(3),
  chatTitle: 'Chat 1',
  messageId: message.id,
  position: index + 1,
  role: message.role,
  snippet: [
    { text: 'The delay is ', marked: false },
    { text: 'bounded', marked: true },
    { text: ' to five seconds, and a test of it waits on no clock', marked: false },
  ],
  createdAt: AT,
}));
const searchFor: readonly Step[] = [{ do: 'fill', role: 'searchbox', name: 'Search in chats', text: 'bounded' }];
const trust = (fields: Record<string, unknown>): Record<string, Answer> => ({
  [`GET /api/projects/${uuid(1)}/trust`]: {
    items: [
      {
        projectId: uuid(1),
        path: '.boocode/project.json',
        hash: '3f5a1c0de2b94786a0c1d2e3f405162738495a6b7c8d9e0f11223344556677a8',
        content: '{\n  "copy": [".env"],\n  "setup": "npm ci && npm run build"\n}\n',
        script: 'npm ci && npm run build',
        approvedContent: null,
        trusted: false,
        approvedAt: null,
        ...fields,
      },
    ],
    nextCursor: null,
  },
});
const SKIPPED = {
  type: 'notice',
  level: 'warning',
  code: 'not_trusted',
  text: '.boocode/project.json is not trusted yet, so nothing of it was run: look at it and approve it in the web app or with `boocode trust /home/ada/src/harbor`; it takes effect with the next turn',
};

// Tasks and costs
const TASKS = [
  aTask({ id: uuid(71), state: 'running', input: 'Rename the ports in the configuration', startedAt: AT, model: 'qwen3-coder-30b' }),
  aTask({ id: uuid(72), state: 'blocked', input: 'Fix the retry delay', startedAt: AT, waitsFor: 'An answer of yours' }),
  aTask({ id: uuid(73), state: 'pending', input: 'Then write the changelog', waitsFor: 'The turn before it in this chat' }),
  aTask({
    id: uuid(74),
    state: 'completed',
    input: 'Explain the cache',
    startedAt: AT,
    endedAt: '2026-01-31T12:01:12.000Z',
    tokensIn: 48_200,
    tokensOut: 2_100,
  }),
  { ...FAILED, id: uuid(75) },
  aTask({ id: uuid(76), state: 'cancelled', input: 'Try another way', startedAt: AT, endedAt: AT, tokensIn: 900, tokensOut: 10, cost: 0.004, agent: 'claude' }),
];
const tasksOf = (value: Answer): Record<string, Answer> => ({ 'GET /api/tasks': value, 'GET /api/tasks?limit=40': value });
const costRow = (key: string, label: string, tasks: number, tokens: number, cost: number | null) => ({
  key,
  label,
  tasks,
  tokensIn: tokens * 12,
  tokensOut: tokens,
  cost,
});
const days = (cost: number | null) =>
  Array.from({ length: 24 }, (_, index) =>
    costRow(new Date(Date.UTC(2026, 0, 7 + index)).toISOString().slice(0, 10), '', 1 + (index % 5), 400 + ((index * 7_919) % 5_000), cost),
  );
const MODELS = ['qwen3-coder-30b', 'claude-sonnet-5', 'gpt-oss-120b-with-a-very-long-name-of-a-build', 'devstral-small', 'gemma-4-27b', 'llama-4', 'phi-5', ''];
const slicesOf = (names: readonly string[], cost: number | null) =>
  days(cost).flatMap((day, index) =>
    names
      .filter((_, place) => place === 0 || (index + place) % 3 !== 0)
      .map((name, place) => ({ ...costRow(name, name, 1, Math.round(day.tokensOut / (place + 1)), cost === null ? null : cost / (place + 1)), day: day.key })),
  );
const costs = (cost: number | null, names: readonly string[] = MODELS.slice(0, 3)): Record<string, Answer> => ({
  ...costQuery('costs', 'day', { items: days(cost), nextCursor: null }),
  ...costQuery('cost-days', 'model', { items: slicesOf(names, cost), nextCursor: null }),
  ...costQuery('costs', 'model', {
    items: names.map((name, place) => costRow(name, name, 41 - place, Math.round(52_000 / (place + 1)), cost)),
    nextCursor: null,
  }),
});
const allCosts = (value: Answer): Record<string, Answer> => ({ 'GET /api/stats/costs': value, 'GET /api/stats/cost-days': value });
function costQuery(route: 'costs' | 'cost-days', group: string, value: Answer): Record<string, Answer> {
  return { [`GET /api/stats/${route}?from=2026-01-02&timezone=UTC&group_by=${group}`]: value };
}

// Settings
const server = (fields: Record<string, unknown>) => ({
  id: 'home',
  url: 'http://127.0.0.1:8080/v1',
  key: null,
  headers: [],
  contextSize: null,
  slots: null,
  source: 'config',
  ...fields,
});
const config = (modelServers: readonly object[], fields: Record<string, unknown> = {}) => ({
  path: '/home/ada/.boocode/config.json',
  editable: null,
  modelServers,
  defaultModel: null,
  providers: [],
  allowedHosts: [],
  limits: {},
  problems: [],
  ...fields,
});
const AGENTS = {
  items: [
    { id: 'boocode', label: 'BooCode', transport: 'native', status: 'ready', message: null, version: '0.1.0', models: [], modes: [], checkedAt: AT },
    {
      id: 'opencode',
      label: 'opencode',
      transport: 'opencode',
      status: 'unavailable',
      message: 'Not installed: npm install -g opencode-ai',
      version: null,
      models: [],
      modes: [],
      checkedAt: AT,
    },
  ],
  nextCursor: null,
};
const settings = (value: Answer, more: Record<string, Answer> = {}): Record<string, Answer> => ({
  'GET /api/config': value,
  'GET /api/providers': AGENTS,
  ...more,
});
const READY = { kind: 'ready', branch: 'main', head: 'a1b2c3d', prefix: '', message: null };
const repository = (value: Answer): Record<string, Answer> => ({ [`GET /api/projects/${uuid(1)}/repository`]: value });
const REFUSED_OUTBOX = {
  'boocode.outbox.k-123456789': JSON.stringify({
    key: 'k-123456789',
    at: 1,
    chatId: uuid(3),
    body: { text: 'Then write the changelog, please.', idempotencyKey: 'k-123456789' },
    state: 'refused',
    problem: 'Cannot send to this chat: it was closed; open another one',
  }),
};
const KEPT_USER = JSON.stringify({
  owner: '-the-gallery',
  ...HOME,
  permissions: [],
  failed: [],
  models: null,
  servers: [],
  providers: null,
  isContained: true,
});

/** Everything that can be on the screen, by name. */
export const STATES: readonly GalleryState[] = [
  // the door
  { name: 'door-stranger', path: '/', isStranger: true, shows: 'needs a fresh link' },
  { name: 'door-signed-out', path: '/', server: 'unknown', shows: 'does not know this browser' },
  // first start
  { name: 'first-start', path: '/', shows: 'answers at http://127.0.0.1:8080/v1' },
  { name: 'first-start-looking', path: '/', api: nothingFound('checking'), shows: 'Servers on this machine usually listen here' },
  { name: 'first-start-nothing-found', path: '/', api: nothingFound(), shows: 'nothing answers' },
  { name: 'first-start-server-broken', path: '/', api: NO_SERVER, shows: 'connection refused' },
  {
    name: 'first-start-address-answers',
    path: '/',
    api: {
      ...nothingFound(),
      'POST /api/model-servers/home/test': { ok: true, message: null, models: [{ id: 'qwen3-coder-30b', contextSize: null }], ms: 12 },
    },
    steps: askAddress,
    shows: 'Use this server',
  },
  {
    name: 'first-start-address-silent',
    path: '/',
    api: {
      ...nothingFound(),
      'POST /api/model-servers/home/test': {
        ok: false,
        message: 'the model server http://192.168.1.20:8080/v1 cannot be reached: start it, or correct its address in the settings or config.json',
        models: [],
        ms: 3,
      },
    },
    steps: askAddress,
    shows: 'cannot be reached',
  },
  {
    name: 'first-start-add-refused',
    path: '/',
    api: {
      'POST /api/projects': { status: 400, code: 'invalid_request', message: 'Cannot add "/nowhere": there is no such folder; give the full path of one' },
    },
    steps: [
      { do: 'fill', role: 'textbox', name: 'Where is your first project?', text: '/nowhere' },
      { do: 'click', role: 'button', name: 'Add project' },
    ],
    shows: 'there is no such folder',
  },
  { name: 'waiting-for-server', path: '/', server: 'away', shows: 'Waiting for BooCode' },
  // projects
  { name: 'projects', path: '/', user: { ...HOME, projects: [HARBOR, ATLAS] }, shows: 'harbor' },
  { name: 'project', path: `/projects/${uuid(1)}`, user: HOME, api: repository(READY), shows: 'Last commit' },
  { name: 'project-no-sessions', path: `/projects/${uuid(1)}`, user: { projects: [HARBOR] }, api: repository(READY), shows: 'No sessions yet' },
  {
    name: 'project-without-git',
    path: `/projects/${uuid(1)}`,
    user: HOME,
    api: repository({
      ...READY,
      kind: 'shadow',
      branch: null,
      head: null,
      message: 'No git here: BooCode keeps its own history outside the folder, and agents start from the files as they are.',
    }),
    shows: 'Start git here',
  },
  {
    name: 'project-too-wide',
    path: `/projects/${uuid(1)}`,
    user: HOME,
    api: repository({
      ...READY,
      kind: 'no_repository',
      branch: null,
      head: null,
      message:
        '"/home/ada" is too wide for a history, so agents cannot edit in it: it is your home folder; open the folder of one piece of work as the project.',
    }),
    shows: 'too wide',
  },
  { name: 'project-unreadable', path: `/projects/${uuid(1)}`, user: HOME, api: repository(AWAY), shows: 'out of reach' },
  { name: 'project-no-model-server', path: `/projects/${uuid(1)}`, user: HOME, api: { ...repository(READY), ...nothingFound() }, shows: 'nothing answers' },
  {
    name: 'project-agent-picker',
    path: `/projects/${uuid(1)}`,
    user: HOME,
    api: { ...repository(READY), ...PROVIDERS },
    steps: [{ do: 'click', role: 'button', name: 'Agent:' }],
    shows: 'It is not installed',
  },
  { name: 'project-removed', path: `/projects/${uuid(9)}`, user: HOME, shows: 'not here' },
  { name: 'nothing-at-address', path: '/nowhere/at/all', user: HOME, shows: 'nothing at this address' },
  // a session
  session({ name: 'chat-empty', chats: chat([]), shows: 'Nothing said yet' }),
  session({ name: 'chat-opening', waitsFor: 'Opening the conversation', shows: 'Fix the retry delay' }),
  session({
    name: 'chat-working',
    user: { ...HOME, sessions: [{ ...SESSION, status: 'working' }] },
    chats: chat(
      [prompt, answer({ status: 'streaming', parts: WORK.slice(0, 3), usage: null, endedAt: null, activity: { phase: 'running_tool', detail: 'npm test' } })],
      { tasks: [aTask()] },
    ),
    shows: 'The retry delay grows',
  }),
  session({ name: 'chat-completed', chats: chat([prompt, answer({})]), shows: 'bounded to five seconds' }),
  session({
    name: 'chat-asks',
    user: WAITS,
    chats: chat(
      [prompt, answer({ status: 'streaming', parts: WORK.slice(0, 3), usage: null, endedAt: null, activity: { phase: 'waiting_for_person', detail: null } })],
      { tasks: [aTask({ state: 'blocked' })], permissions: [ASKS] },
    ),
    shows: 'Run this command?',
  }),
  session({
    name: 'chat-failed',
    user: { ...HOME, failed: [{ ...FAILED, id: uuid(10) }] },
    chats: chat([prompt, answer({ status: 'failed', parts: WORK.slice(0, 2), failure: UNREACHABLE })]),
    shows: 'Cannot reach the model server',
  }),
  session({
    name: 'chat-interrupted',
    user: { ...HOME, failed: [{ ...INTERRUPTED, id: uuid(10), sessionId: uuid(2), chatId: uuid(3) }] },
    chats: chat([prompt, answer({ status: 'interrupted', parts: WORK })]),
    shows: 'Interrupted',
  }),
  session({
    name: 'chat-interrupted-while-it-asked',
    user: { ...HOME, failed: [{ ...INTERRUPTED, id: uuid(10), sessionId: uuid(2), chatId: uuid(3) }] },
    api: { ...CHANGES, ...ASKED_LAST },
    chats: chat([prompt, answer({ status: 'interrupted', parts: WORK.slice(0, 3) })]),
    shows: 'has expired',
  }),
  session({ name: 'chat-stopped', chats: chat([prompt, answer({ status: 'cancelled', parts: WORK.slice(0, 2) })]), shows: 'Stopped' }),
  session({
    name: 'chat-limit-reached',
    chats: chat([prompt, answer({ parts: [...WORK, { type: 'limit_reached', limit: 'steps', value: 50 }] })]),
    shows: '50',
  }),
  session({
    name: 'chat-queued',
    user: { ...HOME, sessions: [{ ...SESSION, status: 'working' }] },
    chats: chat(
      [
        prompt,
        answer({ status: 'streaming', parts: WORK.slice(0, 1), endedAt: null }),
        aMessage({ id: uuid(24), taskId: uuid(13), position: 3, role: 'user', status: 'waiting', parts: [aText('Then write the changelog.')] }),
      ],
      { tasks: [aTask(), aTask({ id: uuid(13), messageId: uuid(24), state: 'pending' })] },
    ),
    shows: 'Then write the changelog',
  }),
  session({
    name: 'chat-outbox-waits',
    server: 'goodbye',
    chats: chat([prompt, answer({})]),
    steps: [{ do: 'type', role: 'textbox', name: 'Message to boocode', text: 'Then write the changelog, please.' }],
    shows: 'Kept on this device',
  }),
  session({ name: 'chat-outbox-refused', kept: REFUSED_OUTBOX, chats: chat([prompt, answer({})]), shows: 'it was closed' }),
  // its agents
  session({
    name: 'chat-agent-picker',
    api: { ...CHANGES, ...PROVIDERS },
    chats: chat([prompt, answer({})]),
    steps: [{ do: 'click', role: 'button', name: 'Agent:' }],
    shows: 'npm install -g @qwen-code/qwen-code',
  }),
  session({
    name: 'chat-agent-unavailable',
    api: { ...CHANGES, ...PROVIDERS },
    chats: { [uuid(3)]: { chat: CHAT_OF({ agent: 'qwen' }), messages: [prompt, answer({})] } },
    shows: 'cannot work now',
  }),
  session({
    name: 'chat-agent-newcomer',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, answer({})], { agents: [] }),
    shows: 'is new in this chat',
  }),
  session({ name: 'chat-agent-returns', api: { ...CHANGES, ...PROVIDERS }, chats: gooseChat([prompt, answer({})]), shows: 'goes on from its own last turn' }),
  session({
    name: 'chat-models-of-agent',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose()]),
    steps: [{ do: 'click', role: 'button', name: 'Model:' }],
    shows: 'Of its own provider',
  }),
  session({
    name: 'chat-modes',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose()], { chat: CHAT_OF({ agent: 'goose', mode: 'approve' }) }),
    steps: [{ do: 'click', role: 'button', name: 'Mode:' }],
    shows: 'Fits the access',
  }),
  session({
    name: 'chat-access-while-working',
    user: { ...HOME, sessions: [{ ...SESSION, status: 'working' }] },
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose({ status: 'streaming', parts: WORK.slice(0, 2), usage: null, endedAt: null })], {
      chat: CHAT_OF({ agent: 'goose', access: 'full', status: 'working' }),
      tasks: [aTask({ agent: 'goose' })],
    }),
    steps: [{ do: 'click', role: 'button', name: 'Access:' }],
    shows: 'Applies from the next turn',
  }),
  session({
    name: 'chat-commands',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose()]),
    steps: [{ do: 'fill', role: 'textbox', name: 'Message to goose', text: '/' }],
    shows: 'Sum the conversation up',
  }),
  session({
    name: 'chat-command-takes',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose()]),
    steps: [{ do: 'fill', role: 'textbox', name: 'Message to goose', text: '/prompts ' }],
    shows: 'Takes: --extension NAME',
  }),
  session({
    name: 'chat-no-commands',
    chats: chat([prompt, answer({})]),
    steps: [{ do: 'fill', role: 'textbox', name: 'Message to boocode', text: '/' }],
    shows: 'has told of no commands',
  }),
  session({
    name: 'chat-question',
    user: { ...WAITS, permissions: [QUESTION] },
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose({ status: 'streaming', parts: WORK.slice(0, 2), usage: null, endedAt: null })], {
      tasks: [aTask({ agent: 'goose', state: 'blocked' })],
      permissions: [QUESTION],
    }),
    shows: 'How long may the delay get',
  }),
  session({
    name: 'chat-question-in-words',
    user: { ...WAITS, permissions: [OPEN_QUESTION] },
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose({ status: 'streaming', parts: WORK.slice(0, 1), usage: null, endedAt: null })], {
      tasks: [aTask({ agent: 'goose', state: 'blocked' })],
      permissions: [OPEN_QUESTION],
    }),
    shows: 'As it stands on the map',
  }),
  session({
    name: 'chat-plan',
    api: { ...CHANGES, ...PROVIDERS },
    chats: gooseChat([prompt, byGoose({ parts: [PLAN, ...WORK, aText('The bound is there.')] })]),
    shows: '1 of 3 done',
  }),
  session({
    name: 'chat-deleted',
    path: `/sessions/${uuid(2)}`,
    api: {
      [`GET /api/sessions/${uuid(2)}/layout`]: {
        layout: { root: { type: 'pane', id: 'a', tabs: [{ id: 't', kind: 'chat', ref: uuid(98) }], active: 't' }, focused: 'a', maximised: null },
        version: 1,
      },
    },
    shows: 'This chat was deleted',
  }),
  session({
    name: 'session-missing',
    path: `/sessions/${uuid(8)}`,
    api: { [`GET /api/sessions/${uuid(8)}`]: { status: 404, code: 'not_found', message: 'Cannot find this session: it was deleted; look in the project' } },
    shows: 'it was deleted',
  }),
  // changes
  session({
    name: 'changes-to-review',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 2 }] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: {
        items: [
          change({}),
          change({
            id: uuid(61),
            path: 'src/retry.test.ts',
            kind: 'added',
            additions: 12,
            deletions: 0,
            hunks: [hunk({ id: 'b1', oldStart: 0, oldLines: 0, newStart: 1 })],
            patch: '--- /dev/null\n+++ b/src/retry.test.ts\n@@ -0,0 +1,1 @@\n+test\n',
          }),
        ],
        nextCursor: null,
      },
    },
    shows: 'retry.test.ts',
  }),
  session({
    name: 'changes-conflict',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: {
        items: [change({ state: 'conflict', note: 'Line 2 of src/retry.ts is different in your folder' })],
        nextCursor: null,
      },
    },
    shows: 'is different in your folder',
  }),
  session({
    name: 'changes-by-hunk',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 2 }, ...SESSIONS.slice(1)] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      ...ahead({ files: [{ path: 'src/retry.ts', oldPath: null, outcome: 'merged' }] }),
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: {
        items: [
          change({ ...LOGIN, others: [{ sessionId: uuid(43), sessionTitle: 'Explain the cache', changeId: uuid(64), agent: 'qwen' }] }),
          change({ marked: true, hunks: [hunk({ marked: true })] }),
          change({ ...LOGIN, id: uuid(65), path: 'src/routes/logout.ts', state: 'applied' }),
          change({ ...LOGIN, id: uuid(66), path: 'src/routes/me.ts', state: 'rejected', note: 'Not in this release' }),
        ],
        nextCursor: null,
      },
    },
    shows: 'Apply 2 hunks',
  }),
  session({
    name: 'changes-collision',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }, ...SESSIONS.slice(1)] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      ...ahead({
        collisions: [
          {
            path: 'src/retry.ts',
            sessionId: uuid(43),
            sessionTitle: 'Explain the cache',
            changeId: uuid(64),
            agent: 'qwen',
            message: 'It would not fit any more',
          },
        ],
        message: '1 change of another session would be left in conflict',
      }),
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: {
        items: [change({ others: [{ sessionId: uuid(43), sessionTitle: 'Explain the cache', changeId: uuid(64), agent: 'qwen' }] })],
        nextCursor: null,
      },
    },
    shows: 'applying yours would leave theirs in conflict',
  }),
  session({
    name: 'changes-collision-asked',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }, ...SESSIONS.slice(1)] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      ...ahead({
        collisions: [
          {
            path: 'src/retry.ts',
            sessionId: uuid(43),
            sessionTitle: 'Explain the cache',
            changeId: uuid(64),
            agent: 'qwen',
            message: 'It would not fit any more',
          },
        ],
        message: '1 change of another session would be left in conflict',
      }),
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: { items: [change({})], nextCursor: null },
    },
    steps: [
      { do: 'see', role: 'link', name: 'Explain the cache' },
      { do: 'click', role: 'button', name: 'Apply all' },
    ],
    shows: 'Other sessions change the same lines',
  }),
  session({
    name: 'changes-proposal',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }] },
    chats: chat([prompt, answer({})]),
    api: {
      ...CHANGES,
      ...ahead({
        conflicts: [
          {
            path: 'src/retry.ts',
            reason: 'differs',
            message: 'Line 2 of src/retry.ts is different in your folder',
            merged:
              'export function delay(attempt: number) {\n<<<<<<< folder\n  return 50 * 2 ** attempt;\n=======\n  return Math.min(5_000, 100 * 2 ** attempt);\n>>>>>>> change\n}\n',
            proposal: {
              blob: 'a'.repeat(40),
              text: 'export function delay(attempt: number) {\n  return Math.min(5_000, 50 * 2 ** attempt);\n}\n',
              patch:
                '--- a/src/retry.ts\n+++ b/src/retry.ts\n@@ -1,3 +1,3 @@\n export function delay(attempt: number) {\n-  return 50 * 2 ** attempt;\n+  return Math.min(5_000, 50 * 2 ** attempt);\n }\n',
              explanation: 'The same line stands two lines further down, with another number in it.',
            },
          },
        ],
        message: '1 file does not fit your folder',
      }),
      [`GET /api/sessions/${uuid(2)}/changes?state=all`]: {
        items: [change({ state: 'conflict', note: 'Line 2 of src/retry.ts is different in your folder' })],
        nextCursor: null,
      },
    },
    shows: 'Use this place',
  }),
  session({
    name: 'changes-check-running',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }] },
    frames: [aCheck({})],
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...ahead({}), [`GET /api/sessions/${uuid(2)}/changes?state=all`]: { items: [change({})], nextCursor: null } },
    shows: 'Running for 12 s',
  }),
  session({
    name: 'changes-check-failed',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }] },
    frames: [
      aCheck({
        state: 'failed',
        detail: 'It ended with code 1 after 14 s',
        output: ' ✗ src/login.test.ts > locks after the fifth try\n   relation "login_attempts" does not exist\n\n Tests  1 failed | 12 passed (13)\n',
        endedAt: AT,
      }),
    ],
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...ahead({}), [`GET /api/sessions/${uuid(2)}/changes?state=all`]: { items: [change({})], nextCursor: null } },
    shows: 'It ended with code 1',
  }),
  session({
    name: 'changes-check-asked',
    phonePane: 'Changes',
    user: { ...HOME, sessions: [{ ...SESSION, pendingChanges: 1 }] },
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...ahead({}), [`GET /api/sessions/${uuid(2)}/changes?state=all`]: { items: [change({})], nextCursor: null } },
    steps: [
      { do: 'click', role: 'button', name: 'More ways to apply' },
      { do: 'click', role: 'menuitem', name: 'Check first' },
    ],
    shows: 'Run the check',
  }),
  session({
    name: 'changes-unreadable',
    phonePane: 'Changes',
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, [`GET /api/sessions/${uuid(2)}/changes`]: AWAY },
    shows: 'out of reach',
  }),
  // files and search
  session({
    name: 'files',
    phonePane: 'Files',
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...filesTab, ...folder({ items: FILES, nextCursor: null }) },
    shows: 'package.json',
  }),
  session({
    name: 'files-reading',
    phonePane: 'Files',
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...filesTab, ...folder('never') },
    waitsFor: 'Reading',
    shows: '',
  }),
  session({
    name: 'files-unreadable',
    phonePane: 'Files',
    chats: chat([prompt, answer({})]),
    api: { ...CHANGES, ...filesTab, ...folder(AWAY) },
    shows: 'out of reach',
  }),
  { name: 'search', path: '/search', user: HOME, shows: 'Search what you and the agents said' },
  { name: 'search-found', path: '/search', user: HOME, api: { 'GET /api/search': { items: HITS, nextCursor: null } }, steps: searchFor, shows: 'bounded' },
  { name: 'search-nothing', path: '/search', user: HOME, api: { 'GET /api/search': EMPTY_LIST }, steps: searchFor, shows: 'Fewer words find more' },
  { name: 'search-unreadable', path: '/search', user: HOME, api: { 'GET /api/search': AWAY }, steps: searchFor, shows: 'out of reach' },
  // trust
  { name: 'project-asks-trust', path: `/projects/${uuid(1)}`, user: HOME, api: { ...repository(READY), ...trust({}) }, shows: 'SHA-256' },
  {
    name: 'project-asks-trust-again',
    path: `/projects/${uuid(1)}`,
    user: { projects: [HARBOR] },
    api: { ...repository(READY), ...trust({ approvedContent: '{\n  "copy": [".env"],\n  "setup": "npm install"\n}\n' }) },
    shows: 'has changed',
  },
  session({
    name: 'chat-asks-trust',
    api: { ...CHANGES, ...trust({}) },
    chats: chat([prompt, answer({ parts: [SKIPPED, ...WORK] })]),
    shows: 'It holds for exactly this text',
  }),
  session({
    name: 'chat-trust-refused',
    api: {
      ...CHANGES,
      ...trust({}),
      [`POST /api/projects/${uuid(1)}/trust`]: {
        status: 409,
        code: 'conflict',
        message: 'Cannot trust ".boocode/project.json": it has changed since you saw it; look at it again',
      },
    },
    chats: chat([prompt, answer({ parts: [SKIPPED] })]),
    steps: [{ do: 'click', role: 'button', name: 'Approve' }],
    shows: 'it has changed since you saw it',
  }),
  // inbox
  { name: 'inbox-empty', path: '/inbox', user: HOME, shows: 'Nothing needs you' },
  { name: 'inbox-reading', path: '/inbox', server: 'silent', waitsFor: 'Reading what needs you', shows: '' },
  { name: 'inbox-question', path: '/inbox', user: { ...WAITS, permissions: [QUESTION] }, shows: 'Which bound' },
  { name: 'inbox-asked-last', path: '/inbox', user: { ...HOME, failed: [{ ...INTERRUPTED, id: uuid(10) }] }, api: ASKED_LAST, shows: 'has expired' },
  { name: 'inbox-full', path: '/inbox', user: { ...WAITS, failed: [FAILED, INTERRUPTED] }, shows: 'This turn failed' },
  {
    name: 'inbox-answer-too-late',
    path: '/inbox',
    user: WAITS,
    api: {
      [`POST /api/permissions/${uuid(30)}/answer`]: {
        status: 409,
        code: 'conflict',
        message: 'Cannot answer: it was answered in another window; nothing more is needed',
      },
    },
    steps: [{ do: 'click', role: 'button', name: 'Allow once' }],
    shows: 'answered in another window',
  },
  { name: 'inbox-deny-with-note', path: '/inbox', user: WAITS, steps: [{ do: 'click', role: 'button', name: 'Deny with a note' }], shows: 'Run this command?' },
  // tasks
  { name: 'tasks', path: '/tasks', user: HOME, api: tasksOf({ items: TASKS, nextCursor: 'next' }), shows: 'Show older tasks' },
  { name: 'tasks-empty', path: '/tasks', user: HOME, api: tasksOf(EMPTY_LIST), shows: 'No tasks yet' },
  { name: 'tasks-none-fits', path: '/tasks?state=failed', user: HOME, api: { 'GET /api/tasks': EMPTY_LIST }, shows: 'No task fits' },
  { name: 'tasks-reading', path: '/tasks', user: HOME, api: tasksOf('never'), waitsFor: 'Reading the tasks', shows: '' },
  { name: 'tasks-unreadable', path: '/tasks', user: HOME, api: tasksOf(AWAY), shows: 'Try again' },
  // costs
  { name: 'costs-local', path: '/costs', user: HOME, api: costs(null), shows: 'no charge' },
  { name: 'costs-many-models', path: '/costs', user: HOME, api: costs(null, MODELS), shows: '3 others' },
  { name: 'costs-by-day', path: '/costs?by=day', user: HOME, api: costs(null), shows: 'Written' },
  { name: 'costs-charged', path: '/costs', user: HOME, api: costs(0.42), steps: [{ do: 'click', role: 'radio', name: 'Money' }], shows: '$' },
  { name: 'costs-empty', path: '/costs', user: HOME, api: allCosts(EMPTY_LIST), shows: 'Nothing used in this time' },
  { name: 'costs-reading', path: '/costs', user: HOME, api: allCosts('never'), waitsFor: 'Adding up the costs', shows: '' },
  { name: 'costs-unreadable', path: '/costs', user: HOME, api: allCosts(AWAY), shows: 'Try again' },
  // settings
  {
    name: 'settings',
    path: '/settings',
    user: HOME,
    api: settings(config([server({}), server({ id: 'cloud', url: 'https://models.example.org/v1', key: '{env:CLOUD_KEY}' })])),
    shows: 'Add a model server',
  },
  { name: 'settings-no-model-servers', path: '/settings', user: HOME, api: settings(config([])), shows: 'None is set up' },
  {
    name: 'settings-server-form',
    path: '/settings',
    user: HOME,
    api: settings(config([])),
    steps: [{ do: 'click', role: 'button', name: 'Add a model server' }],
    shows: 'Address',
  },
  {
    name: 'settings-server-test-fails',
    path: '/settings',
    user: HOME,
    api: settings(config([server({})]), {
      'POST /api/model-servers/home/test': {
        ok: false,
        message: 'It does not answer: connection refused; is it started, and is the port right?',
        models: [],
        ms: 12,
      },
    }),
    steps: [{ do: 'click', role: 'button', name: 'Test home' }],
    shows: 'is the port right?',
  },
  {
    name: 'settings-server-test-works',
    path: '/settings',
    user: HOME,
    api: settings(config([server({})]), {
      'POST /api/model-servers/home/test': { ok: true, message: null, models: [{ id: 'qwen3-coder-30b', contextSize: null }], ms: 12 },
    }),
    steps: [{ do: 'click', role: 'button', name: 'Test home' }],
    shows: 'It answers in 12 ms',
  },
  {
    name: 'settings-config-broken',
    path: '/settings',
    user: HOME,
    api: settings(config([], { editable: 'Cannot change config.json from here: line 3 is not JSON; mend it by hand first' })),
    shows: 'mend it by hand',
  },
  {
    name: 'settings-unreadable',
    path: '/settings',
    user: HOME,
    api: settings(AWAY, { 'GET /api/providers': AWAY, 'GET /api/permission-rules': AWAY, 'GET /api/agents': AWAY }),
    shows: 'Try again',
  },
  {
    name: 'settings-agents-at-work',
    path: '/settings',
    user: HOME,
    api: { ...settings(config([server({})])), ...PROVIDERS, ...RULES, ...RUNNING },
    shows: 'A project that was removed',
  },
  {
    name: 'settings-agent-catalogue',
    path: '/settings',
    user: HOME,
    api: { ...settings(config([server({})])), ...PROVIDERS, ...CATALOGUE },
    steps: [{ do: 'click', role: 'button', name: 'Add an agent' }],
    shows: 'needs an account',
  },
  {
    name: 'settings-rule-stays',
    path: '/settings',
    user: HOME,
    api: { ...settings(config([server({})])), ...RULES, [`DELETE /api/permission-rules/${uuid(81)}`]: AWAY },
    steps: [{ do: 'click', role: 'button', name: 'Remove npm test' }],
    shows: 'out of reach',
  },
  // connection
  { name: 'reconnecting-from-cache', path: '/', server: 'away', kept: { 'boocode.cache.user': KEPT_USER }, shows: 'Reconnecting' },
  { name: 'server-restarting', path: '/', server: 'goodbye', user: HOME, shows: 'stopped or is restarting' },
  { name: 'page-outdated', path: '/', server: 'newer', user: HOME, shows: 'BooCode was updated' },
  {
    name: 'server-notice',
    path: '/',
    user: { ...HOME, notices: [{ code: 'disk', text: 'The disk is nearly full: 120 MB are left. Make room, or agents cannot write.' }] },
    shows: 'nearly full',
  },
];
