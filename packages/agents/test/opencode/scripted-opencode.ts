/**
 * A program that behaves like `opencode serve`, as far as it was measured: HTTP, one stream of events, sessions that outlive it. A prompt is a script: each line
 * that begins with `script:` does one thing. See `STEPS`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Json = Record<string, unknown>;
interface Rule {
  readonly permission: string;
  readonly pattern: string;
  readonly action: string;
}
interface Message {
  readonly info: Json & { readonly id: string };
  readonly parts: (Json & { id: string })[];
}
interface Session {
  readonly id: string;
  readonly directory: string;
  readonly parentID?: string;
  readonly title: string;
  readonly permission: Rule[];
  readonly messages: Message[];
}
interface Turn {
  readonly session: Session;
  readonly promptId: string;
  readonly stop: AbortController;
  message: Message;
}

const store = join(process.env['SCRIPTED_STATE'] ?? '/nowhere', 'sessions.json');
const sessions = new Map<string, Session>(existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : []);
const running = new Map<string, Turn>();
const waiting = new Map<string, { readonly request: Json; readonly settle: (reply: Json | null) => void }>();
const streams = new Set<ServerResponse>();
const ports: Record<string, string> = Object.fromEntries(
  process.argv.flatMap((word, index, all) => (word.startsWith('--') ? [[word.slice(2), all[index + 1] ?? '']] : [])),
);
let counter = 0;
let isMute = false;
let twice = false;
const log: Json[] = [];

function newId(prefix: string): string {
  counter += 1;
  const time = ((BigInt(Date.now()) * 0x1000n + BigInt(counter % 0x1000)) & 0xffff_ffff_ffffn).toString(16).padStart(12, '0');
  return `${prefix}_${time}${String(counter).padStart(14, '0')}`;
}

function emit(type: string, properties: Json, directory = ''): void {
  if (isMute) return;
  const data = `data: ${JSON.stringify({ directory, payload: { id: newId('evt'), type, properties } })}\n\n`;
  for (const stream of streams) {
    stream.write(data);
    if (twice) stream.write(data);
  }
}

function save(): void {
  mkdirSync(dirname(store), { recursive: true });
  writeFileSync(store, JSON.stringify([...sessions]));
}

function status(session: Session, value: Json): void {
  emit('session.status', { sessionID: session.id, status: value });
  if (value['type'] === 'idle') emit('session.idle', { sessionID: session.id });
}

function setPart(turn: Turn, part: Json & { id: string }): void {
  const whole = { ...part, messageID: turn.message.info.id, sessionID: turn.session.id };
  const index = turn.message.parts.findIndex(({ id }) => id === part.id);
  if (index < 0) turn.message.parts.push(whole);
  else turn.message.parts[index] = whole;
  emit('message.part.updated', { sessionID: turn.session.id, part: whole });
}

function setMessage(turn: Turn, more: Json): void {
  Object.assign(turn.message.info, more);
  emit('message.updated', { sessionID: turn.session.id, info: turn.message.info });
}

function beginMessage(turn: Turn, more: Json = {}): void {
  turn.message = {
    info: { id: newId('msg'), sessionID: turn.session.id, role: 'assistant', parentID: turn.promptId, time: { created: Date.now() }, ...more },
    parts: [],
  };
  turn.session.messages.push(turn.message);
  setMessage(turn, {});
}

/** Ends one answer of the model. */
function endMessage(turn: Turn, finish: string): void {
  const tokens = { input: 100, output: 10, reasoning: 0, cache: { read: 20, write: 0 } };
  setPart(turn, { id: newId('prt'), type: 'step-finish', reason: finish, tokens, cost: 0.001 });
  setMessage(turn, { finish, tokens, time: { completed: Date.now() } });
}

