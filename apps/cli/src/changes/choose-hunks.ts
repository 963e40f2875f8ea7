import type { ChangeHunk } from '@boocode/contracts/change.ts';
import { usageError } from '../command/exit-error.ts';

/** The hunks that typed beginnings of names mean. @throws ExitError (2) for one that means none, or more than one. */
export function chooseHunks(
  changes: readonly { readonly hunks: readonly Pick<ChangeHunk, 'id'>[] }[],
  typed: readonly string[],
  verb: string,
): readonly string[] {
  const ids = changes.flatMap((change) => change.hunks.map((hunk) => hunk.id));
  const chosen = typed.map((name) => {
    const wanted = name.trim().toLowerCase();
    const found = ids.includes(wanted) ? [wanted] : ids.filter((id) => wanted !== '' && id.startsWith(wanted));
    const [only, other] = found;
    if (only === undefined) throw usageError(`Cannot ${verb} hunk "${name}": there is no such hunk; \`boocode changes ID --hunks\` names them`);
    if (other !== undefined) throw usageError(`Cannot ${verb} hunk "${name}": more than one begins so; write more of its name`);
    return only;
  });
  return [...new Set(chosen)];
}
