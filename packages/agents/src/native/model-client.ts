import { TransformStream } from 'node:stream/web';
import { createOpenAICompatible, type MetadataExtractor } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { Agent, fetch, Response } from 'undici';
import * as z from 'zod/mini';
import { NotAStream } from './describe-model-failure.ts';
import { mapStreamPart, type StepEvent } from './map-stream-part.ts';
import type { ModelTarget } from './model-target.ts';

export interface ModelRequest {
  readonly target: ModelTarget;
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
  /** Abort it without a reason: the SDK takes any other reason for a failed answer. */
  readonly signal: AbortSignal;
  /** Called for everything the server sends but keep-alive comments. */
  readonly onChunk: () => void;
}

/**
 * Speaks to OpenAI-compatible servers through the AI SDK's provider (its model layer: the loop above it is ours, so that every step, retry and
 * tool call is seen). Owns the connections; nothing is retried here, and no timeout but ours ends a slow prefill.
 */
export class ModelClient implements AsyncDisposable {
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000, connect: { timeout: 15_000 } });

  /** One request and its answer as events. Rejects with whatever went wrong; `describeModelFailure` knows what it means. */
  async *stream(request: ModelRequest): AsyncGenerator<StepEvent> {
    const { target, prompt, tools, signal } = request;
    const provider = createOpenAICompatible({
      name: 'boocode',
      baseURL: target.baseUrl,
      ...(target.apiKey === null ? {} : { apiKey: target.apiKey }),
      headers: { ...target.headers },
      includeUsage: true,
      fetch: asGlobalFetch((url, init) => this.#fetch(url, init, request.onChunk)),
      metadataExtractor: TIMINGS,
    });
    const { stream } = await provider.chatModel(target.modelName).doStream({ prompt, tools: [...tools], abortSignal: signal });
    for await (const part of stream) {
      const event = mapStreamPart(part);
      if (event !== null) yield event;
    }
  }

  /** What llama.cpp says about the room of one conversation; null when the server does not say. */
  async findContextSize(target: ModelTarget, signal: AbortSignal): Promise<number | null> {
    try {
      const url = `${target.baseUrl.replace(/\/v1$/, '')}/props?model=${encodeURIComponent(target.modelName)}`;
      const authorization = target.apiKey === null ? {} : { authorization: `Bearer ${target.apiKey}` };
      const response = await fetch(url, { dispatcher: this.#agent, signal, headers: { ...authorization, ...target.headers } });
      const props = Props.safeParse(response.ok ? await response.json() : null);
      return props.success ? props.data.default_generation_settings.n_ctx : null;
    } catch {
      return null; // not llama.cpp, or not there: the first refusal will teach us
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #fetch(url: string, init: Parameters<typeof fetch>[1], onChunk: () => void): Promise<Awaited<ReturnType<typeof fetch>>> {
    const response = await fetch(url, { ...init, dispatcher: this.#agent });
    if (!response.ok || response.body === null) return response;
    const type = response.headers.get('content-type') ?? '';
    if (!/^(text\/event-stream|application\/x-ndjson)\b/i.test(type)) throw new NotAStream(type, (await response.text()).slice(0, 300));
    return new Response(response.body.pipeThrough(watchChunks(onChunk)), { status: response.status, headers: response.headers });
  }
}

const Props = z.looseObject({ default_generation_settings: z.looseObject({ n_ctx: z.int().check(z.gte(1)) }) });

function watchChunks(onChunk: () => void): TransformStream<Uint8Array | undefined, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk === undefined) return;
      if (!isComment(chunk)) onChunk();
      controller.enqueue(chunk);
    },
  });
}

const COLON = 58;

/** Server-sent comments begin with a colon; servers send them to keep the connection open. */
function isComment(chunk: Uint8Array): boolean {
  return chunk[0] === COLON && !Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).includes('\ndata:');
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

/** undici's own fetch is the one that takes our agent; it differs from the global one in its types alone. */
function asGlobalFetch(own: (url: string, init: Parameters<typeof fetch>[1]) => ReturnType<typeof fetch>): typeof globalThis.fetch {
  return own as unknown as typeof globalThis.fetch;
}