const STEPS: Record<string, (turn: Turn, rest: string) => Promise<void>> = {
  /** `say "json string"`: a text in pieces of one word. */
  say: (turn, rest) => stream(turn, 'text', JSON.parse(rest)),
  think: (turn, rest) => stream(turn, 'reasoning', JSON.parse(rest)),
  /** Text without an end. */
  forever: async (turn) => {
    const id = newId('prt');
    setPart(turn, { id, type: 'text', text: '', time: { start: 1 } });
    for (let index = 0; ; index += 1) {
      delta(turn, id, index === 0 ? 'begun ' : `${index} `);
      await sleep(5, null, { signal: turn.stop.signal });
    }
  },
  /** `write {"path":..,"content":..}` */
  write: async (turn, rest) => {
    const { path, content } = JSON.parse(rest);
    await call(turn, 'write', { filePath: path, content }, { permission: 'edit', patterns: [path], metadata: { filepath: path } }, async () => {
      writeFileSync(path, content);
      return { output: 'Wrote file successfully.', metadata: { filepath: path, exists: false } };
    });
  },
  /** `shell command` */
  shell: (turn, rest) => shell(turn, rest, false),
  /** The same, and what it has started is left behind when the turn is stopped. */
  daemon: (turn, rest) => shell(turn, rest, true),
  /** `ask {"question":..,"options":[..]}` */
  ask: async (turn, rest) => {
    const { question, options } = JSON.parse(rest);
    const questions = [{ question, header: 'Choice', options: options.map((label: string) => ({ label, description: '' })) }];
    const id = newId('prt');
    const callID = `call_${id}`;
    const part = (state: Json) => setPart(turn, { id, type: 'tool', tool: 'question', callID, state });
    part({ status: 'running', input: { questions } });
    const reply = await request(turn, 'question', { questions, tool: { callID } });
    if (reply === null) part({ status: 'error', input: { questions }, error: 'The user dismissed this question' });
    else part({ status: 'completed', input: { questions }, output: `answered ${JSON.stringify(reply['answers'])}`, metadata: {} });
    if (reply === null) throw new Denied();
  },
  /** `child step...`: a sub-agent does one step. */
  child: async (turn, rest) => {
    const id = newId('prt');
    const session = newSession(turn.session.directory, { title: 'look around', permission: [], parentID: turn.session.id });
    const state = { status: 'running', input: { description: 'look around' }, title: 'look around', metadata: { sessionId: session.id } };
    setPart(turn, { id, type: 'tool', tool: 'task', callID: `call_${id}`, state });
    await answer({ session, promptId: newId('msg'), stop: turn.stop, message: turn.message }, [rest, 'say "from the child"']);
    setPart(turn, { id, type: 'tool', tool: 'task', callID: `call_${id}`, state: { ...state, status: 'completed', output: 'from the child' } });
  },
  /** A sub-agent that goes on when the turn has ended, until it is asked for something. */
  background: async (turn, rest) => {
    const session = newSession(turn.session.directory, { title: 'in the background', permission: [], parentID: turn.session.id });
    const stop = new AbortController();
    status(session, { type: 'busy' });
    void sleep(50).then(() => answer({ session, promptId: newId('msg'), stop, message: turn.message }, [rest]));
  },
  /** `fail 400 | 500 | cut | context` as the model server. */
  fail: async (turn, rest) => {
    if (rest === '500' || rest === 'cut') {
      const message = rest === 'cut' ? 'Connection reset by server' : 'The model failed';
      for (let attempt = 1; ; attempt += 1) {
        status(turn.session, { type: 'retry', attempt, message, next: Date.now() + 20 });
        await sleep(20, null, { signal: turn.stop.signal });
      }
    }
    const data =
      rest === '400'
        ? {
            message: 'The model refuses',
            statusCode: 400,
            responseBody: '{"error":{"message":"The model refuses"}}',
            metadata: { url: 'http://m/v1/chat/completions' },
          }
        : { message: 'too long' };
    const error = { name: rest === '400' ? 'APIError' : 'ContextOverflowError', data };
    emit('session.error', { sessionID: turn.session.id, error });
    status(turn.session, { type: 'idle' });
    setMessage(turn, { error, time: { completed: Date.now() } });
    throw new Ended();
  },
  /** The context is full: an error, a summary, and it goes on. */
  compact: async (turn) => {
    emit('session.error', { sessionID: turn.session.id, error: { name: 'ContextOverflowError', data: { message: 'too long' } } });
    setMessage(turn, { time: { completed: Date.now() } });
    beginMessage(turn, { summary: true });
    await stream(turn, 'text', 'a summary that is not for the reader');
    endMessage(turn, 'stop');
    beginMessage(turn);
  },
  /** Every event is sent twice from here on. */
  twice: async () => void (twice = true),
  /** The stream of events is cut; what comes in the next moment is lost. */
  drop: async () => dropStreams(),
  /** The stream stays open and says nothing more, not even that it lives. */
  mute: async () => {
    isMute = true;
  },
  /** The next text is whole only after the session has said that it is idle. */
  late: async (turn, rest) => {
    const id = newId('prt');
    setPart(turn, { id, type: 'text', text: '', time: { start: 1 } });
    const part = { id, type: 'text', text: JSON.parse(rest), time: { start: 1, end: 2 }, messageID: turn.message.info.id, sessionID: turn.session.id };
    turn.message.parts.splice(-1, 1, part);
    Object.assign(turn.message.info, { finish: 'stop', time: { completed: Date.now() } });
    running.delete(turn.session.id);
    status(turn.session, { type: 'idle' });
    await sleep(20);
    emit('message.part.updated', { sessionID: turn.session.id, part });
    throw new Ended();
  },
  /** An idle that belongs to an earlier turn. */
  idle: async (turn) => {
    emit('session.idle', { sessionID: turn.session.id });
    await sleep(60, null, { signal: turn.stop.signal });
  },
  /** The answer so far is one of several steps. */
  step: async (turn) => {
    endMessage(turn, 'tool-calls');
    emit('session.idle', { sessionID: turn.session.id });
    await sleep(60, null, { signal: turn.stop.signal });
    beginMessage(turn);
  },
  todo: async (turn, rest) => emit('todo.updated', { sessionID: turn.session.id, todos: JSON.parse(rest) }),
  /** Says what it was told before. */
  recall: (turn) =>
    stream(turn, 'text', turn.session.messages.flatMap(({ info, parts }) => (info['role'] === 'user' ? parts.map(({ text }) => String(text)) : [])).join('\n')),
  /** Says what it was sent with the prompt. */
  body: (turn) => stream(turn, 'text', JSON.stringify(log.at(-1))),
  rules: (turn) => stream(turn, 'text', JSON.stringify(turn.session.permission)),
  hang: async (turn) => {
    await sleep(1 << 30, null, { signal: turn.stop.signal });
  },
  crash: async () => {
    process.stderr.write('it hit a wall\n');
    await sleep(20);
    process.exit(7);
  },
};

