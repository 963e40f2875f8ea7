import type { FileMatch } from '@boocode/contracts/project-file.ts';
import * as z from 'zod/mini';

const PREVIEW = 300;
const BEFORE = 80;

const Match = z.object({
  type: z.literal('match'),
  data: z.object({
    path: z.object({ text: z.string() }),
    lines: z.object({ text: z.string() }),
    line_number: z.int(),
    submatches: z.array(z.object({ start: z.int(), end: z.int() })),
  }),
});

/** One line of `rg --json` as a match; null for everything else, and for names and lines that are no UTF-8. A long line is cut around its first hit. */
export function mapRipgrepLine(line: string): FileMatch | null {
  if (!line.startsWith('{"type":"match"')) return null;
  const parsed = Match.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { path, lines, line_number, submatches } = parsed.data.data;
  const text = lines.text.replace(/\r?\n$/, '');
  const marks = toCharacters(lines.text, submatches);
  const first = marks[0]?.[0] ?? 0;
  const start = first <= BEFORE || text.length <= PREVIEW ? 0 : first - BEFORE;
  const preview = text.slice(start, start + PREVIEW);
  return {
    path: path.text.replace(/^\.\//, ''),
    line: line_number,
    column: first + 1,
    preview: preview.toWellFormed(),
    marks: marks.flatMap(([from, to]): [number, number][] => {
      const mark: [number, number] = [from - start, Math.min(to - start, preview.length)];
      return mark[0] < preview.length ? [mark] : [];
    }),
  };
}

/** ripgrep counts bytes. */
function toCharacters(text: string, ranges: readonly { start: number; end: number }[]): [number, number][] {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(text);
  const decoder = new TextDecoder();
  const at = (offset: number): number => (bytes.length === text.length ? offset : decoder.decode(bytes.subarray(0, offset)).length);
  return ranges.slice(0, 100).map(({ start, end }) => [at(start), at(end)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a line that was cut
  }
}
