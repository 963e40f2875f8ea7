import type { Endpoint } from './agent-provider.ts';

/** A model server and what it offers, as an agent is told of it. */
export interface LaunchServer {
  readonly id: string;
  /** Ends in /v1. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly LaunchModel[];
}

export interface LaunchModel {
  /** What the server calls it. */
  readonly name: string;
  readonly contextSize: number | null;
}

/** One model of one server. */
export interface ServerModel {
  readonly server: LaunchServer;
  readonly model: LaunchModel;
}

/** Servers without a key must be sent something: the agents' clients refuse to start without one. */
const NO_KEY = 'none';
const OUTPUT_TOKENS = 8_192;
const UNKNOWN_CONTEXT = 131_072;

/** What an agent is told of our model servers, and what it calls the chosen model where it is chosen over its protocol. */
export interface ModelEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly model: string | null;
}

/** Whether an agent of this kind can use the server at all. */
export function canUseServer(endpoint: Endpoint, server: Pick<LaunchServer, 'headers'>): boolean {
  if (endpoint === 'none') return false;
  const isByVariables = endpoint === 'openai' || endpoint === 'qwen';
  return !isByVariables || Object.keys(server.headers).length === 0; // its variables have no place for further headers
}

/** `chosen` null: the agent chooses among what it has. */
export function modelEnvironment(
  endpoint: Endpoint,
  chosen: ServerModel | null,
  all: { readonly servers: readonly LaunchServer[]; readonly standard: ServerModel | null },
): ModelEnvironment {
  switch (endpoint) {
    case 'none':
      return { env: {}, args: [], model: null };
    case 'openai':
      return { env: chosen === null ? {} : openaiVariables(chosen), args: [], model: null };
    case 'qwen': // its arguments stand above its own settings, its variables do not
      return { env: chosen === null ? {} : openaiVariables(chosen), args: chosen === null ? [] : qwenArguments(chosen), model: null };
    case 'goose':
      return { env: chosen === null ? {} : gooseVariables(chosen), args: [], model: null };
    case 'opencode':
      return {
        env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(opencodeConfig(withServer(all.servers, chosen), all.standard)) },
        args: [],
        model: chosen === null ? null : opencodeModel(chosen),
      };
  }
}

function openaiVariables({ server, model }: ServerModel): Record<string, string> {
  return { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: server.apiKey ?? NO_KEY, OPENAI_MODEL: model.name };
}

/** The key is not among them: arguments can be seen by everybody. */
function qwenArguments({ server, model }: ServerModel): string[] {
  return ['--auth-type', 'openai', '--openai-base-url', server.baseUrl, '--model', model.name];
}

function gooseVariables({ server, model }: ServerModel): Record<string, string> {
  const { origin, pathname } = new URL(server.baseUrl);
  const headers = Object.entries(server.headers).map(([name, value]) => `${name}=${value}`);
  return {
    GOOSE_PROVIDER: 'openai',
    GOOSE_MODEL: model.name,
    ...(model.contextSize === null ? {} : { GOOSE_CONTEXT_LIMIT: String(model.contextSize) }),
    OPENAI_HOST: origin,
    OPENAI_BASE_PATH: `${pathname.replaceAll(/^\/+|\/+$/g, '')}/chat/completions`,
    OPENAI_API_KEY: server.apiKey ?? NO_KEY,
    ...(headers.length === 0 ? {} : { OPENAI_CUSTOM_HEADERS: headers.join(',') }),
    GOOSE_DISABLE_KEYRING: '1',
  };
}

/** The same for every conversation, whatever its model: one server of opencode serves all. */
function opencodeConfig(servers: readonly LaunchServer[], standard: ServerModel | null): unknown {
  const providers = servers.map((server) => [
    opencodeProvider(server),
    {
      npm: '@ai-sdk/openai-compatible',
      name: server.id,
      options: {
        baseURL: server.baseUrl,
        apiKey: server.apiKey ?? NO_KEY,
        ...(Object.keys(server.headers).length === 0 ? {} : { headers: server.headers }),
      },
      models: Object.fromEntries(server.models.map((model) => [model.name, opencodeModelEntry(model)])),
    },
  ]);
  const model = standard === null ? {} : { model: opencodeModel(standard), small_model: opencodeModel(standard) };
  return {
    autoupdate: false,
    share: 'disabled',
    ...model,
    provider: Object.fromEntries(providers),
    permission: { edit: 'ask', bash: 'ask', webfetch: 'ask', external_directory: 'ask', doom_loop: 'ask' },
  };
}

function opencodeModelEntry({ name, contextSize }: LaunchModel): unknown {
  const context = contextSize ?? UNKNOWN_CONTEXT;
  return { name, tool_call: true, reasoning: true, limit: { context, output: Math.min(OUTPUT_TOKENS, context) } };
}

function withServer(servers: readonly LaunchServer[], chosen: ServerModel | null): readonly LaunchServer[] {
  if (chosen === null || servers.some(({ id, models }) => id === chosen.server.id && models.some(({ name }) => name === chosen.model.name))) return servers;
  const known = servers.find(({ id }) => id === chosen.server.id);
  const server = { ...(known ?? chosen.server), models: [...(known?.models ?? []), chosen.model] };
  return [...servers.filter(({ id }) => id !== server.id), server];
}

/** Ours must not be taken for one that opencode knows itself. */
function opencodeProvider({ id }: Pick<LaunchServer, 'id'>): string {
  return `boocode-${id}`;
}

function opencodeModel({ server, model }: ServerModel): string {
  return `${opencodeProvider(server)}/${model.name}`;
}
