import { DEFAULT_CHARS_PER_TOKEN, learnCharsPerToken } from './context-policy.ts';
import type { ModelClient } from './model-client.ts';
import type { ModelTarget } from './model-target.ts';

interface Known {
  contextSize: number | null;
  charsPerToken: number;
  isAsked: boolean;
}

const ASK_TIMEOUT_MS = 3_000;

/** What has been learned of each model's room, from its settings, from the server, from what it counted and from what it refused. One per backend. */
export class ContextKnowledge {
  readonly #known = new Map<string, Known>();

  of(target: ModelTarget): { readonly contextSize: number | null; readonly charsPerToken: number } {
    const known = this.#entry(target);
    return { contextSize: minimum(target.contextSize, known.contextSize), charsPerToken: known.charsPerToken };
  }

  /** Asks the server in the background, once: the first request does not wait for it. */
  discover(target: ModelTarget, client: ModelClient): void {
    const known = this.#entry(target);
    if (target.contextSize !== null || known.isAsked) return;
    known.isAsked = true;
    void client.findContextSize(target, AbortSignal.timeout(ASK_TIMEOUT_MS)).then((size) => {
      known.contextSize = minimum(known.contextSize, size);
    });
  }

  learnUsage(target: ModelTarget, chars: number, tokens: number | null): void {
    const known = this.#entry(target);
    if (tokens !== null) known.charsPerToken = learnCharsPerToken(known.charsPerToken, chars, tokens);
  }

  /** A refusal says how much fits, or at least that what was sent does not; the estimate becomes more careful each time. */
  learnRefusal(target: ModelTarget, contextSize: number | null, chars: number): void {
    const known = this.#entry(target);
    const before = this.of(target).contextSize;
    known.contextSize = contextSize ?? minimum(before, Math.ceil(chars / known.charsPerToken));
    const estimated = chars / known.charsPerToken;
    const fitted = known.contextSize ?? estimated;
    known.charsPerToken = Math.max(0.5, estimated < fitted ? Math.min(known.charsPerToken * 0.75, chars / fitted) : known.charsPerToken * 0.9);
  }

  #entry(target: ModelTarget): Known {
    const key = `${target.baseUrl}\n${target.modelName}`;
    const known = this.#known.get(key) ?? { contextSize: null, charsPerToken: DEFAULT_CHARS_PER_TOKEN, isAsked: false };
    this.#known.set(key, known);
    return known;
  }
}

function minimum(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
