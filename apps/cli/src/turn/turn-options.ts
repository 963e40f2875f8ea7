import { Access, ACCESS_LEVELS } from '@boocode/contracts/access.ts';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { Given, OptionSpec } from '../command/command.ts';
import { usageError } from '../command/exit-error.ts';
import { nearestName } from '../command/nearest-name.ts';

/** The options with which a turn's agent, model and access are chosen. */
export const TURN_OPTIONS = {
  agent: { value: 'AGENT', summary: 'Who works (see `boocode agents`)' },
  model: { value: 'MODEL', summary: 'Which model (see `boocode models`)' },
  mode: { value: 'MODE', summary: "The agent's own mode, where it has one" },
  access: { value: 'ACCESS', choices: ACCESS_LEVELS, summary: 'What it may do without asking' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Refuses an agent that the server does not know, before anything is begun. @throws ExitError (2) with those that it knows. */
export async function checkAgent(api: ApiClient, given: Given): Promise<void> {
  const agent = given.text('agent');
  if (agent === null) return;
  const known = (await api.listProviders({ query: { limit: 500 } })).items.map(({ id }) => id);
  if (known.includes(agent)) return;
  const nearest = nearestName(agent, known);
  const hint = nearest === null ? 'see `boocode agents`' : `did you mean ${nearest}?`;
  throw usageError(`Cannot use the agent "${agent}": there are ${known.join(', ')}; ${hint}`);
}

export function turnChoice(given: Given): { agent?: string; model?: string; mode?: string; access?: Access } {
  const [agent, model, mode, access] = [given.text('agent'), given.text('model'), given.text('mode'), given.text('access')];
  return {
    ...(agent === null ? {} : { agent }),
    ...(model === null ? {} : { model }),
    ...(mode === null ? {} : { mode }),
    ...(access === null ? {} : { access: Access.parse(access) }),
  };
}
