/** One row of a shown patch. Numbers are 1-based; null = the line is not on that side. */
export type PatchLine =
  | { readonly kind: 'hunk'; readonly range: string; readonly context: string }
  | { readonly kind: 'context' | 'added' | 'removed'; readonly text: string; readonly old: number | null; readonly new: number | null }
  | { readonly kind: 'note'; readonly text: string };

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/** Reads a unified patch of one file. Lines before its first hunk are headers; inside a hunk its own counts decide what a line is. */
export function parsePatch(patch: string): readonly PatchLine[] {
  const lines: PatchLine[] = [];
  let oldLine = 0;
  let newLine = 0;
  let oldLeft = 0;
  let newLeft = 0;
  for (const line of patch.split('\n')) {
    if (oldLeft <= 0 && newLeft <= 0) {
      const match = HUNK.exec(line);
      if (match !== null) {
        oldLine = Number(match[1]);
        newLine = Number(match[3]);
        oldLeft = Number(match[2] ?? 1);
        newLeft = Number(match[4] ?? 1);
        lines.push({ kind: 'hunk', range: `${match[1]},${match[2] ?? 1}`, context: match[5] ?? '' });
        continue;
      }
      if (line.startsWith('\\')) lines.push({ kind: 'note', text: 'No line break at the end of the file' });
      continue;
    }
    const text = line.slice(1);
    if (line.startsWith('+')) {
      lines.push({ kind: 'added', text, old: null, new: newLine++ });
      newLeft--;
    } else if (line.startsWith('-')) {
      lines.push({ kind: 'removed', text, old: oldLine++, new: null });
      oldLeft--;
    } else if (line.startsWith('\\')) {
      lines.push({ kind: 'note', text: 'No line break at the end of the file' });
    } else {
      lines.push({ kind: 'context', text, old: oldLine++, new: newLine++ });
      oldLeft--;
      newLeft--;
    }
  }
  return lines;
}