/** The turn is over, and has said so. */
class Ended extends Error {}
/** The person has denied a call without a word: opencode stops there. */
class Denied extends Error {}

function delta(turn: Turn, partID: string, text: string): void {
  emit('message.part.delta', { sessionID: turn.session.id, messageID: turn.message.info.id, partID, field: 'text', delta: text });
}

async function stream(turn: Turn, type: string, text: string): Promise<void> {
  const id = newId('prt');
  setPart(turn, { id, type, text: '', time: { start: 1 } });
  for (const piece of text.length > 5_000 ? (text.match(/[^]{1,4000}/gu) ?? []) : (text.match(/\s*\S+|\s+$/g) ?? [])) delta(turn, id, piece);
  setPart(turn, { id, type, text, time: { start: 1, end: 2 } });
}

async function call(turn: Turn, tool: string, input: Json, asked: Json & { permission: string }, run: () => Promise<Json>): Promise<void> {
  const id = newId('prt');
  const callID = `call_${id}`;
  const part = (state: Json) => setPart(turn, { id, type: 'tool', tool, callID, state: { input, ...state } });
  part({ status: 'pending', input: {} });
  part({ status: 'running' });
  const action = ruleFor(turn.session, asked.permission);
  if (action === 'deny') return part({ status: 'error', error: `${tool} is not available` });
  const reply = action === 'allow' ? { reply: 'once' } : await request(turn, 'permission', { ...asked, always: ['*'], tool: { callID } });
  if (reply === null || reply['reply'] === 'reject') {
    part({ status: 'error', error: `The user rejected this: ${JSON.stringify(reply?.['message'] ?? '')}` });
    if (reply?.['message'] === undefined) throw new Denied();
    return;
  }
  try {
    part({ status: 'completed', title: tool, ...(await run()) });
  } catch (error) {
    part({ status: 'error', error: 'Tool execution aborted', metadata: { interrupted: true } });
    throw error;
  }
  endMessage(turn, 'tool-calls');
  beginMessage(turn);
}

