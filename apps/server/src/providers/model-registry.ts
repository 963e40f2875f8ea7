import type { ModelServerConfig } from '@boocode/contracts/config-file.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Model, ModelServer, UsualPlace } from '@boocode/contracts/provider.ts';
import { type FoundModel, probeModelServer } from './probe-model-server.ts';

/** Where local model servers usually listen; looked at only when none is configured. */
const USUAL_PLACES: readonly Place[] = [
  { id: 'local', name: 'llama-swap, llama.cpp', url: 'http://127.0.0.1:8080/v1' },
  { id: 'llama-cpp', name: 'llama.cpp', url: 'http://127.0.0.1:9931/v1' },
  { id: 'ollama', name: 'Ollama', url: 'http://127.0.0.1:11434/v1' },
  { id: 'lm-studio', name: 'LM Studio', url: 'http://127.0.0.1:1234/v1' },
  { id: 'vllm', name: 'vLLM', url: 'http://127.0.0.1:8000/v1' },
];
const DEMO = 'demo';
const FRESH_MS = 60_000;

interface Place {
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

export interface ModelRegistryOptions {
  readonly servers: Readonly<Record<string, ModelServerConfig>>;
  readonly defaultModel: string | null;
  /** What the person chose in the settings; null = nothing. */
  readonly chosenModel: () => Promise<string | null>;
  /** Starts the built-in demo model, once; resolves with its base URL. */
  readonly startDemo: () => Promise<string>;
  readonly onChange: () => void;
  readonly now: () => number;
  /** Where servers are looked for while none is configured. */
  readonly places?: readonly Place[];
}

/** All that a backend needs to ask a model. `label` is for sentences. */
export interface ResolvedModel {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly modelName: string;
  readonly contextSize: number | null;
  readonly label: string;
  readonly demo: boolean;
}

interface KnownServer {
  readonly id: string;
  readonly config: ModelServerConfig;
  readonly isConfigured: boolean;
  status: ModelServer['status'];
  message: string | null;
  checkedAt: number | null;
  models: readonly FoundModel[];
}

/** The model servers and what they offer. Asked at once with what is known; looks again behind. */
export class ModelRegistry {
  readonly #options: ModelRegistryOptions;
  readonly #servers = new Map<string, KnownServer>();
  /** What was found in the usual places, by id. */
  readonly #found = new Map<string, UsualPlace['status']>();
  #refreshing: Promise<void> | null = null;
  #demoUrl: Promise<string> | null = null;
  /** When all were last looked at. */
  #lookedAt: number | null = null;
  /** What the settings say; undefined = not asked since they changed. */
  #chosen: string | null | undefined = undefined;

  constructor(options: ModelRegistryOptions) {
    this.#options = options;
    for (const [id, config] of Object.entries(options.servers)) this.#servers.set(id, known(id, config, true));
  }

