import { readFile, realpath } from 'node:fs/promises';
import type { ModelServerConfig, ProviderConfig } from '@boocode/contracts/config-file.ts';
import type { ConfigView, ModelServerTest, ModelServerView, PatchModelServers } from '@boocode/contracts/config-view.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { replaceDurable } from '@boocode/git/durable-file.ts';
import { parse } from 'jsonc-parser';
import { type Config, providerSecrets } from '../config.ts';
import { parseConfigFile } from '../config-file.ts';
import { KeyedQueue } from '../live/keyed-queue.ts';
import { editModelServer } from './edit-model-server.ts';
import { editProvider } from './edit-provider.ts';
import type { ModelRegistry } from './model-registry.ts';
import { probeModelServer } from './probe-model-server.ts';

export interface ConfigEditorOptions {
  /** Of config.json. */
  readonly path: string;
  readonly config: Config;
  /** Reads config.json and the environment again. */
  readonly load: () => Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly models: ModelRegistry;
  /** What must never be in a log; grows with the keys that are entered. */
  readonly secrets: Set<string>;
}

const DOTS = '••••••••';
const ENVIRONMENT = /\{env:\w+\}/;

/** Shows and changes what config.json says about model servers and agents; a change holds at once. */
export class ConfigEditor {
  readonly #options: ConfigEditorOptions;
  readonly #writing = new KeyedQueue();
  #config: Config;

  constructor(options: ConfigEditorOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  /** As it is now. */
  get config(): Config {
    return this.#config;
  }

  async view(): Promise<ConfigView> {
    const { path } = this.#options;
    const config = this.#config;
    const text = await this.#read();
    return {
      path,
      editable: this.#whyNot(text),
      modelServers: Object.entries(config.modelServers).map(([id, server]) => this.#viewOf(id, server, text)),
      defaultModel: config.defaultModel,
      providers: Object.keys(config.providers),
      allowedHosts: [...config.allowedHosts],
      limits: config.limits,
      problems: config.problems.map(({ code, text: sentence }) => ({ code, text: sentence })),
    };
  }

  /** Writes config.json as a whole or not at all; never one that could not be read. */
  async patch({ id, server }: PatchModelServers): Promise<ConfigView> {
    const { models, secrets } = this.#options;
    if (this.#isOfEnvironment(id))
      throw new BooError(
        'conflict',
        `Cannot change the model server "${id}": BOOCODE_MODEL_URL names it; change or unset that variable and start BooCode again`,
      );
    for (const secret of [server?.key, ...Object.values(server?.headers ?? {})]) if (typeof secret === 'string' && secret.length >= 6) secrets.add(secret);
    await this.#write((text) => editModelServer(text, id, server));
    models.setServers(this.#config.modelServers);
    return this.view();
  }

  /** Adds a provider or replaces what config.json says about it; null takes that away. Returns whether anything is different. */
  async patchProvider(id: string, provider: ProviderConfig | null): Promise<boolean> {
    const { secrets } = this.#options;
    for (const secret of provider === null ? [] : providerSecrets({ [id]: provider })) if (!ENVIRONMENT.test(secret)) secrets.add(secret);
    return this.#write((text) => editProvider(text, id, provider));
  }

  /** Asks a server as it is, or as it would be. A key is only sent where it belongs: to the address that it was given for. */
  async test(id: string, given: Omit<ModelServerConfig, 'slots' | 'contextSize'> | undefined): Promise<ModelServerTest> {
    const known = this.#options.models.configOf(id);
    if (given === undefined && known === null) throw new BooError('not_found', `Cannot test the model server "${id}": there is none of this name`);
    const asked = given === undefined ? known : this.#resolve(id, given);
    if (asked === null) throw new BooError('invalid_request', `Cannot test the model server "${id}": its url must begin with http:// or https://`);
    const isSameAddress = known !== null && new URL(known.url).origin === new URL(asked.url).origin;
    const before = performance.now();
    const { failure, models } = await probeModelServer(isSameAddress ? { ...known, ...asked } : asked);
    return {
      ok: failure === null,
      message: failure,
      models: models.map((model) => ({ id: model.id, contextSize: model.contextSize })),
      ms: Math.round(performance.now() - before),
    };
  }

  async #write(edit: (text: string) => string): Promise<boolean> {
    const { load, path, secrets } = this.#options;
    return this.#writing.run('config', async () => {
      const before = await this.#read();
      const after = edit(before);
      if (after !== before) await replaceDurable(await realpath(path).catch(() => path), after); // a link is kept, its file replaced
      this.#config = load();
      for (const secret of this.#config.secrets) secrets.add(secret);
      return after !== before;
    });
  }

  /** With the environment's values in place of `{env:NAME}`, as config.json would be read. */
  #resolve(id: string, server: ModelServerConfig): ModelServerConfig | null {
    return parseConfigFile(JSON.stringify({ modelServers: { [id]: server } }), 'the request', this.#options.env).value.modelServers?.[id] ?? null;
  }

  #viewOf(id: string, server: ModelServerConfig, text: string): ModelServerView {
    const isOfEnvironment = this.#isOfEnvironment(id);
    const written = isOfEnvironment ? null : writtenKey(text, id);
    return {
      id,
      url: withoutPassword(server.url),
      key: written !== null && ENVIRONMENT.test(written) ? written : server.key === undefined ? null : DOTS,
      headers: Object.keys(server.headers ?? {}),
      contextSize: server.contextSize ?? null,
      slots: server.slots ?? null,
      source: isOfEnvironment ? 'environment' : 'config',
    };
  }

  #isOfEnvironment(id: string): boolean {
    return this.#config.environmentServers.includes(id);
  }

  #whyNot(text: string): string | null {
    try {
      editModelServer(text, 'x', null);
      return null;
    } catch (error) {
      if (error instanceof BooError) return error.message;
      throw error;
    }
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#options.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw new BooError('conflict', `Cannot read ${this.#options.path}: look at the file and its permissions`, { cause: error });
    }
  }
}

function writtenKey(text: string, id: string): string | null {
  const root: unknown = parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  const key = fieldOf(fieldOf(fieldOf(root, 'modelServers'), id), 'key');
  return typeof key === 'string' ? key : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password === '') return address;
  url.password = DOTS;
  return url.href;
}
