import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer, PlannedCall, Segment } from './answer.ts';
import type { Fault } from './directive.ts';
import { faultBody, faultStatus } from './fault.ts';

export interface StreamOptions {
  readonly model: string;
  readonly promptTokens: number;
  readonly includeUsage: boolean;
  readonly keepAliveMs: number;
  readonly contextSize: number;
}

/** Sends an answer as server-sent events, one chunk per token, at the asked pace. Returns when all is sent or the client has gone. */
export async function streamAnswer(response: ServerResponse, answer: Answer, options: StreamOptions): Promise<void> {
  const first = answer.segments[0];
  if (first?.type === 'hang') return clientGone(response);
  if (first?.type === 'fault' && sendPlainFault(response, first.fault, options)) return;
  const writer = new ChunkWriter(response, options);
  for (const segment of answer.segments) {
    if (response.destroyed || response.writableEnded) return;
    await sendSegment(writer, segment);
    if (segment.type === 'fault') return;
  }
  if (response.destroyed || response.writableEnded) return;
  answer.calls.forEach((call, index) => writer.call(call, index));
  writer.finish(answer.calls.length > 0 ? 'tool_calls' : 'stop');
}

async function sendSegment(writer: ChunkWriter, segment: Segment): Promise<void> {
  switch (segment.type) {
    case 'text':
    case 'reasoning': {
      const field = segment.type === 'text' ? 'content' : 'reasoning_content';
      return sendPaced(writer, segment.pieces.length, segment.perSecond, (index) => writer.token(field, segment.pieces[index] ?? ''));
    }
    case 'stream':
      return sendPaced(writer, segment.tokens, segment.perSecond, (index) => writer.token('content', tokenText(index, segment.stamped)));
    case 'stall':
      return stall(writer, segment.ms);
    case 'hang':
      return clientGone(writer.response);
    case 'fault':
      return writer.fault(segment.fault);
  }
}

/** Token N is `N ` (or `N@<send time, ms since the epoch> `), so that a reader can prove that none was lost, doubled or reordered. */
function tokenText(index: number, stamped: boolean): string {
  return stamped ? `${index}@${(performance.timeOrigin + performance.now()).toFixed(3)} ` : `${index} `;
}

const BATCH = 64;

/** Sends `count` tokens, each when its time has come; one timer at a time, and those that are late go out in one write. */
async function sendPaced(writer: ChunkWriter, count: number, perSecond: number | null, send: (index: number) => void): Promise<void> {
  const startedAt = performance.now();
  let sent = 0;
  while (sent < count && !writer.response.destroyed) {
    const due = perSecond === null ? sent + BATCH : Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1;
    const end = Math.min(count, due);
    const hasRoom = writer.corked(() => {
      for (; sent < end; sent += 1) send(sent);
    });
    if (sent >= count) return;
    if (!hasRoom) await drained(writer.response);
    else if (perSecond === null) await new Promise((resolve) => setImmediate(resolve));
    else await pause(writer.response, Math.max(1, startedAt + (sent * 1_000) / perSecond - performance.now()));
  }
}

async function stall(writer: ChunkWriter, ms: number | null): Promise<void> {
  writer.open();
  const beat = setInterval(() => writer.response.write(': keep-alive\n\n'), writer.options.keepAliveMs);
  try {
    await (ms === null ? clientGone(writer.response) : pause(writer.response, ms));
  } finally {
    clearInterval(beat);
  }
}

/** Writes the chunks of one completion in the form of llama.cpp's server. */
class ChunkWriter {
  readonly response: ServerResponse;
  readonly options: StreamOptions;
  readonly #startedAt = performance.now();
  readonly #prefix: string;
  #buffer = '';
  #isOpen = false;
  #tokens = 0;

