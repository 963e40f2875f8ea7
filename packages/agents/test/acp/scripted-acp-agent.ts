/**
 * An agent over ACP that does what its prompts and arguments say, odd things included. A prompt's lines `do {"say":"hello"}` are its steps.
 * Its conversations last in the folder AGENT_HOME. It imports nothing but Node, so that it starts quickly.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const flags = new Set(process.argv.slice(2));
const home = process.env['AGENT_HOME'] ?? '.';

interface Conversation {
  readonly id: string;
  readonly cwd: string;
  readonly history: { role: 'user' | 'agent'; text: string }[];
  mode: string;
  model: string;
  cancel: AbortController;
}

type Params = Record<string, any>;
type Step = Record<string, any>;

const conversations = new Map<string, Conversation>();
const waiting = new Map<number, (answer: Params) => void>();
let lastRequest = 0;
let lastCall = 0;

class Refusal extends Error {
  readonly answer: Params;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.answer = { code, message, data };
  }
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function request(method: string, params: Params): Promise<Params> {
  const id = (lastRequest += 1);
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function tell(conversation: Conversation, update: Params): void {
  send({ method: 'session/update', params: { sessionId: conversation.id, update } });
}

const fileOf = (id: string): string => join(home, `${id}.json`);

function save({ id, cwd, history }: Conversation): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(fileOf(id), JSON.stringify({ cwd, history }));
}

function begin(id: string, cwd: string, history: Conversation['history']): Conversation {
  const conversation: Conversation = { id, cwd, history, mode: 'default', model: 'small', cancel: new AbortController() };
  conversations.set(id, conversation);
  return conversation;
}

const MODES = [
  { id: 'default', name: 'Default', description: 'Asks' },
  { id: 'plan', name: 'Plan', description: 'Only reads' },
  { id: 'yolo', name: 'Yolo', description: null },
];
const MODELS = ['small', 'large'];

function describe(conversation: Conversation): Params {
  if (flags.has('--old-models'))
    return { models: { currentModelId: conversation.model, availableModels: MODELS.map((modelId) => ({ modelId, name: modelId })) } };
  if (!flags.has('--config-options')) return { modes: { currentModeId: conversation.mode, availableModes: MODES } };
  return { configOptions: optionsOf(conversation) };
}

function optionsOf({ mode, model }: Conversation): Params[] {
  return [
    { id: 'how', name: 'Mode', category: 'mode', type: 'select', currentValue: mode, options: MODES.map(({ id, name }) => ({ value: id, name })) },
    {
      id: 'which',
      name: 'Model',
      category: 'model',
      type: 'select',
      currentValue: model,
      options: [{ group: 'g', name: 'G', options: MODELS.map((value) => ({ value, name: value.toUpperCase() })) }],
    },
  ];
}

function get(params: Params): Conversation {
  const found = conversations.get(params['sessionId']);
  if (found === undefined) throw new Refusal(-32002, 'Resource not found');
  return found;
}

async function answer(method: string, params: Params): Promise<unknown> {
  switch (method) {
    case 'initialize':
      if (flags.has('--hang-in-initialize')) await new Promise(() => {});
      if (flags.has('--exit-in-initialize')) {
        process.stderr.write('cannot find the configuration\n');
        process.exit(3);
      }
      return {
        protocolVersion: flags.has('--other-version') ? 7 : 1,
        agentCapabilities: {
          loadSession: !flags.has('--no-load'),
          mcpCapabilities: { http: true, sse: false },
          sessionCapabilities: { list: {}, ...(flags.has('--resume') || flags.has('--broken-resume') ? { resume: {} } : {}) },
        },
        authMethods: [{ id: 'login', name: 'Log in', description: 'Run `scripted login`' }],
      };
    case 'session/new': {
      if (flags.has('--signed-out')) throw new Refusal(-32000, 'Authentication required');
      const conversation = begin(`s-${process.pid}-${conversations.size}`, params['cwd'], []);
      if (flags.has('--tells-servers')) tell(conversation, { sessionUpdate: 'session_info_update', title: JSON.stringify(params['mcpServers']) });
      return { sessionId: conversation.id, ...describe(conversation) };
    }
    case 'session/resume':
      if (!flags.has('--resume')) throw new Refusal(-32601, 'Method not found');
      return describe(begin(params['sessionId'], params['cwd'], stored(params['sessionId'])));
    case 'session/load': {
      const id: string = params['sessionId'];
      const isKnown = existsSync(fileOf(id));
      if (!isKnown && !flags.has('--load-anything')) throw new Refusal(-32002, 'Resource not found');
      const conversation = begin(id, params['cwd'], isKnown ? stored(id) : []);
      for (const { role, text } of conversation.history) {
        tell(conversation, { sessionUpdate: role === 'user' ? 'user_message_chunk' : 'agent_message_chunk', content: { type: 'text', text } });
      }
      return describe(conversation);
    }
    case 'session/set_mode':
      if (flags.has('--config-options')) throw new Refusal(-32601, 'Method not found');
      get(params).mode = params['modeId'];
      return {};
    case 'session/set_model':
      get(params).model = params['modelId'];
      return {};
    case 'session/set_config_option': {
      const conversation = get(params);
      if (params['configId'] === 'how') conversation.mode = params['value'];
      else conversation.model = params['value'];
      return { configOptions: optionsOf(conversation) };
    }
    case 'session/prompt':
      return prompt(get(params), params['prompt'][0].text);
    default:
      throw new Refusal(-32601, 'Method not found');
  }
}

function stored(id: string): Conversation['history'] {
  return existsSync(fileOf(id)) ? JSON.parse(readFileSync(fileOf(id), 'utf8')).history : [];
}

async function prompt(conversation: Conversation, text: string): Promise<Params> {
  conversation.cancel = new AbortController();
  const turn = new Turn(conversation);
  const earlier = [...conversation.history];
  conversation.history.push({ role: 'user', text });
  save(conversation);
  try {
    for (const line of text.split('\n')) {
      if (!line.startsWith('do ')) continue;
      await turn.step(JSON.parse(line.slice(3)), earlier, text);
      if (conversation.cancel.signal.aborted) turn.stopReason = 'cancelled';
      if (turn.stopReason !== null) break;
    }
  } finally {
    conversation.history.push({ role: 'agent', text: turn.said });
    save(conversation);
  }
  setTimeout(() => turn.afterwards.forEach((update) => tell(conversation, update)), 20);
  return { stopReason: turn.stopReason ?? 'end_turn', ...turn.extra };
}

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

class Turn {
  stopReason: string | null = null;
  said = '';
  extra: Params = {};
  afterwards: Params[] = [];
  readonly #in: Conversation;

  constructor(conversation: Conversation) {
    this.#in = conversation;
  }

  get #signal(): AbortSignal {
    return this.#in.cancel.signal;
  }

  async step(step: Step, earlier: Conversation['history'], text: string): Promise<void> {
    if ('say' in step) this.#say(step['say'], step['message']);
    else if ('think' in step) tell(this.#in, { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: step['think'] } });
    else if ('sayLate' in step) this.afterwards.push(chunk(step['sayLate']));
    else if ('write' in step) await this.#write(step['write'].path, step['write'].content);
    else if ('shell' in step) await this.#shell(step['shell']);
    else if ('sayForever' in step) await this.#sayForever();
    else if ('fail' in step) throw new Refusal(step['fail'].code, step['fail'].message, step['fail'].data);
    else if ('update' in step) tell(this.#in, step['update']);
    else if ('updateLate' in step) this.afterwards.push(step['updateLate']);
    else if ('raw' in step) process.stdout.write(step['raw']);
    else if ('request' in step) this.#say(JSON.stringify(await request(step['request'].method, { sessionId: this.#in.id, ...step['request'].params })));
    else if ('extra' in step) this.extra = step['extra'];
    else if ('stop' in step) this.stopReason = step['stop'];
    else if ('recall' in step) this.#say(earlier.map((entry) => entry.text).join('\n'));
    else if ('echo' in step) this.#say(text);
    else if ('pause' in step) await sleep(step['pause']);
    else if ('state' in step) this.#say(`mode=${this.#in.mode} model=${this.#in.model}`);
    else if ('silence' in step) await new Promise(() => {});
    else if ('crash' in step) {
      process.stderr.write(`${step['crash']}\n`);
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => {});
    }
  }

  #say(text: string, messageId?: string): void {
    this.said += text;
    tell(this.#in, { ...chunk(text), ...(messageId === undefined ? {} : { messageId }) });
  }

  async #sayForever(): Promise<void> {
    this.#say('begun ');
    const ends = flags.has('--ignores-cancel') ? undefined : this.#signal;
    while (ends?.aborted !== true) {
      this.#say('and on ');
      await sleep(5, ends);
    }
  }

  /** Tells of a call and asks for leave, in the order that the arguments name. False: refused, and the call is over. */
  async #begin(call: Params): Promise<boolean> {
    const told = flags.has('--no-kind') ? { ...call, kind: undefined } : call;
    if (this.#in.mode === 'yolo' || !flags.has('--asks-first')) tell(this.#in, { sessionUpdate: 'tool_call', status: 'pending', ...told });
    if (this.#in.mode !== 'yolo') {
      const options = flags.has('--only-always')
        ? [
            { optionId: 'a', name: 'Always', kind: 'allow_always' },
            { optionId: 'b', name: 'Never', kind: 'reject_always' },
          ]
        : [
            { optionId: 'x1', name: 'Allow always', kind: 'allow_always' },
            { optionId: 'x2', name: 'Allow', kind: 'allow_once' },
            { optionId: 'x3', name: 'Reject', kind: 'reject_once' },
          ];
      const { outcome } = (await request('session/request_permission', { sessionId: this.#in.id, toolCall: { status: 'pending', ...told }, options }))[
        'result'
      ] ?? { outcome: {} };
      if (outcome.outcome !== 'selected' || !['x1', 'x2', 'a'].includes(outcome.optionId)) {
        tell(this.#in, { sessionUpdate: 'tool_call_update', toolCallId: call['toolCallId'], status: 'failed', content: textContent('The user said no.') });
        if (flags.has('--stops-when-refused') || outcome.outcome === 'cancelled') this.stopReason = 'cancelled';
        return false;
      }
    }
    if (!flags.has('--asks-first')) tell(this.#in, { sessionUpdate: 'tool_call_update', toolCallId: call['toolCallId'], status: 'in_progress' });
    return true;
  }

  async #write(path: string, content: string): Promise<void> {
    const toolCallId = `call-${(lastCall += 1)}`;
    const rawInput = { file_path: path, content };
    if (!(await this.#begin({ toolCallId, title: `Write ${path}`, kind: 'edit', locations: [{ path }], rawInput }))) return;
    const oldText = existsSync(path) ? readFileSync(path, 'utf8') : null;
    const written = flags.has('--writes-through-client') ? await request('fs/write_text_file', { sessionId: this.#in.id, path, content }) : { error: true };
    if ('error' in written && !flags.has('--writes-through-client')) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    const failed = 'error' in written && flags.has('--writes-through-client');
    tell(this.#in, {
      sessionUpdate: 'tool_call_update',
      toolCallId,
      status: failed ? 'failed' : 'completed',
      content: failed ? textContent(JSON.stringify(written)) : [{ type: 'diff', path, oldText, newText: content }],
    });
  }

  async #shell(command: string): Promise<void> {
    const toolCallId = `call-${(lastCall += 1)}`;
    if (!(await this.#begin({ toolCallId, title: command, kind: 'execute', rawInput: { command } }))) return;
    const child = spawn('sh', ['-c', command], { cwd: this.#in.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += String(data)));
    child.stderr.on('data', (data: Buffer) => (output += String(data)));
    const code = await Promise.race([exitOf(child), sleep(1e9, this.#signal).then(() => 'cancelled' as const)]);
    if (code === 'cancelled' && !flags.has('--leaves-child')) child.kill('SIGKILL');
    if (code === 'cancelled' && flags.has('--no-final-update')) return;
    const isFailed = code !== 0 && !(code === 'cancelled' && flags.has('--completes-cancelled'));
    tell(this.#in, {
      sessionUpdate: 'tool_call_update',
      toolCallId,
      status: isFailed ? 'failed' : 'completed',
      content: textContent(output),
      rawOutput: { exitCode: code === 'cancelled' ? null : code },
    });
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

function chunk(text: string): Params {
  return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
}

function textContent(text: string): Params[] {
  return [{ type: 'content', content: { type: 'text', text } }];
}

if (flags.has('--banner')) process.stdout.write('Welcome to the scripted agent!\n{"level":"info" not json\n[1,2]\n');

/** Not `readline`: that one also ends lines at U+2028. */
let rest = '';
process.stdin
  .setEncoding('utf8')
  .on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) receive(JSON.parse(line));
  })
  .on('end', () => process.exit(0));

function receive(message: Params): void {
  if (!('method' in message)) {
    waiting.get(message['id'])?.(message);
    waiting.delete(message['id']);
  } else if (!('id' in message)) {
    if (message['method'] === 'session/cancel' && !flags.has('--ignores-cancel')) conversations.get(message['params'].sessionId)?.cancel.abort();
  } else {
    answer(message['method'], message['params']).then(
      (result) => send({ id: message['id'], result }),
      (error: unknown) =>
        send({
          id: message['id'],
          error: error instanceof Refusal ? error.answer : { code: -32603, message: 'Internal error', data: { details: String(error) } },
        }),
    );
  }
}
