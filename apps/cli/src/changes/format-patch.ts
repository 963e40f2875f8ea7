import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { neutralise } from '../terminal/neutralise.ts';
import type { Look, Terminal } from '../terminal/terminal.ts';
import { fitText } from '../terminal/text-width.ts';

/** A change's patch. On a terminal it is painted and made harmless; off it, it is exact, so that `git apply` can read it. */
export function formatPatch(
  change: Pick<ChangeWithPatch, 'path' | 'patch' | 'binary' | 'patchTruncated'>,
  out: Pick<Terminal, 'isTerminal' | 'hasColour' | 'paint'>,
): string {
  if (change.patch === null) return `# ${neutralise(change.path)}: ${change.binary ? 'a binary file' : 'too large to show'}\n`;
  const patch = change.patch.endsWith('\n') || change.patch === '' ? change.patch : `${change.patch}\n`;
  const rest = change.patchTruncated ? `# ${neutralise(change.path)}: the rest is too large to show\n` : '';
  if (!out.isTerminal && !out.hasColour) return patch + rest;
  const lines = patch.slice(0, -1).split('\n');
  return `${lines.map((line) => out.paint(lookOf(line), neutralise(line))).join('\n')}\n${rest}`;
}

/** A patch to be read, not applied: nothing wider than the terminal. */
export function formatPatchFitted(change: ChangeWithPatch, out: Pick<Terminal, 'width' | 'paint'>): string {
  const lines = (change.patch ?? '').trimEnd().split('\n');
  const shown = lines.filter((line) => !line.startsWith('index '));
  return shown.map((line) => `${out.paint(lookOf(line), fitText(neutralise(line), out.width))}\n`).join('');
}

function lookOf(line: string): Look {
  if (/^(?:diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/.test(line)) return 'bold';
  if (line.startsWith('@@')) return 'cyan';
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : 'plain';
}