  constructor(response: ServerResponse, options: StreamOptions) {
    this.response = response;
    this.options = options;
    const head = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1_000), model: options.model };
    this.#prefix = `data: ${JSON.stringify(head).slice(0, -1)}`;
  }

  /** Sends the headers and the chunk that names the role. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.#send(',"choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant","content":null}}]');
    this.#flush();
  }

  /** Runs `write` and sends what it wrote as one piece; false when the client must catch up first. */
  corked(write: () => void): boolean {
    this.open();
    write();
    return this.#flush();
  }

  token(field: 'content' | 'reasoning_content', text: string): void {
    this.#tokens += 1;
    this.#send(`,"choices":[{"index":0,"finish_reason":null,"delta":{"${field}":${JSON.stringify(text)}}}]`);
  }

  call(call: PlannedCall, index: number): void {
    this.corked(() => {
      this.#delta({ tool_calls: [{ index, id: callId(), type: 'function', function: { name: call.name, arguments: '' } }] });
      for (const piece of call.input.match(/[\s\S]{1,12}/g) ?? []) {
        this.#tokens += 1;
        this.#delta({ tool_calls: [{ index, function: { arguments: piece } }] });
      }
    });
  }

  finish(reason: 'stop' | 'tool_calls'): void {
    this.open();
    this.#send(`,"choices":[{"index":0,"finish_reason":"${reason}","delta":{}}]${this.options.includeUsage ? '' : this.#timings()}`);
    if (this.options.includeUsage) this.#send(`,"choices":[],"usage":${JSON.stringify(usage(this.options.promptTokens, this.#tokens))}${this.#timings()}`);
    this.#buffer += 'data: [DONE]\n\n';
    this.response.end(this.#buffer);
  }

  fault(fault: Fault): void {
    this.open();
    if (fault === 'cut' || fault === 'reset') return void this.response.write(' ', () => this.response.destroy());
    if (fault === 'malformed') return void this.response.end('data: {"choices":[{"delta":{"content":"half a chu\n\ndata: [DONE]\n\n');
    if (fault === 'empty') return this.finish('stop');
    this.response.end(`data: ${JSON.stringify(faultBody(fault, this.options))}\n\ndata: [DONE]\n\n`);
  }

  #timings(): string {
    const ms = Math.max(0.001, performance.now() - this.#startedAt);
    const { promptTokens } = this.options;
    const timings = {
      cache_n: 0,
      prompt_n: promptTokens,
      prompt_ms: 1,
      prompt_per_second: promptTokens * 1_000,
      predicted_n: this.#tokens,
      predicted_ms: ms,
      predicted_per_second: (this.#tokens * 1_000) / ms,
    };
    return `,"timings":${JSON.stringify(timings)}`;
  }

  #delta(delta: object): void {
    this.#send(`,"choices":[{"index":0,"finish_reason":null,"delta":${JSON.stringify(delta)}}]`);
  }

  #send(rest: string): void {
    this.#buffer += `${this.#prefix}${rest}}\n\n`;
  }

  #flush(): boolean {
    const text = this.#buffer;
    this.#buffer = '';
    return text === '' || this.response.write(text);
  }
}

/** Answers without streaming. Pace and stalls are kept; the tokens come together. */
export async function sendWhole(response: ServerResponse, answer: Answer, options: StreamOptions): Promise<void> {
  const said = { text: '', reasoning: '' };
  for (const segment of answer.segments) {
    if (response.destroyed) return;
    if (segment.type === 'fault' && sendPlainFault(response, segment.fault, options)) return;
    if (segment.type === 'fault') return void response.destroy();
    if (segment.type === 'hang') return clientGone(response);
    if (segment.type === 'stall') await (segment.ms === null ? clientGone(response) : pause(response, segment.ms));
    else if (segment.type === 'stream') said.text += Array.from({ length: segment.tokens }, (_, index) => tokenText(index, segment.stamped)).join('');
    else said[segment.type] += segment.pieces.join('');
  }
  if (response.destroyed) return;
  const calls = answer.calls.map((call) => ({ id: callId(), type: 'function', function: { name: call.name, arguments: call.input } }));
  const message = {
    role: 'assistant',
    content: said.text === '' && calls.length > 0 ? null : said.text,
    ...(said.reasoning === '' ? {} : { reasoning_content: said.reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  sendJson(response, 200, {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model: options.model,
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: usage(options.promptTokens, Math.ceil((said.text.length + said.reasoning.length) / 4)),
  });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Faults that are seen before a stream begins. False = this one needs a stream. */
function sendPlainFault(response: ServerResponse, fault: Fault, options: StreamOptions): boolean {
  if (fault === 'reset') {
    response.destroy();
    return true;
  }
  if (fault === 'content-type') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Welcome</title><p>This is a web page, not a model.');
    return true;
  }
  const status = faultStatus(fault);
  if (status === null) return false;
  sendJson(response, status, faultBody(fault, options));
  return true;
}

function usage(promptTokens: number, completionTokens: number): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0 },
  };
}

function callId(): string {
  return `call_${randomUUID().slice(0, 12).replace('-', '')}`;
}

async function clientGone(response: ServerResponse): Promise<void> {
  if (!response.destroyed) await once(response, 'close');
}

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once('drain', resolve).once('close', resolve);
  await promise;
  response.off('drain', resolve).off('close', resolve);
}

async function pause(response: ServerResponse, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  response.once('close', resolve);
  await promise;
  clearTimeout(timer);
  response.off('close', resolve);
}
