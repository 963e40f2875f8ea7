import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { Limits } from '@boocode/contracts/config-file.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import type { AgentBackend, AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { SessionLife } from '../session-life.ts';
import { ContextKnowledge } from './context-knowledge.ts';
import { ModelClient } from './model-client.ts';
import type { ResolveModel } from './model-target.ts';
import { NativeTurn, type NativeTurnServices } from './native-turn.ts';

export interface NativeBackendOptions {
  readonly modelServers: ResolveModel;
  readonly limits: Limits;
  readonly registry: ProcessRegistry | null;
  /** What keeps the shell tool from seeing BooCode's own folder; null where the system cannot. */
  readonly containment: Containment | null;
  /** The environment of the shell tool: what `childEnvironment` allows. */
  readonly environment: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** How long to wait before each repetition of a request to a busy server. */
  readonly retryWaitsMs?: readonly number[];
}

const RETRY_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** BooCode's own agent: any OpenAI-compatible model with our tools. It keeps no conversation; every prompt brings its history. Dispose it to close its connections. */
export function nativeBackend(options: NativeBackendOptions): AgentBackend & AsyncDisposable {
  const client = new ModelClient();
  const services: NativeTurnServices = {
    client,
    resolveModel: options.modelServers,
    knowledge: new ContextKnowledge(),
    limits: options.limits,
    retryWaitsMs: options.retryWaitsMs ?? RETRY_WAITS_MS,
    registry: options.registry,
    containment: options.containment,
    environment: options.environment,
    now: options.now ?? Date.now,
  };
  return {
    name: 'boocode',
    isWarm: false,
    hasOwnClock: true,
    fingerprint: async () => '',
    open: async (open) => new NativeSession(services, open),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Nothing lives between prompts: the session is its options and a signal. */
class NativeSession implements AgentSession {
  readonly resumeToken = null;
  readonly isResumed = false; // its history comes with every prompt
  readonly pid = null;
  readonly isBusy = false;
  readonly canSteer = true;
  readonly closed: Promise<void>;
  readonly #services: NativeTurnServices;
  readonly #options: OpenOptions;
  readonly #life: SessionLife;

  constructor(services: NativeTurnServices, options: OpenOptions) {
    this.#services = services;
    this.#options = options;
    this.#life = new SessionLife(options.signal);
    this.closed = this.#life.closed;
  }

  prompt(prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent> {
    return new NativeTurn(this.#services, this.#options, prompt, AbortSignal.any([signal, this.#life.signal])).run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.end();
  }
}
