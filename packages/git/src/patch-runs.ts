import { CONTEXT, linesAround, rangeAt, type Run } from './hunks.ts';

/** A patch that `parsePatch` takes: each hunk with its surroundings, none of them joined to another for being near. */
export const PATCH_ARGS = ['-p', `-U${CONTEXT}`, '--inter-hunk-context=0', '--submodule=short'] as const;

/** What a patch says of one file. */
export interface PatchPart {
  /** Its first line without its end: `diff --git a/... b/...`. */
  readonly header: string;
  readonly runs: readonly Run[];
}

interface SignedLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The parts of a patch that git wrote with `PATCH_ARGS`, in its order; a file that became a link has two. What git takes for binary has no runs. */
export function parsePatch(patch: Buffer): PatchPart[] {
  const text = patch.toString('latin1');
  const parts: { header: string; runs: Run[] }[] = [];
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    at += line.length;
    const counts = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(line);
    if (counts === null) {
      if (line.startsWith('diff --git ')) parts.push({ header: line.trimEnd(), runs: [] });
      continue;
    }
    const [oldStart = 0, oldLines = 0, newStart = 0, newLines = 0] = [counts[1], counts[2] ?? '1', counts[3], counts[4] ?? '1'].map(Number);
    const { lines, end } = readLines(text, at, oldLines + newLines);
    at = end;
    parts.at(-1)?.runs.push(...runsOf(lines, { old: oldLines === 0 ? oldStart : oldStart - 1, new: newLines === 0 ? newStart : newStart - 1 }));
  }
  return parts;
}

/** The lines of a hunk: as many as its header says, whatever they look like. */
function readLines(text: string, from: number, count: number): { lines: SignedLine[]; end: number } {
  const lines: SignedLine[] = [];
  let left = count;
  let at = from;
  while (at < text.length && (left > 0 || text[at] === '\\')) {
    const line = lineAt(text, at);
    at += line.length;
    if (line.startsWith('\\')) {
      // The line before is the last of its side, without an end.
      const last = lines.pop();
      if (last !== undefined) lines.push({ ...last, text: last.text.slice(0, -1) });
    } else if (line.startsWith('-') || line.startsWith('+')) {
      lines.push({ sign: line.startsWith('-') ? '-' : '+', text: line.slice(1) });
      left -= 1;
    } else {
      // Where a person wants it (diff.suppressBlankEmpty), an empty line stands without its sign.
      lines.push({ sign: ' ', text: line.startsWith(' ') ? line.slice(1) : line });
      left -= 2;
    }
  }
  return { lines, end: at };
}

function runsOf(lines: readonly SignedLine[], from: { readonly old: number; readonly new: number }): Run[] {
  const old = lines.flatMap(({ sign, text }) => (sign === '+' ? [] : [text]));
  const runs: Run[] = [];
  let at = { old: 0, new: 0 };
  let removed: string[] = [];
  let added: string[] = [];
  const close = () => {
    if (removed.length === 0 && added.length === 0) return;
    const range = rangeAt(from.old + at.old, removed.length, from.new + at.new, added.length);
    runs.push({ ...range, removed, added, ...linesAround(old, at.old, removed.length) });
    at = { old: at.old + removed.length, new: at.new + added.length };
    removed = [];
    added = [];
  };
  for (const { sign, text } of lines) {
    if (sign === '-') removed.push(text);
    else if (sign === '+') added.push(text);
    else {
      close();
      at = { old: at.old + 1, new: at.new + 1 };
    }
  }
  close();
  return runs;
}

function lineAt(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end === -1 ? text.length : end + 1);
}
