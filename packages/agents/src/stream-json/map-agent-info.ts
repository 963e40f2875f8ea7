import type { AgentCommand, AgentInfo } from '@boocode/contracts/agent-info.ts';
import * as z from 'zod/mini';
import { listOf, maybe } from '../acp/lenient.ts';

const Command = z.looseObject({ name: z.string(), description: maybe(z.string()), argumentHint: maybe(z.union([z.string(), z.array(z.string())])) });
const ModelInfo = z.looseObject({ value: z.string(), displayName: maybe(z.string()), description: maybe(z.string()) });
const Abilities = z.looseObject({ commands: listOf(Command), models: listOf(ModelInfo) });

/** What an agent says of itself when it is greeted. */
export function mapAbilities(answer: object): Partial<AgentInfo> {
  const parsed = Abilities.safeParse(answer);
  if (!parsed.success) return {};
  const { commands, models } = parsed.data;
  return {
    ...(commands.length === 0 ? {} : { commands: commands.map(mapCommand) }),
    ...(models.length === 0
      ? {}
      : { models: models.map(({ value, displayName, description }) => ({ id: value, label: displayName ?? value, description: description ?? null })) }),
  };
}

function mapCommand({ name, description, argumentHint }: z.infer<typeof Command>): AgentCommand {
  const hint = Array.isArray(argumentHint) ? argumentHint.join(' ') : (argumentHint ?? '');
  return { name, description: (description ?? '').slice(0, 500), hint: hint === '' ? null : hint };
}
