import { Access, ACCESS_LEVELS } from '@boocode/contracts/access.ts';
import type { Given, OptionSpec } from '../command/command.ts';

/** The options with which a turn's agent, model and access are chosen. */
export const TURN_OPTIONS = {
  agent: { value: 'AGENT', summary: 'Who works (see `boocode agents`)' },
  model: { value: 'MODEL', summary: 'Which model (see `boocode models`)' },
  mode: { value: 'MODE', summary: "The agent's own mode, where it has one" },
  access: { value: 'ACCESS', choices: ACCESS_LEVELS, summary: 'What it may do without asking' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export function turnChoice(given: Given): { agent?: string; model?: string; mode?: string; access?: Access } {
  const [agent, model, mode, access] = [given.text('agent'), given.text('model'), given.text('mode'), given.text('access')];
  return {
    ...(agent === null ? {} : { agent }),
    ...(model === null ? {} : { model }),
    ...(mode === null ? {} : { mode }),
    ...(access === null ? {} : { access: Access.parse(access) }),
  };
}
