import type { ModelServerConfig } from '@boocode/contracts/config-file.ts';
import * as z from 'zod/mini';

const TIMEOUT_MS = 4_000;

export interface FoundModel {
  readonly id: string;
  readonly contextSize: number | null;
  /** It is BooCode's demo model, wherever it runs. */
  readonly isDemo: boolean;
}

/** `failure` is a sentence with the address, the cause and what to do; null when the server listed its models. */
export interface Probe {
  readonly models: readonly FoundModel[];
  readonly failure: string | null;
  /** False: nothing listens at the address. */
  readonly isThere: boolean;
}

/** llama.cpp says `meta.n_ctx` (of a slot) or `meta.n_ctx_train`, vLLM `max_model_len`, others `context_length`; most say nothing. */
const Size = z.optional(z.nullable(z.number()));
const ModelListAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.optional(z.nullable(z.string())),
      context_length: Size,
      max_model_len: Size,
      meta: z.optional(z.nullable(z.object({ n_ctx: Size }))),
    }),
  ),
});

/** Asks an OpenAI-compatible server for its models. Never rejects. */
export async function probeModelServer(server: ModelServerConfig): Promise<Probe> {
  const url = `${server.url.replace(/\/+$/, '')}/models`;
  const failed = (cause: string, next: string, isThere = true): Probe => ({
    models: [],
    failure: `the model server ${server.url} ${cause}: ${next}`,
    isThere,
  });
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers: { ...server.headers, ...(server.key === undefined || server.key === '' ? {} : { authorization: `Bearer ${server.key}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    text = await response.text();
  } catch (error) {
    const isSlow = error instanceof DOMException && error.name === 'TimeoutError';
    return isSlow
      ? failed('does not answer', 'see whether it hangs')
      : failed('cannot be reached', 'start it, or correct its address in the settings or config.json', false);
  }
  if (response.status === 401 || response.status === 403) return failed('refuses the key', 'set its key in the settings, config.json or BOOCODE_MODEL_KEY');
  if (!response.ok) return failed(`answered ${response.status}`, 'its url must end in /v1');
  const parsed = ModelListAnswer.safeParse(parseJson(text));
  if (!parsed.success) return failed('answered something else than a list of models', 'its url must be that of an OpenAI-compatible server and end in /v1');
  return {
    models: parsed.data.data.map((model) => ({
      id: model.id,
      contextSize: model.meta?.n_ctx ?? model.max_model_len ?? model.context_length ?? null,
      isDemo: model.owned_by === 'boocode-demo',
    })),
    failure: null,
    isThere: true,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the schema refuses it with the sentence above
  }
}
