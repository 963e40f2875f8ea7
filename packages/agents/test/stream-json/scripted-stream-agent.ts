import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/**
 * A program that speaks claude's lines of JSON and follows a script: each line of a prompt that begins with `step:` holds one step as JSON.
 * It keeps its conversations in `$SCRIPTED_HOME`, and in between it behaves as oddly as real agents do.
 */
type Step =
  | { readonly say: string }
  | { readonly think: string }
  | { readonly write: { readonly path: string; readonly content: string } }
  | { readonly shell: string }
  | { readonly askPerson: string }
  | { readonly sayForever: true }
  | { readonly fail: '400' | '500' | 'cut' }
  /** After this turn it begins another by itself, which asks for leave to run this. */
  | { readonly thenAlone: string };

const { values: flags } = parseArgs({
  strict: false,
  options: { resume: { type: 'string' }, model: { type: 'string' } },
});
const home = process.env.SCRIPTED_HOME ?? '.';
const isKnown = typeof flags.resume === 'string' && existsSync(fileOf(flags.resume));
if (typeof flags.resume === 'string' && !isKnown) {
  process.stderr.write(`No conversation found with session ID: ${flags.resume}\n`);
  process.exit(1);
}
const sessionId = typeof flags.resume === 'string' ? flags.resume : randomUUID();
const heard: string[] = isKnown ? JSON.parse(readFileSync(fileOf(sessionId), 'utf8')) : [];
const live = {
  mode: 'default',
  model: typeof flags.model === 'string' ? flags.model : 'scripted',
  cost: 0,
  stop: new AbortController(),
  turns: Promise.resolve(),
};
const asked = new Map<string, (answer: { behavior: string; message?: string; updatedInput?: Record<string, unknown> }) => void>();

function fileOf(id: string): string {
  return join(home, `${id}.json`);
}

