import type { Change } from '@boocode/contracts/change.ts';
import { usageError } from '../command/exit-error.ts';

/** The changes that the typed paths mean: a file, or a folder and all below it. @throws ExitError (2) for a path without a change. */
export function choosePaths<C extends Pick<Change, 'path' | 'oldPath'>>(changes: readonly C[], typed: readonly string[], verb: string): readonly C[] {
  const chosen = typed.flatMap((path) => {
    const wanted = path
      .replaceAll('\\', '/')
      .replace(/^(?:\.\/)+/, '')
      .replace(/\/+$/, '');
    const found = changes.filter((change) => wanted === '.' || change.path === wanted || change.oldPath === wanted || change.path.startsWith(`${wanted}/`));
    if (found.length === 0) throw usageError(`Cannot ${verb} "${path}": there is no such change; write the path as \`boocode changes\` shows it`);
    return found;
  });
  return [...new Set(chosen)];
}
