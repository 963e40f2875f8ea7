import type { Access } from '@boocode/contracts/access.ts';
import type { AgentProvider } from './agent-provider.ts';

/** What agents call the mode for each access, best first; compared without case, dashes and underscores. */
const USUAL_NAMES: Readonly<Record<Access, readonly string[]>> = {
  'read-only': ['plan', 'readonly', 'architect', 'ask'],
  ask: ['default', 'approve', 'manual', 'ask', 'auto', 'build', 'code'],
  edits: ['acceptedits', 'autoedit', 'default', 'approve', 'auto', 'build', 'code'],
  full: ['bypasspermissions', 'yolo', 'fullaccess', 'full', 'auto', 'acceptedits', 'autoedit', 'build', 'code'],
};

/**
 * The agent's own mode for an access, among those that it has; null where none fits: then its own choice stands, and its questions are answered by the
 * access alone.
 */
export function modeForAccess(provider: Pick<AgentProvider, 'modeByAccess' | 'modes'>, access: Access): string | null {
  const named = provider.modeByAccess[access];
  if (named !== undefined) return named;
  const modes = provider.modes.map(({ id }) => ({ id, name: id.toLowerCase().replaceAll(/[-_ ]/g, '') }));
  for (const usual of USUAL_NAMES[access]) {
    const found = modes.find(({ name }) => name === usual);
    if (found !== undefined) return found.id;
  }
  return null;
}