process.stdout.write('Scripted agent 1.0\n{this is no JSON}\n');

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ ...message, session_id: sessionId, uuid: randomUUID() })}\n`);
}

function event(value: object): void {
  send({ type: 'stream_event', parent_tool_use_id: null, event: value });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.type === 'control_request') return control(message.request_id, message.request);
  if (message.type === 'control_response') return asked.get(message.response.request_id)?.(message.response.response);
  const text: string = message.message.content[0].text;
  live.turns = live.turns.then(() => turn(text, message.uuid));
});
process.stdin.on('end', () => process.exit(0));

function control(id: string, request: { subtype: string; mode?: string; model?: string; servers?: Record<string, object> }): void {
  if (request.subtype === 'set_permission_mode') live.mode = request.mode ?? live.mode;
  if (request.subtype === 'set_model') live.model = request.model ?? live.model;
  if (request.subtype === 'interrupt') live.stop.abort();
  const errors = Object.fromEntries(Object.keys(request.servers ?? {}).map((name) => [name, 'it did not answer']));
  const commands = [{ name: 'review', description: 'Looks at it', argumentHint: '[what]' }];
  const response =
    request.subtype === 'initialize' ? { commands, models: [{ value: 'scripted', displayName: 'Scripted', description: 'The only one' }] } : { errors };
  process.stdout.write(`${JSON.stringify({ type: 'control_response', response: { subtype: 'success', request_id: id, response } })}\n`);
}

async function turn(text: string, uuid: string): Promise<void> {
  heard.push(text);
  mkdirSync(home, { recursive: true });
  writeFileSync(fileOf(sessionId), JSON.stringify(heard));
  const steps = text.split('\n').flatMap((line): Step[] => (line.startsWith('step: ') ? [JSON.parse(line.slice(6))] : []));
  live.stop = new AbortController();
  send({ type: 'command_lifecycle', command_uuid: uuid, state: 'started' });
  send({ type: 'system', subtype: 'init', cwd: process.cwd(), model: live.model, permissionMode: live.mode, tools: [] });
  event({ type: 'message_start', message: { id: randomUUID(), content: [], usage: { input_tokens: 100, output_tokens: 1 } } });
  for (const step of steps) {
    if (live.stop.signal.aborted) break;
    if ('fail' in step) return fail(step.fail);
    await act(step);
  }
  result(
    live.stop.signal.aborted
      ? { subtype: 'error_during_execution', is_error: true, result: 'interrupted' }
      : { subtype: 'success', is_error: false, result: 'done' },
  );
  const alone = steps.find((step) => 'thenAlone' in step);
  if (alone !== undefined) await workAlone(alone.thenAlone);
}

function result(more: object): void {
  live.cost += 0.25;
  const usage = { input_tokens: 100, output_tokens: 7, cache_read_input_tokens: 20 };
  send({
    type: 'result',
    total_cost_usd: live.cost,
    num_turns: 1,
    usage,
    modelUsage: { scripted: { contextWindow: 200_000 } },
    permission_denials: [],
    ...more,
  });
}

async function act(step: Step): Promise<void> {
  if ('say' in step) return block({ type: 'text', text: step.say });
  if ('think' in step) return block({ type: 'thinking', thinking: step.think, signature: '' });
  if ('write' in step)
    return tool('Write', { file_path: step.write.path, content: step.write.content }, async () => writeFileSync(step.write.path, step.write.content));
  if ('shell' in step) return tool('Bash', { command: step.shell }, () => run(step.shell));
  if ('askPerson' in step) {
    const input = { questions: [{ question: step.askPerson, header: 'Color', options: [{ label: 'Red' }, { label: 'Blue' }] }] };
    return tool('AskUserQuestion', input, async (answered) => JSON.stringify(answered.answers));
  }
  if ('sayForever' in step) return sayForever();
}

/** Piece by piece, and then again as a whole. */
function block(whole: { type: 'text'; text: string } | { type: 'thinking'; thinking: string; signature: string }): void {
  event({ type: 'content_block_start', index: 0, content_block: whole.type === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '' } });
  const text = whole.type === 'text' ? whole.text : whole.thinking;
  for (const piece of text.match(/[^]{1,997}/gu) ?? []) {
    event({
      type: 'content_block_delta',
      index: 0,
      delta: whole.type === 'text' ? { type: 'text_delta', text: piece } : { type: 'thinking_delta', thinking: piece },
    });
  }
  send({
    type: 'assistant',
    parent_tool_use_id: null,
    message: { id: randomUUID(), role: 'assistant', content: [whole], usage: { input_tokens: 100, output_tokens: 1 } },
  });
  event({ type: 'content_block_stop', index: 0 });
}

async function tool(name: string, input: Record<string, unknown>, effect: (input: Record<string, unknown>) => Promise<string | void>): Promise<void> {
  const id = `toolu_${randomUUID()}`;
  event({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id, name, input: {} } });
  send({ type: 'assistant', parent_tool_use_id: null, message: { id: randomUUID(), role: 'assistant', content: [{ type: 'tool_use', id, name, input }] } });
  const needsLeave = name === 'AskUserQuestion' || (live.mode === 'default' && name !== 'Write');
  const answer = needsLeave ? await askLeave(id, name, input) : { behavior: 'allow', updatedInput: input };
  const allowed = answer.behavior === 'allow';
  const content = allowed ? await effect(answer.updatedInput ?? input) : (answer.message ?? 'denied');
  const isError = !allowed || live.stop.signal.aborted;
  send({
    type: 'user',
    parent_tool_use_id: null,
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, is_error: isError, content: content ?? 'ok' }] },
  });
}

async function askLeave(
  toolUseId: string,
  name: string,
  input: object,
): Promise<{ behavior: string; message?: string; updatedInput?: Record<string, unknown> }> {
  const id = randomUUID();
  const { promise, resolve } = Promise.withResolvers<{ behavior: string; message?: string; updatedInput?: Record<string, unknown> }>();
  asked.set(id, resolve);
  process.stdout.write(
    `${JSON.stringify({ type: 'control_request', request_id: id, request: { subtype: 'can_use_tool', tool_name: name, input, tool_use_id: toolUseId } })}\n`,
  );
  live.stop.signal.addEventListener('abort', () => {
    process.stdout.write(`${JSON.stringify({ type: 'control_cancel_request', request_id: id })}\n`);
    resolve({ behavior: 'deny', message: 'interrupted' });
  });
  return promise;
}

/** As real agents do, it ends the shell but leaves what that has started. */
async function run(command: string): Promise<string> {
  const child: ChildProcess = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  live.stop.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

async function sayForever(): Promise<void> {
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'begun' } });
  const keepAlive = setInterval(() => event({ type: 'ping' }), 50);
  await new Promise((resolve) => live.stop.signal.addEventListener('abort', resolve));
  clearInterval(keepAlive);
}

/** An error that looks like an answer, and a success that is none. */
function fail(how: '400' | '500' | 'cut'): void {
  const text = how === 'cut' ? 'API Error: Connection closed mid-response' : `API Error: ${how} The model said no`;
  const content = [{ type: 'text', text }];
  send({
    type: 'assistant',
    parent_tool_use_id: null,
    is_api_error_message: true,
    message: { id: randomUUID(), model: '<synthetic>', role: 'assistant', content },
  });
  result({ subtype: 'success', is_error: how === '500', result: text, usage: { input_tokens: 0, output_tokens: 0 } });
}

async function workAlone(command: string): Promise<void> {
  live.stop = new AbortController();
  send({ type: 'system', subtype: 'init', cwd: process.cwd(), model: live.model, permissionMode: live.mode, tools: [] });
  await tool('Bash', { command }, () => run(command));
  result({ subtype: 'success', is_error: false, result: 'alone', origin: { kind: 'task-notification' } });
}