async function shell(turn: Turn, command: string, isLeft: boolean): Promise<void> {
  await call(turn, 'bash', { command }, { permission: 'bash', patterns: [command], metadata: { command } }, async () => {
    const child = spawn('sh', ['-c', command], { cwd: turn.session.directory, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    if (!isLeft) turn.stop.signal.addEventListener('abort', () => process.kill(-(child.pid ?? 0), 'SIGKILL'), { once: true });
    const exit = await Promise.race([new Promise((resolve) => child.once('close', resolve)), stopped(turn)]);
    turn.stop.signal.throwIfAborted();
    return { output, metadata: { output: output.slice(-30_000), exit, truncated: false } };
  });
}

async function stopped(turn: Turn): Promise<null> {
  await sleep(1 << 30, null, { signal: turn.stop.signal }).catch(() => {});
  return null;
}

function ruleFor({ permission }: Session, name: string): string {
  return permission.findLast((rule) => rule.permission === '*' || rule.permission === name)?.action ?? 'ask';
}

async function request(turn: Turn, type: 'permission' | 'question', more: Json): Promise<Json | null> {
  const id = newId(type === 'permission' ? 'per' : 'que');
  const asked = { id, sessionID: turn.session.id, ...more };
  const { promise, resolve } = Promise.withResolvers<Json | null>();
  waiting.set(id, { request: asked, settle: resolve });
  emit(`${type}.asked`, asked);
  const reply = await Promise.race([promise, stopped(turn)]);
  turn.stop.signal.throwIfAborted();
  return reply;
}

function newSession(directory: string, body: { readonly title?: string; readonly permission?: Rule[]; readonly parentID?: string }): Session {
  const session = {
    id: newId('ses'),
    directory,
    title: body.title ?? 'New session',
    permission: body.permission ?? [],
    messages: [],
    ...(body.parentID === undefined ? {} : { parentID: body.parentID }),
  };
  sessions.set(session.id, session);
  emit('session.created', { sessionID: session.id, info: { ...session, messages: undefined } });
  return session;
}

async function answer(turn: Turn, lines: readonly string[]): Promise<void> {
  status(turn.session, { type: 'busy' });
  beginMessage(turn);
  try {
    for (const line of lines) {
      const [, word = '', rest = ''] = /^(\S+) ?([^]*)$/.exec(line) ?? [];
      const step = STEPS[word];
      if (step === undefined) throw new Error(`no such step: ${line}`);
      await step(turn, rest);
    }
    endMessage(turn, 'stop');
  } catch (error) {
    if (error instanceof Ended) return;
    if (error instanceof Denied) endMessage(turn, 'tool-calls');
    else
      setMessage(turn, {
        error: { name: turn.stop.signal.aborted ? 'MessageAbortedError' : 'UnknownError', data: { message: String(error) } },
        time: { completed: Date.now() },
      });
  } finally {
    twice = false;
    running.delete(turn.session.id);
    save();
    status(turn.session, { type: 'idle' });
  }
}

function start(session: Session, body: Json, text: string): void {
  const promptId = typeof body['messageID'] === 'string' ? body['messageID'] : newId('msg');
  log.push(body);
  const prompt: Message = {
    info: { id: promptId, role: 'user', sessionID: session.id, time: { created: Date.now() } },
    parts: [{ id: newId('prt'), type: 'text', text, messageID: promptId, sessionID: session.id }],
  };
  session.messages.push(prompt);
  emit('message.updated', { sessionID: session.id, info: prompt.info });
  emit('message.part.updated', { sessionID: session.id, part: prompt.parts[0] });
  const turn = { session, promptId, stop: new AbortController(), message: prompt };
  running.set(session.id, turn);
  const lines = text.split('\n').flatMap((line) => /^\s*script: (.*)$/.exec(line)?.[1] ?? []);
  void answer(turn, lines.length === 0 ? ['say "I have nothing to do."'] : lines);
}

function abort(session: Session): void {
  for (const child of sessions.values()) if (child.parentID === session.id) running.get(child.id)?.stop.abort();
  const turn = running.get(session.id);
  emit('session.error', { sessionID: session.id, error: { name: 'MessageAbortedError', data: { message: 'Aborted' } } });
  status(session, { type: 'idle' }); // and again when it has ended
  turn?.stop.abort();
}

function dropStreams(): void {
  for (const stream of streams) stream.destroy();
  streams.clear();
}

const COMMANDS = [{ name: 'hey', description: 'says hey', hints: ['$ARGUMENTS'] }];

async function route(method: string, path: string, directory: string, body: Json): Promise<[number, unknown]> {
  const [, id = '', action = ''] = /^\/session\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  const session = sessions.get(id);
  if (method === 'POST' && path === '/session') return [200, newSession(directory, body)];
  if (path === '/session/status') return [200, Object.fromEntries([...running.keys()].map((key) => [key, { type: 'busy' }]))];
  if (id !== '') {
    if (session === undefined) return [404, { name: 'NotFoundError', data: { message: `Session not found: ${id}` } }];
    if (method === 'GET' && action === '') return [200, { ...session, messages: undefined }];
    if (method === 'PATCH') return [200, (session.permission.push(...((body['permission'] ?? []) as Rule[])), { id })];
    if (action === 'message') return [200, session.messages];
    if (action === 'children') return [200, [...sessions.values()].filter(({ parentID }) => parentID === id)];
    if (action === 'abort') return [200, (abort(session), true)];
    if (action === 'prompt_async') {
      const { agent } = body;
      const [part] = body['parts'] as [{ text: string }];
      if (agent === 'nope') emit('session.error', { sessionID: id, error: { name: 'UnknownError', data: { message: 'Agent not found: "nope"' } } });
      else start(session, body, part.text);
      return [204, null];
    }
    if (action === 'command') {
      if (body['command'] !== 'hey') return [500, { name: 'UnknownError' }];
      start(session, body, `script: say ${JSON.stringify(`hey ${String(body['arguments'])}`)}`);
      while (running.has(id)) await sleep(5);
      return [200, {}];
    }
  }
  const [, type = '', requestId = '', verb = ''] = /^\/(permission|question)\/(\w+)\/(reply|reject)$/.exec(path) ?? [];
  if (type !== '') {
    const found = waiting.get(requestId);
    if (found === undefined) return [404, { name: 'NotFoundError' }];
    waiting.delete(requestId);
    emit(`${type}.${verb === 'reject' ? 'rejected' : 'replied'}`, { sessionID: found.request['sessionID'], requestID: requestId });
    found.settle(verb === 'reject' ? null : body);
    return [200, true];
  }
  if (path === '/permission' || path === '/question')
    return [200, [...waiting.values()].map((each) => each.request).filter((each) => String(each['id']).startsWith(path.slice(1, 4)))];
  if (path === '/agent')
    return [
      200,
      [
        { name: 'build', mode: 'primary' },
        { name: 'plan', mode: 'primary', description: 'only plans' },
        { name: 'general', mode: 'subagent' },
        { name: 'title', mode: 'primary', hidden: true },
      ],
    ];
  if (path === '/command') return [200, COMMANDS];
  if (path === '/config/providers')
    return [
      200,
      {
        providers: [
          { id: 'local', name: 'Local', models: { demo: { name: 'Demo', limit: { context: 1000 } } } },
          { id: 'boocode-x', models: { y: {} } },
        ],
      },
    ];
  if (path === '/mcp') return body['name'] === 'broken' ? [500, { name: 'UnknownError' }] : [200, {}];
  return [404, { name: 'NotFoundError', data: { message: path } }];
}

const expected = `Basic ${Buffer.from(`opencode:${process.env['OPENCODE_SERVER_PASSWORD'] ?? ''}`).toString('base64')}`;

async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://x');
  if (message.headers.authorization !== expected) return void response.writeHead(401).end();
  if (url.pathname === '/global/event') {
    isMute = false;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    streams.add(response);
    response.once('close', () => streams.delete(response));
    return void response.write(`data: ${JSON.stringify({ payload: { type: 'server.connected', properties: {} } })}\n\n`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const [code, body] = await route(message.method ?? 'GET', url.pathname, url.searchParams.get('directory') ?? '', text === '' ? {} : JSON.parse(text));
  if (code === 204) return void response.writeHead(204).end();
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((message, response) => void handle(message, response));
server.once('error', () => {
  process.stderr.write('ServeError\n');
  process.exit(1);
});
server.listen(Number(ports['port']), ports['hostname'], () =>
  process.stdout.write(`opencode server listening on http://${ports['hostname']}:${ports['port']}\n`),
);
