import type { ProviderConfig } from '@boocode/contracts/config-file.ts';
import type { AgentProvider } from './agent-provider.ts';
import { BUILT_IN_PROVIDERS } from './built-in-providers.ts';

/** The registry's entries, and why others of config.json are none, by id. */
export interface ConfiguredProviders {
  readonly providers: readonly AgentProvider[];
  readonly rejected: ReadonlyMap<string, string>;
}

const NATIVE = 'boocode';
const CLAUDE_SDK_HINT = 'npm install -g @anthropic-ai/claude-agent-sdk@0.3.330';

/** The built-in agents with what config.json changes of them, then its own ones. `enabled: false` takes one away. */
export function configuredProviders(config: Readonly<Record<string, ProviderConfig>>, options: { readonly claudeSdk: boolean }): ConfiguredProviders {
  const builtIn = BUILT_IN_PROVIDERS.map((provider) => (provider.id === 'claude' && options.claudeSdk ? withTransport(provider, 'claude-sdk') : provider));
  const rejected = new Map<string, string>();
  const changed = builtIn.map((provider) => {
    const own = config[provider.id];
    return own === undefined ? provider : overridden(provider, own);
  });
  const added = Object.entries(config).flatMap(([id, own]) => {
    if (own.enabled === false || builtIn.some((provider) => provider.id === id)) return [];
    if (id === NATIVE) rejected.set(id, 'it is the name of BooCode itself');
    else if (own.command === undefined || own.command === '') rejected.set(id, 'it names no "command"');
    else return [overridden(blank(id, own.command), own)];
    return [];
  });
  return { providers: [...changed.filter(({ id }) => config[id]?.enabled !== false), ...added], rejected };
}

/** What a provider is that says nothing but its command. */
function blank(id: string, command: string): AgentProvider {
  return {
    id,
    label: id,
    isBuiltIn: false,
    transport: 'acp',
    command,
    args: [],
    env: {},
    passEnvironment: [],
    passWithoutServer: [],
    endpoint: 'none',
    models: [],
    modes: [],
    modeByAccess: {},
    fullEnv: {},
    untrusted: null,
    dialect: null,
    fallback: null,
    versionArgs: ['--version'],
    leastNode: null,
    installHint: null,
    signInHint: null,
    stateFolders: [],
  };
}

function overridden(base: AgentProvider, own: ProviderConfig): AgentProvider {
  const provider = own.transport === undefined ? base : withTransport(base, own.transport);
  return {
    ...provider,
    label: own.label ?? provider.label,
    command: own.command ?? provider.command,
    args: own.args ?? provider.args,
    env: { ...provider.env, ...own.env },
    passEnvironment: [...provider.passEnvironment, ...(own.passEnvironment ?? [])],
    endpoint: own.endpoint ?? provider.endpoint,
    dialect: own.dialect ?? provider.dialect,
    models: own.models ?? provider.models,
    modes: own.modes?.map((id) => ({ id, label: provider.modes.find((mode) => mode.id === id)?.label ?? id })) ?? provider.modes,
    modeByAccess: { ...provider.modeByAccess, ...own.modeByAccess },
    untrusted: own.untrustedArgs === undefined ? provider.untrusted : { args: own.untrustedArgs, env: provider.untrusted?.env ?? {} },
    stateFolders: own.stateFolders ?? provider.stateFolders,
  };
}

/** By another way: the arguments of that form, where it is known. */
function withTransport(provider: AgentProvider, transport: AgentProvider['transport']): AgentProvider {
  if (transport === provider.transport) return provider;
  const { fallback } = provider;
  const args = fallback?.transport === transport ? fallback.args : [];
  return { ...provider, transport, args, fallback: null, ...(transport === 'claude-sdk' ? { installHint: CLAUDE_SDK_HINT } : {}) };
}
