import type { Access } from '@boocode/contracts/access.ts';
import type { WireRule } from './opencode-wire.ts';

const READING = ['read', 'glob', 'grep', 'list', 'lsp', 'todowrite', 'todoread', 'question'];
const HARMLESS = [...READING, 'skill', 'task', 'plan_enter', 'plan_exit'];

/**
 * The rules of a session. The last that fits decides, and they stand above those of opencode's agents and of the repository's settings: a read-only turn has
 * the tools that read and no other (so no sub-agents, which could write); in every other access each effect is asked for, and answered as the access says.
 */
export function decideRules(access: Access, mode: string | null, allowedReadPaths: readonly string[]): readonly WireRule[] {
  const outside = allowedReadPaths.map((path) => rule('external_directory', 'allow', `${path}/*`));
  if (access === 'read-only') return [rule('*', 'deny'), ...READING.map((name) => rule(name, 'allow')), ...outside];
  const planning = mode === 'plan' ? [rule('edit', 'deny')] : [];
  return [rule('*', 'ask'), ...HARMLESS.map((name) => rule(name, 'allow')), ...outside, ...planning];
}

/** The rules of a sub-agent's session: it inherits what is denied, but not what is asked for. */
export function childRules(rules: readonly WireRule[]): readonly WireRule[] {
  return [...rules, rule('task', 'deny')];
}

/** Whether a session's list of rules ends with these, so that they hold. */
export function endsWithRules(has: readonly WireRule[], rules: readonly WireRule[]): boolean {
  return has.length >= rules.length && JSON.stringify(has.slice(-rules.length).map(plain)) === JSON.stringify(rules.map(plain));
}

function rule(permission: string, action: string, pattern = '*'): WireRule {
  return { permission, pattern, action };
}

function plain({ permission, pattern, action }: WireRule): readonly string[] {
  return [permission, pattern, action];
}
