import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type * as z from 'zod/mini';
import type { WireAgents, WireCommands, WireProviders } from './opencode-wire.ts';

/** Providers of this beginning are our own model servers, which are offered by BooCode itself. */
const OURS = 'boocode-';

/** What opencode offers in a folder. Its agents are its modes, but for those that only work for others. */
export function mapInfo(offered: {
  readonly agents: z.infer<typeof WireAgents>;
  readonly commands: z.infer<typeof WireCommands>;
  readonly providers: WireProviders;
}): Pick<AgentInfo, 'modes' | 'commands' | 'models'> {
  return {
    modes: offered.agents
      .filter(({ mode, hidden }) => mode !== 'subagent' && !hidden)
      .map(({ name, description }) => ({ id: name, label: name.charAt(0).toUpperCase() + name.slice(1), description: description ?? null })),
    commands: offered.commands.map(({ name, description, hints }) => ({
      name,
      description: description ?? '',
      hint: hints.length === 0 ? null : hints.join(' ').replaceAll('$ARGUMENTS', 'arguments'),
    })),
    models: offered.providers.providers
      .filter(({ id }) => !id.startsWith(OURS))
      .flatMap(({ id, name, models }) =>
        Object.entries(models).map(([model, facts]) => ({ id: `${id}/${model}`, label: facts?.name ?? model, description: name ?? id })),
      ),
  };
}

/** The model's context, where opencode knows it. `model` is `provider/model`. */
export function findContextSize({ providers }: WireProviders, model: string | null): number | null {
  const { providerID, modelID } = splitModel(model) ?? { providerID: '', modelID: '' };
  const context = providers.find(({ id }) => id === providerID)?.models[modelID]?.limit?.context ?? null;
  return context === null || context <= 0 ? null : Math.round(context);
}

/** Names of models hold slashes too. */
export function splitModel(model: string | null): { readonly providerID: string; readonly modelID: string } | null {
  const cut = model?.indexOf('/') ?? -1;
  return model === null || cut <= 0 ? null : { providerID: model.slice(0, cut), modelID: model.slice(cut + 1) };
}
