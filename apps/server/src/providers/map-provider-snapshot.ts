import type { AgentProvider } from '@boocode/agents/providers/agent-provider.ts';
import type { AgentChoice, AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { Model, ModelServer, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { AgentProbe } from './probe-agent.ts';

/** How opencode calls the models of our servers. */
const OURS = /^boocode-/;

const NOTHING = {
  status: 'loading',
  message: null,
  version: null,
  models: [],
  modes: [],
  checkedAt: null,
  command: null,
  installHint: null,
  signInHint: null,
  isBuiltIn: false,
  canUseModelServers: false,
  contained: false,
  report: '',
} as const;

/** Of an agent that nobody has looked at yet. */
export function emptySnapshot({ id, label, transport }: Pick<AgentProvider, 'id' | 'label' | 'transport'>): ProviderSnapshot {
  return { ...NOTHING, models: [], modes: [], id, label, transport };
}

export function nativeSnapshot(id: string, list: { readonly items: Model[]; readonly servers: readonly ModelServer[] }, contained: boolean): ProviderSnapshot {
  const isChecking = list.servers.some((server) => server.status === 'checking');
  return {
    ...emptySnapshot({ id, label: 'BooCode', transport: 'acp' }),
    transport: 'native',
    status: isChecking ? 'loading' : 'ready',
    models: list.items,
    checkedAt: list.servers[0]?.checkedAt ?? null,
    isBuiltIn: true,
    canUseModelServers: true,
    contained,
  };
}

/** Of an entry of config.json that cannot be used. */
export function rejectedSnapshot(id: string, reason: string): ProviderSnapshot {
  return {
    ...emptySnapshot({ id, label: id, transport: 'acp' }),
    status: 'error',
    message: `config.json is wrong about it: ${reason}`,
    report: `agent: ${id}\nconfig.json: ${reason}`,
  };
}

/** With what a look at it has found. What another version said of itself does not count any more. */
export function foundSnapshot(before: ProviderSnapshot, probe: AgentProbe, checkedAt: string): ProviderSnapshot {
  const { status, message, version, command } = probe;
  const said = before.version === version ? { modes: before.modes, models: before.models } : { modes: [], models: [] };
  const report = [`agent: ${before.id} (${before.label})`, ...probe.report, `looked at: ${checkedAt}`].join('\n');
  return { ...before, ...said, status, message, version, command, report, checkedAt };
}

/** With what the agent has said of itself: its modes, and those of its models that are its own. */
export function learnedSnapshot(before: ProviderSnapshot, provider: AgentProvider, info: Partial<AgentInfo>): ProviderSnapshot {
  const modes = (info.modes ?? []).map(({ id, label }) => ({ id, label }));
  const models = learnedModels(provider, info.models ?? []);
  return { ...before, modes: modes.length === 0 ? before.modes : modes, models: models.length === 0 ? before.models : models };
}

/** As it is shown: what is known of it, and what its entry says. */
export function shownSnapshot(known: ProviderSnapshot, provider: AgentProvider, offered: readonly Model[], contained: boolean): ProviderSnapshot {
  return {
    ...known,
    label: provider.label,
    transport: provider.transport,
    modes: known.modes.length > 0 ? known.modes : [...provider.modes],
    models: [...offered, ...ownModels(provider, known).filter(({ id }) => !offered.some((model) => model.id === id))],
    installHint: provider.installHint,
    signInHint: provider.signInHint,
    isBuiltIn: provider.isBuiltIn,
    canUseModelServers: provider.endpoint !== 'none',
    contained,
  };
}

/** The agent's own models: those of its entry, then those that it has announced. */
export function ownModels(provider: AgentProvider, known: Pick<ProviderSnapshot, 'models'> | null): Model[] {
  const named = provider.models.map((id) => ownModel(provider, id, id));
  return [...named, ...(known?.models ?? []).filter(({ id }) => !provider.models.includes(id))];
}

/** What an agent announces that is told of one of our models by its environment, is that model. */
function learnedModels(provider: AgentProvider, choices: readonly AgentChoice[]): Model[] {
  if (provider.endpoint !== 'none' && provider.endpoint !== 'opencode') return [];
  return choices.filter(({ id }) => !OURS.test(id)).map(({ id, label }) => ownModel(provider, id, label));
}

function ownModel(provider: AgentProvider, id: string, name: string): Model {
  return { id, server: provider.id, name, contextSize: null, demo: false, isDefault: false };
}
