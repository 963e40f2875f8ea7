import type { AgentChoice, AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { AcpUpdate, ConfigOption, SessionResult } from './acp-wire.ts';

/** What an agent offers to choose, and by which of its requests it is chosen. */
export interface Offer {
  readonly choices: readonly AgentChoice[];
  readonly current: string | null;
  /** The config option that sets it; null: by a request of its own. */
  readonly configId: string | null;
}

export interface Offers {
  readonly mode: Offer | null;
  readonly model: Offer | null;
}

export const NO_OFFERS: Offers = { mode: null, model: null };

/** What a new, loaded or resumed conversation offers. A config option counts before the older field. */
export function mapOffers(result: SessionResult): Offers {
  const options = result.configOptions ?? [];
  const { modes, models } = result;
  return {
    mode:
      findOffer(options, 'mode') ??
      (modes === null || modes === undefined
        ? null
        : {
            choices: modes.availableModes.map(({ id, name, description }) => ({ id, label: name, description: description ?? null })),
            current: modes.currentModeId,
            configId: null,
          }),
    model:
      findOffer(options, 'model') ??
      (models === null || models === undefined
        ? null
        : {
            choices: models.availableModels.map(({ modelId, name, description }) => ({ id: modelId, label: name, description: description ?? null })),
            current: models.currentModelId,
            configId: null,
          }),
  };
}

/** The offers after the agent told its config options anew; what these do not hold stays. */
export function applyConfigOptions(offers: Offers, options: readonly ConfigOption[]): Offers {
  return { mode: findOffer(options, 'mode') ?? offers.mode, model: findOffer(options, 'model') ?? offers.model };
}

function findOffer(options: readonly ConfigOption[], category: string): Offer | null {
  const option = options.find((each) => each.category === category);
  if (option === undefined) return null;
  const values = option.options.flatMap((each) => ('value' in each ? [each] : each.options));
  return {
    choices: values.map(({ value, name, description }) => ({ id: value, label: name, description: description === '' ? null : (description ?? null) })),
    current: option.currentValue,
    configId: option.id,
  };
}

/** The choice that is meant by a name: its id, or its label where only one has it. */
export function findChoice(offer: Offer | null, wanted: string): AgentChoice | null {
  const choices = offer?.choices ?? [];
  const exact = choices.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const [named, ...others] = choices.filter(({ label }) => label === wanted);
  return named !== undefined && others.length === 0 ? named : null;
}

export function infoOf({ mode, model }: Offers): Partial<AgentInfo> {
  return {
    ...(mode === null ? {} : { modes: [...mode.choices], mode: mode.current }),
    ...(model === null ? {} : { models: [...model.choices], model: model.current }),
  };
}

export function mapCommands(update: Extract<AcpUpdate, { sessionUpdate: 'available_commands_update' }>): AgentInfo['commands'] {
  return update.availableCommands.map(({ name, description, input }) => ({ name, description, hint: input?.hint === '' ? null : (input?.hint ?? null) }));
}
