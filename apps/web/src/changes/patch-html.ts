import type { Highlight } from '../markdown/highlight.ts';
import { splitHighlightedLines } from '../markdown/highlight-lines.ts';
import type { PatchLine } from './patch-lines.ts';

/** Colours a patch: each hunk's old and new side as a whole, so that comments and strings over several lines come out right. Index = line. */
export function patchHtml(lines: readonly PatchLine[], highlight: Highlight): readonly (string | null)[] {
  const html: (string | null)[] = lines.map(() => null);
  for (const side of ['removed', 'added'] as const) {
    for (const hunk of hunksOf(lines, side)) {
      const coloured = splitHighlightedLines(highlight(hunk.map((index) => textOf(lines[index])).join('\n')));
      hunk.forEach((index, at) => {
        html[index] = coloured[at] ?? null;
      });
    }
  }
  return html;
}

/** The line indexes of each hunk that exist on one side; context lines belong to both. */
function hunksOf(lines: readonly PatchLine[], side: 'removed' | 'added'): readonly (readonly number[])[] {
  const hunks: number[][] = [];
  lines.forEach((line, index) => {
    if (line.kind === 'hunk') hunks.push([]);
    if (line.kind === side || line.kind === 'context') hunks.at(-1)?.push(index);
  });
  return hunks;
}

function textOf(line: PatchLine | undefined): string {
  return line === undefined || line.kind === 'hunk' ? '' : line.text;
}