  /** Takes what config.json says now: what is gone is forgotten, what is new or different is looked at. What was found by itself goes when something is configured. */
  setServers(servers: Readonly<Record<string, ModelServerConfig>>): void {
    const isConfigured = Object.keys(servers).length > 0;
    for (const server of this.#servers.values()) {
      if (server.isConfigured ? !Object.hasOwn(servers, server.id) : isConfigured) this.#servers.delete(server.id);
    }
    for (const [id, config] of Object.entries(servers)) {
      if (JSON.stringify(this.#servers.get(id)?.config) !== JSON.stringify(config)) this.#servers.set(id, known(id, config, true));
    }
    this.#options.onChange();
    // A look under way may have begun before: look again after it.
    void (this.#refreshing ?? Promise.resolve()).then(() => this.refresh());
  }

  /** How a server is reached; null when there is none of this name. */
  configOf(id: string): ModelServerConfig | null {
    return this.#servers.get(id)?.config ?? null;
  }

  /** Looks at all servers, or joins the look under way. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshAll().finally(() => {
      this.#refreshing = null;
      this.#options.onChange();
    });
    return this.#refreshing;
  }

  /** What is known now; looks again behind when that is old. */
  list(): { items: Model[]; servers: ModelServer[]; places: UsualPlace[] } {
    const oldest = Math.min(this.#lookedAt ?? 0, ...[...this.#servers.values()].map((server) => server.checkedAt ?? 0));
    if (this.#options.now() - oldest > FRESH_MS) void this.refresh();
    const fallback = this.#fallback();
    const models = [...this.#servers.values()].flatMap((server) => server.models.map((model) => this.#describe(server, model, fallback)));
    return {
      items: [
        ...models,
        { id: this.#demoId(), server: DEMO, name: 'Demo model (built in)', contextSize: null, demo: true, isDefault: fallback === this.#demoId() },
      ],
      servers: [...[...this.#servers.values()].map(toModelServer), { id: DEMO, url: 'built in', status: 'ready', message: null, demo: true, checkedAt: null }],
      places: this.#hasConfigured() ? [] : this.#usualPlaces().map(({ id, name, url }) => ({ name, url, status: this.#found.get(id) ?? 'checking' })),
    };
  }

  /** The server that a task's model runs on; null when it is not known yet. */
  serverOf(model: string | null): string | null {
    const id = model ?? this.#fallback();
    return id === null ? null : id === this.#demoId() ? DEMO : (this.#find(id)?.server.id ?? null);
  }

  /** How many turns each server may run at once, where that is configured. */
  slots(): Map<string, number> {
    return new Map([...this.#servers.values()].flatMap((server) => (server.config.slots === undefined ? [] : [[server.id, server.config.slots] as const])));
  }

  /** The model of turns that name none. Rejects with a sentence when there is none to be had. */
  async defaultId(): Promise<string> {
    this.#chosen = await this.#options.chosenModel();
    return this.#chosen ?? (await this.#defaultModel());
  }

  /** The same where it is known without asking anybody. */
  knownDefaultId(): string | null {
    return this.#chosen === undefined ? null : (this.#chosen ?? this.#fallback());
  }

  /** The settings have changed. */
  forgetChosen(): void {
    this.#chosen = undefined;
  }

  /** Rejects with `model_not_found` or `model_unreachable` and a sentence; never gives another model than the one asked for. */
  async resolve(model: string | null): Promise<ResolvedModel> {
    const id = model ?? (await this.defaultId());
    if (id === this.#demoId()) return this.#resolveDemo();
    const found = this.#find(id) ?? (await this.#findFresh(id));
    if (found === null) throw this.#notFound(id);
    const { server, name } = found;
    return {
      baseUrl: server.config.url.replace(/\/+$/, ''),
      apiKey: server.config.key === undefined || server.config.key === '' ? null : server.config.key,
      headers: server.config.headers ?? {},
      modelName: name,
      contextSize: server.config.contextSize ?? server.models.find((candidate) => candidate.id === name)?.contextSize ?? null,
      label: `${name} on ${server.config.url}`,
      demo: false,
    };
  }

  async #resolveDemo(): Promise<ResolvedModel> {
    this.#demoUrl ??= this.#options.startDemo();
    return { baseUrl: await this.#demoUrl, apiKey: null, headers: {}, modelName: DEMO, contextSize: null, label: 'the built-in demo model', demo: true };
  }

  async #defaultModel(): Promise<string> {
    if (this.#lookedAt === null && this.#options.defaultModel === null && !this.#hasConfigured()) await this.refresh(); // one may be running here
    const known = this.#fallback();
    if (known !== null) return known;
    await this.refresh();
    const now = this.#fallback();
    if (now !== null) return now;
    const server = [...this.#servers.values()].find((candidate) => candidate.isConfigured);
    throw new BooError('model_unreachable', `Cannot choose a model: ${server?.message ?? 'no model server answers'}; start the server, or name another model`);
  }

  /** The model of turns that name none; null while that is not known. The demo model stands in only where no server was found or configured. */
  #fallback(): string | null {
    if (this.#options.defaultModel !== null) return this.#options.defaultModel;
    for (const server of this.#servers.values()) {
      const [first] = server.models;
      if (first !== undefined) return this.#idOf(server, first.id);
    }
    return this.#hasConfigured() ? null : this.#demoId();
  }

  #hasConfigured(): boolean {
    return [...this.#servers.values()].some((server) => server.isConfigured);
  }

  #usualPlaces(): readonly Place[] {
    return this.#options.places ?? USUAL_PLACES;
  }

  /** `demo`, unless somebody's server has a model of that name. */
  #demoId(): string {
    const isTaken = this.#servers.has(DEMO) || [...this.#servers.values()].some((server) => server.models.some((model) => model.id === DEMO));
    return isTaken ? 'built-in/demo' : DEMO;
  }

  #idOf(server: KnownServer, name: string): string {
    const isShared = [...this.#servers.values()].some((other) => other !== server && other.models.some((model) => model.id === name));
    return isShared ? `${server.id}/${name}` : name;
  }

  #find(id: string): { server: KnownServer; name: string } | null {
    for (const server of this.#servers.values()) {
      if (server.models.some((model) => model.id === id)) return { server, name: id };
    }
    const slash = id.indexOf('/');
    const server = this.#servers.get(id.slice(0, Math.max(slash, 0)));
    if (server !== undefined) return { server, name: id.slice(slash + 1) };
    return null;
  }

  async #findFresh(id: string): Promise<{ server: KnownServer; name: string } | null> {
    await this.refresh();
    const found = this.#find(id);
    if (found !== null) return found;
    // A server that cannot list its models may still know this one; its own answer says so better than we could.
    const only = [...this.#servers.values()].filter((server) => server.isConfigured);
    const [single] = only;
    return only.length === 1 && single !== undefined && single.models.length === 0 ? { server: single, name: id } : null;
  }

  #notFound(id: string): BooError {
    const names = [...this.#servers.values()].flatMap((server) => server.models.map((model) => this.#idOf(server, model.id))).slice(0, 8);
    const broken = [...this.#servers.values()].flatMap((server) => (server.message === null || !server.isConfigured ? [] : [server.message]));
    const known =
      names.length === 0
        ? `no model server offers any${broken.length === 0 ? '' : ` (${broken.join('; ')})`}`
        : `there are ${names.map((name) => `"${name}"`).join(', ')}`;
    return new BooError('model_not_found', `Cannot use the model "${id}": ${known}; "${this.#demoId()}" is always there, and \`boocode models\` lists all`);
  }

  async #refreshAll(): Promise<void> {
    if (!this.#hasConfigured()) await this.#discover();
    await Promise.all([...this.#servers.values()].map((server) => this.#check(server)));
    this.#lookedAt = this.#options.now();
  }

  async #discover(): Promise<void> {
    const missing = this.#usualPlaces().filter((place) => !this.#servers.has(place.id));
    await Promise.all(
      missing.map(async (place) => {
        const { failure, isThere } = await probeModelServer({ url: place.url });
        const status = failure === null ? 'ready' : isThere ? 'other' : 'absent';
        if (status === 'ready' && !this.#hasConfigured()) this.#servers.set(place.id, known(place.id, { url: place.url }, false));
        if (this.#found.get(place.id) === status) return;
        this.#found.set(place.id, status);
        this.#options.onChange();
      }),
    );
  }

  async #check(server: KnownServer): Promise<void> {
    const probe = await probeModelServer(server.config);
    server.checkedAt = this.#options.now();
    server.status = probe.failure === null ? 'ready' : 'error';
    server.message = probe.failure;
    if (probe.failure === null) server.models = probe.models;
    if (probe.failure === null || server.isConfigured) return;
    this.#servers.delete(server.id);
    this.#found.set(server.id, probe.isThere ? 'other' : 'absent');
  }

  #describe(server: KnownServer, model: FoundModel, fallback: string | null): Model {
    const id = this.#idOf(server, model.id);
    return {
      id,
      server: server.id,
      name: model.id,
      contextSize: server.config.contextSize ?? model.contextSize,
      demo: model.isDemo,
      isDefault: id === fallback,
    };
  }
}

function known(id: string, config: ModelServerConfig, isConfigured: boolean): KnownServer {
  return { id, config, isConfigured, status: 'checking', message: null, checkedAt: null, models: [] };
}

function toModelServer(server: KnownServer): ModelServer {
  const checkedAt = server.checkedAt === null ? null : new Date(server.checkedAt).toISOString();
  return { id: server.id, url: server.config.url, status: server.status, message: server.message, demo: false, checkedAt };
}
