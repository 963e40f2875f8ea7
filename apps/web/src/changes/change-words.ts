import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { readPatchFacts } from './diff-blocks.ts';

/** What happened to a file, in one word for its line; '' = its text changed. */
export function kindWord(change: ChangeWithPatch): string {
  if (change.state === 'conflict') return 'conflict';
  const words = { added: 'new', modified: '', deleted: 'deleted', renamed: 'renamed', mode: 'mode' } as const;
  return words[change.kind];
}

/** What happened to a file beside its lines, as sentences. */
export function changeFacts(change: ChangeWithPatch): readonly string[] {
  const { oldMode, newMode } = readPatchFacts(change.patch ?? '');
  const facts: string[] = [];
  if (change.kind === 'added') facts.push('New file.');
  if (change.kind === 'deleted') facts.push('The whole file goes.');
  if (change.oldPath !== null) facts.push(`Was ${change.oldPath}.`);
  if (oldMode !== null && newMode !== null) facts.push(modeFact(oldMode, newMode));
  else if (change.kind === 'mode') facts.push('Only whether it can be run has changed.');
  if (change.binary) facts.push('Not text, so there is nothing to compare. It is taken as a whole.');
  if (countLines(change) === 0 && change.kind === 'added' && !change.binary) facts.push('It is empty.');
  return facts;
}

/** Why there are no lines to see; null = that is said already. */
export function noPatchWords(change: ChangeWithPatch): string | null {
  if (change.binary || change.kind === 'mode') return null;
  if (change.kind === 'renamed') return 'Only its name has changed.';
  if (change.patch === null) return 'Too large to show here. It is taken as a whole.';
  return null;
}

function countLines(change: ChangeWithPatch): number {
  return change.additions + change.deletions;
}

function modeFact(oldMode: string, newMode: string): string {
  if (oldMode === '100644' && newMode === '100755') return 'Can be run as a program now.';
  if (oldMode === '100755' && newMode === '100644') return 'Cannot be run as a program any more.';
  return `Its mode was ${oldMode} and is ${newMode}.`;
}
