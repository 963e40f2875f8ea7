import { type AgentInfo, EMPTY_AGENT_INFO, NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { Model, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { Choice } from '../ui/ChoiceMenu.tsx';
import { shortCount } from '../ui/time-ago.ts';

/** Stands for null: what the agent does when nothing is chosen. No id of an agent begins with a space. */
export const BY_DEFAULT = ' default';

type Providers = readonly ProviderSnapshot[] | null;

/** Every known agent; one that cannot work is shown with what to do about it, and cannot be chosen. */
export function agentChoices(providers: Providers, agent: string): readonly Choice<string>[] {
  const known = (providers ?? []).map((provider) => ({
    value: provider.id,
    label: provider.label,
    detail: detailOf(provider),
    isDisabled: provider.status === 'unavailable' || provider.status === 'error',
  }));
  if (known.some(({ value }) => value === agent)) return known;
  return [{ value: agent, label: agent, detail: providers === null ? undefined : 'Not set up here any more', isDisabled: true }, ...known];
}

/** Why an agent cannot work now, with the way out; null where it can, or where that is not known. */
export function agentProblem(providers: Providers, agent: string): string | null {
  const provider = providers?.find(({ id }) => id === agent);
  if (provider === undefined) return providers === null ? null : `${agent} is not set up here any more. Choose another agent.`;
  return provider.status === 'unavailable' || provider.status === 'error' ? `${provider.label} cannot work now: ${detailOf(provider)}` : null;
}

function detailOf(provider: ProviderSnapshot): string {
  const { status, message, version, installHint } = provider;
  if (status === 'ready')
    return [version, provider.models.length === 0 ? null : modelsWord(provider.models.length)].filter((word) => word !== null).join(' · ');
  if (status === 'loading') return message ?? 'Looking for it';
  const reason = message ?? (status === 'error' ? 'It does not answer' : 'Not installed');
  return installHint === null || reason.includes(installHint) ? reason : `${reason}. ${installHint}`;
}

function modelsWord(count: number): string {
  return `${count} ${count === 1 ? 'model' : 'models'}`;
}

/** What an agent has said of itself in a chat. */
export function infoOf({ agents }: Pick<ChatState, 'agents'>, agent: string): AgentInfo {
  return agents.find((other) => other.agent === agent)?.info ?? EMPTY_AGENT_INFO;
}

export interface ModelChoices {
  readonly choices: readonly Choice<string>[];
  /** The one that is meant while nothing is chosen. */
  readonly byDefault: string;
}

/** The models of our own agent: all that the servers offer. */
export function ownModelChoices(models: readonly Model[]): ModelChoices {
  const byDefault = models.find((model) => model.isDefault) ?? models[0];
  return { choices: models.map(modelChoice), byDefault: byDefault?.id ?? BY_DEFAULT };
}

/** The models of another agent: those of our servers that it can use, those it knows by itself, and what it uses when nothing is chosen. */
export function agentModelChoices(provider: ProviderSnapshot | null, info: AgentInfo): ModelChoices {
  const offered = (provider?.models ?? []).map(modelChoice);
  const known = new Set(offered.map(({ value }) => value));
  const announced = info.models
    .filter(({ id }) => !known.has(id))
    .map(({ id, label, description }) => ({ value: id, label, detail: description ?? undefined }));
  const now = info.models.find(({ id }) => id === info.model)?.label ?? info.model;
  const own: Choice<string> = { value: BY_DEFAULT, label: 'Its default', detail: now === null ? 'As the agent is set up' : `Now ${now}` };
  return { choices: [own, ...offered, ...announced], byDefault: BY_DEFAULT };
}

function modelChoice(model: Model): Choice<string> {
  const context = model.contextSize === null ? null : `${shortCount(model.contextSize)} context`;
  return {
    value: model.id,
    label: model.name,
    detail: [model.server, context].filter((word) => word !== null).join(' · '),
    tag: model.demo ? 'demo' : undefined,
  };
}

/** The modes of an agent, the one that fits the access first; empty where it has none. What it said itself is newer than what is known of it. */
export function modeChoices(provider: ProviderSnapshot | null, info: AgentInfo): readonly Choice<string>[] {
  const modes: readonly { readonly id: string; readonly label: string; readonly description?: string | null }[] =
    info.modes.length > 0 ? info.modes : (provider?.modes ?? []);
  if (modes.length === 0) return [];
  const own = modes.map(({ id, label, description }) => ({ value: id, label, detail: description ?? undefined }));
  return [{ value: BY_DEFAULT, label: 'Fits the access', detail: 'The mode that goes with what it may do' }, ...own];
}

/** What an agent that did not give the newest answer is told of the chat; null where there is nothing to say. */
export function briefNote(state: Pick<ChatState, 'messages' | 'agents'>, agent: string, label: string): string | null {
  const answers = state.messages.filter((message) => message.role === 'assistant' && message.status !== 'waiting');
  const last = answers.at(-1)?.metadata.agent ?? agent;
  if (agent === NATIVE_AGENT || last === agent) return null; // our own agent reads the whole chat
  const wasHere = answers.some((answer) => answer.metadata.agent === agent) || state.agents.some((other) => other.agent === agent);
  return wasHere
    ? `${label} goes on from its own last turn, and is told in short what happened since.`
    : `${label} is new in this chat: with your message it is given a short brief of what was said and done.`;
}

/** What is chosen with an agent: the model stays where the agent can use it, and a mode is always its own. */
export function choiceOfAgent(agent: string, model: string | null, models: readonly Model[] | null, providers: Providers) {
  const usable = agent === NATIVE_AGENT ? models : providers?.find(({ id }) => id === agent)?.models;
  const isKept = model !== null && (usable?.some(({ id }) => id === model) ?? false);
  return { agent, model: isKept ? model : null, mode: null };
}
