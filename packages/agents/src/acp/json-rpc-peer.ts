import type { Readable, Writable } from 'node:stream';
import * as z from 'zod/mini';
import { JsonLines } from '../json-lines.ts';
import { orElse } from './lenient.ts';

/** The other side answered with an error, or is to be answered with one. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const METHOD_NOT_FOUND = -32601;
export const INTERNAL_ERROR = -32603;
const REQUEST_CANCELLED = -32800;

/** The other side is gone. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone';
}

export interface PeerHandlers {
  /** Answers with what it resolves with; `RpcError` answers with that error. */
  readonly onRequest: (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>;
  /** Called in the order of the wire, also relative to the answers of our requests. */
  readonly onNotification: (method: string, params: unknown) => void;
}

const Id = z.union([z.string(), z.number(), z.null()]);
const Message = z.object({
  id: z.optional(Id),
  method: z.optional(z.string()),
  params: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  error: z.optional(z.nullable(z.object({ code: orElse(z.number(), INTERNAL_ERROR), message: orElse(z.string(), 'Error'), data: z.optional(z.unknown()) }))),
});
type Message = z.infer<typeof Message>;
type Id = z.infer<typeof Id>;

const CancelRequest = z.object({ requestId: Id });

/** One side of JSON-RPC 2.0 over lines. What the other side logs between them breaks nothing. */
export class JsonRpcPeer {
  readonly #output: Writable;
  readonly #handlers: PeerHandlers;
  readonly #waiting = new Map<Id, PromiseWithResolvers<unknown> & { readonly onAnswer: () => void }>();
  readonly #answering = new Map<Id, AbortController>();
  #lastId = 0;
  #isGone = false;

  constructor(input: Readable, output: Writable, handlers: PeerHandlers) {
    this.#output = output;
    this.#handlers = handlers;
    const lines = new JsonLines({ onObject: (value) => this.#receive(value) });
    input.on('data', (chunk: Buffer) => lines.push(chunk));
    input.once('close', () => {
      lines.end();
      this.close();
    });
  }

  /** Rejects with `RpcError`, or with `PeerGone` when the other side ended before it answered. `onAnswer` is called before anything that follows on the wire. */
  request(method: string, params: unknown, onAnswer: () => void = () => {}): Promise<unknown> {
    const answer = { ...Promise.withResolvers<unknown>(), onAnswer };
    if (this.#isGone) answer.reject(new PeerGone(method));
    else {
      const id = (this.#lastId += 1);
      this.#waiting.set(id, answer);
      this.#send({ id, method, params });
    }
    return answer.promise;
  }

  notify(method: string, params: unknown): void {
    if (!this.#isGone) this.#send({ method, params });
  }

  close(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const answer of this.#waiting.values()) answer.reject(new PeerGone('the other side is gone'));
    this.#waiting.clear();
    for (const controller of this.#answering.values()) controller.abort();
    this.#answering.clear();
  }

  #send(message: object): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #receive(value: object): void {
    const parsed = Message.safeParse(value);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.method === undefined) this.#settle(message);
    else if (message.id === undefined) this.#notified(message.method, message.params);
    else void this.#answer(message.id, message.method, message.params);
  }

  #settle({ id, error, result }: Message): void {
    if (id === undefined) return;
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    answer?.onAnswer();
    if (error === undefined || error === null) answer?.resolve(result);
    else answer?.reject(new RpcError(error.code, error.message, error.data));
  }

  #notified(method: string, params: unknown): void {
    const cancelled = method === '$/cancel_request' ? CancelRequest.safeParse(params) : null;
    if (cancelled?.success === true) this.#answering.get(cancelled.data.requestId)?.abort();
    else this.#handlers.onNotification(method, params);
  }

  async #answer(id: Id, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#answering.set(id, controller);
    const answer = await this.#handlers.onRequest(method, params, controller.signal).then(
      (result) => ({ result: result ?? null }),
      (error: unknown) => ({ error: describe(error, controller.signal) }),
    );
    if (this.#answering.get(id) === controller) this.#answering.delete(id);
    if (!this.#isGone) this.#send({ id, ...answer });
  }
}

function describe(error: unknown, signal: AbortSignal): { code: number; message: string; data?: unknown } {
  if (error instanceof RpcError) return { code: error.code, message: error.message, ...(error.data === undefined ? {} : { data: error.data }) };
  if (signal.aborted) return { code: REQUEST_CANCELLED, message: 'Request cancelled' };
  return { code: INTERNAL_ERROR, message: error instanceof Error ? error.message : String(error) };
}
