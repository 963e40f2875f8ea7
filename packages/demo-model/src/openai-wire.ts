import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { PlannedCall } from './answer.ts';
import type { AnswerFacts, AnswerWriter, WholeAnswer, Wire } from './answer-writer.ts';
import type { Fault } from './directive.ts';
import { faultBody } from './fault.ts';

/** OpenAI's chat completions, as llama.cpp's server sends them. */
export const OPENAI_WIRE: Wire = {
  startWriter: (response, facts) => new ChunkWriter(response, facts),
  wholeBody,
  faultBody,
  refusalBody: (message) => ({ error: { code: 400, message, type: 'invalid_request_error' } }),
};

function wholeBody({ text, reasoning, calls }: WholeAnswer, facts: AnswerFacts): object {
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : { tool_calls: calls.map((call) => ({ id: callId(), type: 'function', function: { name: call.name, arguments: call.input } })) }),
  };
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model: facts.model,
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: usage(facts.promptTokens, Math.ceil((text.length + reasoning.length) / 4)),
  };
}

class ChunkWriter implements AnswerWriter {
  readonly response: ServerResponse;
  readonly facts: AnswerFacts;
  readonly #startedAt = performance.now();
  readonly #prefix: string;
  #buffer = '';
  #isOpen = false;
  #tokens = 0;

  constructor(response: ServerResponse, facts: AnswerFacts) {
    this.response = response;
    this.facts = facts;
    const head = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1_000), model: facts.model };
    this.#prefix = `data: ${JSON.stringify(head).slice(0, -1)}`;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.#send(',"choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant","content":null}}]');
    this.#flush();
  }

  corked(write: () => void): boolean {
    this.open();
    write();
    return this.#flush();
  }

  token(type: 'text' | 'reasoning', text: string): void {
    this.#tokens += 1;
    const field = type === 'text' ? 'content' : 'reasoning_content';
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

  keepAlive(): void {
    this.response.write(': keep-alive\n\n');
  }

  finish(reason: 'stop' | 'tool_calls'): void {
    this.open();
    this.#send(`,"choices":[{"index":0,"finish_reason":"${reason}","delta":{}}]${this.facts.includeUsage ? '' : this.#timings()}`);
    if (this.facts.includeUsage) this.#send(`,"choices":[],"usage":${JSON.stringify(usage(this.facts.promptTokens, this.#tokens))}${this.#timings()}`);
    this.#buffer += 'data: [DONE]\n\n';
    this.response.end(this.#buffer);
  }

  fault(fault: Fault): void {
    this.open();
    if (fault === 'cut' || fault === 'reset') return void this.response.write(' ', () => this.response.destroy());
    if (fault === 'malformed') return void this.response.end('data: {"choices":[{"delta":{"content":"half a chu\n\ndata: [DONE]\n\n');
    if (fault === 'empty') return this.finish('stop');
    this.response.end(`data: ${JSON.stringify(faultBody(fault, this.facts))}\n\ndata: [DONE]\n\n`);
  }

  #timings(): string {
    const ms = Math.max(0.001, performance.now() - this.#startedAt);
    const { promptTokens } = this.facts;
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
