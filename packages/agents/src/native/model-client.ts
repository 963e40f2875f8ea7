import { createOpenAICompatible, type MetadataExtractor } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { Agent, type Dispatcher, request as sendRequest } from 'undici';
import * as z from 'zod/mini';
import { NotAStream } from './describe-model-failure.ts';
import { EventQueue } from './event-queue.ts';
import { mapStreamPart, type StepEvent } from './map-stream-part.ts';
import type { ModelTarget } from './model-target.ts';
import { EventSplitter, readDelta } from './read-delta.ts';

export interface ModelRequest {
  readonly target: ModelTarget;
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
  /** Of this request alone. Abort it without a reason: the SDK takes any other reason for a failed answer. */
  readonly signal: AbortSignal;
  /** Called for everything the server sends but keep-alive comments. */
  readonly onChunk: () => void;
}

const QUEUE_LIMIT = 5_000;
/** A server's list changes, a key is replaced: so many are remembered before all are made anew. */
const MOST_MODELS = 32;

/**
 * Speaks to OpenAI-compatible servers through the AI SDK's provider: the request, tool calls, usage, endings and errors are its business. The loop
 * above it is ours, so that every step, retry and call is seen; and plain words go past it, straight from the socket to the reader, because its
 * chain of streams costs several times what all the rest of a token costs (measured: 63 of 73 microseconds).
 * Owns the connections; nothing is retried here, and no timeout but ours ends a slow prefill.
 */
export class ModelClient implements AsyncDisposable {
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 15_000 } });
  readonly #models = new Map<string, LanguageModelV4>();
  /** What a request belongs to: its signal is the one thing that the SDK hands on as it is. */
  readonly #open = new WeakMap<AbortSignal, { readonly request: ModelRequest; readonly queue: EventQueue<StepEvent> }>();

  /** One request; its answer comes in batches. The queue fails with whatever went wrong; `describeModelFailure` knows what it means. */
  stream(request: ModelRequest): EventQueue<StepEvent> {
    const queue = new EventQueue<StepEvent>();
    void this.#pump(request, queue).then(
      () => queue.end(),
      (error: unknown) => queue.fail(error),
    );
    return queue;
  }

  /** What llama.cpp says about the room of one conversation; null when the server does not say. */
  async findContextSize(target: ModelTarget, signal: AbortSignal): Promise<number | null> {
    try {
      const url = `${target.baseUrl.replace(/\/v1$/, '')}/props?model=${encodeURIComponent(target.modelName)}`;
      const authorization = target.apiKey === null ? {} : { authorization: `Bearer ${target.apiKey}` };
      const { statusCode, body } = await sendRequest(url, { dispatcher: this.#agent, signal, headers: { ...authorization, ...target.headers } });
      const props = Props.safeParse(statusCode === 200 ? await body.json() : await body.dump());
      return props.success ? props.data.default_generation_settings.n_ctx : null;
    } catch {
      return null; // not llama.cpp, or not there: the first refusal will teach us
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #pump(request: ModelRequest, queue: EventQueue<StepEvent>): Promise<void> {
    const { target, prompt, tools, signal } = request;
    this.#open.set(signal, { request, queue });
    const { stream } = await this.#modelOf(target).doStream({ prompt, tools: [...tools], abortSignal: signal });
    for await (const part of stream) {
      const event = mapStreamPart(part);
      if (event !== null) queue.push(event);
    }
  }

  /** Kept, because the SDK builds a model's schemas anew with each: half of what a request costs. */
  #modelOf({ baseUrl, apiKey, headers, modelName }: ModelTarget): LanguageModelV4 {
    const key = JSON.stringify([baseUrl, apiKey, headers, modelName]);
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const provider = createOpenAICompatible({
      name: 'boocode',
      baseURL: baseUrl,
      ...(apiKey === null ? {} : { apiKey }),
      headers: { ...headers },
      includeUsage: true,
      fetch: asGlobalFetch((url, init) => this.#fetch(url, init)),
      metadataExtractor: TIMINGS,
    });
    const model = provider.chatModel(modelName);
    if (this.#models.size >= MOST_MODELS) this.#models.clear();
    this.#models.set(key, model);
    return model;
  }

  async #fetch(url: string, init: FetchInit): Promise<Response> {
    const open = this.#open.get(init.signal);
    if (open === undefined) throw new TypeError('the SDK asks with a signal that it was not given');
    const { request, queue } = open;
    const answer = await sendRequest(url, { method: 'POST', headers: init.headers, body: init.body, signal: request.signal, dispatcher: this.#agent });
    const headers = plainHeaders(answer.headers);
    if (answer.statusCode < 200 || answer.statusCode >= 300) {
      const text = await answer.body.text();
      return new Response(text === '' ? null : text, { status: answer.statusCode, headers });
    }
    const type = headers['content-type'] ?? '';
    if (!/^(text\/event-stream|application\/x-ndjson)\b/i.test(type)) throw new NotAStream(type, (await answer.body.text()).slice(0, 300));
    return new Response(tapWords(answer.body, request.onChunk, queue), { status: 200, headers });
  }
}

interface FetchInit {
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const Props = z.looseObject({ default_generation_settings: z.looseObject({ n_ctx: z.int().check(z.gte(1)) }) });

/** Takes words out of the stream into the queue, those that came together as one; the SDK is given the rest. */
function tapWords(body: Dispatcher.ResponseData['body'], onChunk: () => void, queue: EventQueue<StepEvent>): ReadableStream<Uint8Array> {
  const splitter = new EventSplitter();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const take = (events: readonly string[]): void => {
        let words: { type: 'text' | 'reasoning'; delta: string } | null = null;
        if (events.length > 0) onChunk();
        for (const data of events) {
          const delta = readDelta(data);
          if (delta === null) controller.enqueue(encoder.encode(`data: ${data}\n\n`));
          else if (words?.type === delta.type) words.delta += delta.delta;
          else {
            if (words !== null) queue.push(words);
            words = { ...delta };
          }
        }
        if (words !== null) queue.push(words);
        if (queue.size < QUEUE_LIMIT) return;
        body.pause();
        void queue.dealtWith().then(() => body.resume());
      };
      body.setEncoding('utf8');
      body.on('data', (text: string) => take(splitter.push(text)));
      body.once('end', () => {
        take(splitter.flush());
        controller.close();
      });
      body.once('error', (error) => controller.error(error));
    },
    cancel() {
      body.destroy();
    },
  });
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]));
  return Object.fromEntries(pairs);
}

const TIMINGS: MetadataExtractor = {
  extractMetadata: async () => undefined,
  createStreamExtractor() {
    let timings: Record<string, number> | null = null;
    return {
      processChunk(chunk) {
        if (typeof chunk !== 'object' || chunk === null || !('timings' in chunk)) return;
        const parsed = Timings.safeParse(chunk.timings);
        if (parsed.success) timings = parsed.data;
      },
      buildMetadata: () => (timings === null ? undefined : { timings }),
    };
  },
};

const Timings = z.record(z.string(), z.number());

/** The SDK calls it in one way only: with an address, plain headers, a JSON body and the request's own signal. */
function asGlobalFetch(own: (url: string, init: FetchInit) => Promise<Response>): typeof globalThis.fetch {
  return own as unknown as typeof globalThis.fetch;
}
