import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { maybe } from '../acp/lenient.ts';

const Reply = z.looseObject({
  type: z.literal('control_response'),
  response: z.looseObject({ request_id: z.string(), subtype: z.string(), response: maybe(z.looseObject({})), error: maybe(z.string()) }),
});
const Request = z.looseObject({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z.looseObject({ subtype: z.string() }),
});
const Cancel = z.looseObject({ type: z.literal('control_cancel_request'), request_id: z.string() });
const ControlMessage = z.discriminatedUnion('type', [Reply, Request, Cancel]);

/** Its kind, and what belongs to it. */
export interface ControlRequest {
  readonly subtype: string;
  readonly [field: string]: unknown;
}

export interface ControlHandlers {
  /** Answers what the agent asks; null: there is no such request. The signal aborts when the agent takes it back. */
  readonly onRequest: (request: ControlRequest, signal: AbortSignal) => Promise<object | null>;
}

/** Requests in both directions between the messages of a stream. */
export class ControlChannel {
  readonly #stdin: Writable;
  readonly #handlers: ControlHandlers;
  readonly #waiting = new Map<string, PromiseWithResolvers<object>>();
  readonly #asked = new Map<string, AbortController>();

  constructor(stdin: Writable, handlers: ControlHandlers) {
    this.#stdin = stdin;
    this.#handlers = handlers;
  }

  send(message: object): void {
    this.#stdin.write(`${asLine(message)}\n`);
  }

  /** Rejects with what the agent says against it, and when the channel is over. */
  async request(request: ControlRequest): Promise<object> {
    const id = randomUUID();
    const answer = Promise.withResolvers<object>();
    this.#waiting.set(id, answer);
    this.send({ type: 'control_request', request_id: id, request });
    try {
      return await answer.promise;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Whether the value was a part of this conversation; if not, it is a message of the stream. */
  receive(value: object): boolean {
    const parsed = ControlMessage.safeParse(value);
    if (!parsed.success) return false;
    const message = parsed.data;
    switch (message.type) {
      case 'control_response': {
        const { request_id: id, subtype, response, error } = message.response;
        const waiting = this.#waiting.get(id);
        if (subtype === 'error') waiting?.reject(new BooError('invalid_request', `Cannot steer the agent: ${error ?? 'it gave no reason'}`));
        else waiting?.resolve(response ?? {});
        return true;
      }
      case 'control_request':
        void this.#answer(message.request_id, message.request);
        return true;
      case 'control_cancel_request':
        this.#asked.get(message.request_id)?.abort();
        return true;
    }
  }

  /** The agent is gone: nobody waits for it any more. */
  close(reason: BooError): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    for (const asked of this.#asked.values()) asked.abort();
  }

  async #answer(id: string, request: ControlRequest): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(id, asked);
    try {
      const response = await this.#handlers.onRequest(request, asked.signal);
      if (response === null) this.#refuse(id, `unknown request "${request.subtype}"`);
      else this.send({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
    } catch (error) {
      this.#refuse(id, error instanceof Error ? error.message : String(error));
    } finally {
      this.#asked.delete(id);
    }
  }

  #refuse(id: string, error: string): void {
    this.send({ type: 'control_response', response: { subtype: 'error', request_id: id, error } });
  }
}

/** Node's own line reader, which agents use, takes these for line ends. */
function asLine(message: object): string {
  return JSON.stringify(message).replace(/[\u0085\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
