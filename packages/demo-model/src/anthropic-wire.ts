import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { PlannedCall } from './answer.ts';
import type { AnswerFacts, AnswerWriter, WholeAnswer, Wire } from './answer-writer.ts';
import type { Fault } from './directive.ts';
import { faultMessage, faultStatus } from './fault.ts';

/** Anthropic's Messages format. */
export const ANTHROPIC_WIRE: Wire = {
  startWriter: (response, facts) => new EventWriter(response, facts),
  wholeBody,
  faultBody: mapFault,
  refusalBody: (message) => errorBody('invalid_request_error', message),
};

type Block =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function wholeBody({ text, reasoning, calls }: WholeAnswer, facts: AnswerFacts): object {
  const content: Block[] = [
    ...(reasoning === '' ? [] : [{ type: 'thinking' as const, thinking: reasoning, signature: SIGNATURE }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map((call) => ({ type: 'tool_use' as const, id: useId(), name: call.name, input: parseInput(call.input) })),
  ];
  const outputTokens = Math.ceil((text.length + reasoning.length) / 4);
  return { ...messageHead(facts), content, stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', usage: usage(facts.promptTokens, outputTokens) };
}

function mapFault(fault: Fault, facts: AnswerFacts): object {
  if (fault === 'context') return errorBody('invalid_request_error', `prompt is too long: ${facts.promptTokens} tokens > ${facts.contextSize} maximum`);
  return errorBody(ERROR_TYPES[faultStatus(fault) ?? 500] ?? 'api_error', faultMessage(fault, facts.model));
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

function errorBody(type: string, message: string): object {
  return { type: 'error', error: { type, message } };
}

/** Writes the events of one message: each stretch of text, thinking or a call is a block that begins and ends. */
class EventWriter implements AnswerWriter {
  readonly response: ServerResponse;
  readonly facts: AnswerFacts;
  #buffer = '';
  #isOpen = false;
  #block: 'text' | 'reasoning' | null = null;
  #blocks = 0;
  #tokens = 0;

  constructor(response: ServerResponse, facts: AnswerFacts) {
    this.response = response;
    this.facts = facts;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    this.#send('message_start', { message: { ...messageHead(this.facts), content: [], stop_reason: null, usage: usage(this.facts.promptTokens, 1) } });
    this.#flush();
  }

  corked(write: () => void): boolean {
    this.open();
    write();
    return this.#flush();
  }

  token(type: 'text' | 'reasoning', text: string): void {
    this.#tokens += 1;
    if (this.#block !== type) this.#begin(type);
    this.#delta(type === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text });
  }

  call(call: PlannedCall): void {
    this.corked(() => {
      this.#endBlock();
      this.#send('content_block_start', { index: this.#blocks, content_block: { type: 'tool_use', id: useId(), name: call.name, input: {} } });
      for (const piece of call.input.match(/[\s\S]{1,12}/g) ?? []) {
        this.#tokens += 1;
        this.#delta({ type: 'input_json_delta', partial_json: piece });
      }
      this.#stop();
    });
  }

  keepAlive(): void {
    this.#send('ping', {});
    this.#flush();
  }

  finish(reason: 'stop' | 'tool_calls'): void {
    this.open();
    this.#endBlock();
    const delta = { stop_reason: reason === 'tool_calls' ? 'tool_use' : 'end_turn', stop_sequence: null };
    this.#send('message_delta', { delta, usage: usage(this.facts.promptTokens, this.#tokens) });
    this.#send('message_stop', {});
    this.response.end(this.#buffer);
  }

  fault(fault: Fault): void {
    this.open();
    if (fault === 'cut' || fault === 'reset') return void this.response.write(' ', () => this.response.destroy());
    if (fault === 'malformed')
      return void this.response.end('event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_d\n\n');
    if (fault === 'empty') return this.finish('stop');
    this.response.end(`event: error\ndata: ${JSON.stringify(mapFault(fault, this.facts))}\n\n`);
  }

  #begin(type: 'text' | 'reasoning'): void {
    this.#endBlock();
    this.#block = type;
    const empty = type === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' };
    this.#send('content_block_start', { index: this.#blocks, content_block: empty });
  }

  #endBlock(): void {
    if (this.#block === null) return;
    if (this.#block === 'reasoning') this.#delta({ type: 'signature_delta', signature: SIGNATURE });
    this.#block = null;
    this.#stop();
  }

  #stop(): void {
    this.#send('content_block_stop', { index: this.#blocks });
    this.#blocks += 1;
  }

  #delta(delta: object): void {
    this.#send('content_block_delta', { index: this.#blocks, delta });
  }

  #send(type: string, rest: object): void {
    this.#buffer += `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  }

  #flush(): boolean {
    const text = this.#buffer;
    this.#buffer = '';
    return text === '' || this.response.write(text);
  }
}

const SIGNATURE = 'ZGVtbw==';

function messageHead(facts: AnswerFacts): object {
  return { id: `msg_${randomUUID().replaceAll('-', '')}`, type: 'message', role: 'assistant', model: facts.model, stop_sequence: null };
}

function usage(inputTokens: number, outputTokens: number): object {
  return { input_tokens: inputTokens, output_tokens: outputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
}

function useId(): string {
  return `toolu_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}

/** A whole message holds a call's input as a value; what is no JSON is kept as text. */
function parseInput(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
