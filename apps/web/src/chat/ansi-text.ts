/** A stretch of terminal output in one style. */
export interface AnsiSpan {
  readonly text: string;
  /** Names of styles: `red`, `bold`, ... */
  readonly styles: readonly string[];
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const FLAGS: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 9: 'strike' };
const OFF: Readonly<Record<number, readonly string[]>> = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 29: ['strike'] };

const SEQUENCE = new RegExp(
  [
    String.raw`\u001b\[([0-9;:]*)m`, // colours and flags
    String.raw`\u001b\[[0-9;?]*[ -/]*[@-~]`,
    String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?`,
    String.raw`\u001b[@-Z\\-_]`,
    String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f]`,
  ].join('|'),
  'g',
);

/** Reads the colours of terminal output; every other control sequence is left out, and a line written again replaces what it was. */
export function parseAnsi(output: string): readonly AnsiSpan[] {
  const text = withoutRewrittenLines(output);
  const spans: AnsiSpan[] = [];
  let styles: readonly string[] = [];
  let at = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > at) spans.push({ text: text.slice(at, match.index), styles });
    at = match.index + match[0].length;
    if (match[1] !== undefined) styles = applySgr(styles, match[1]);
  }
  if (at < text.length) spans.push({ text: text.slice(at), styles });
  return spans;
}

/** Progress is drawn by going back to the beginning of the line: what was there last is what a person sees. */
function withoutRewrittenLines(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
      return ended.slice(ended.lastIndexOf('\r') + 1);
    })
    .join('\n');
}

function applySgr(before: readonly string[], parameters: string): readonly string[] {
  const codes = parameters.split(/[;:]/).map(Number);
  let styles = [...before];
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 0) styles = [];
    else if (code === 38 || code === 48) {
      const { hue, length } = extendedColour(codes.slice(index + 1));
      index += length;
      if (code === 38) styles = withColour(styles, hue);
    } else if (code === 39) styles = withColour(styles, null);
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) styles = withColour(styles, COLOURS[code % 10] ?? null);
    else if (FLAGS[code] !== undefined) styles = [...styles.filter((style) => style !== FLAGS[code]), FLAGS[code]];
    else if (OFF[code] !== undefined) styles = styles.filter((style) => OFF[code]?.includes(style) !== true);
  }
  return styles;
}

function withColour(styles: readonly string[], colour: string | null): string[] {
  const others = styles.filter((style) => !COLOURS.some((known) => known === style));
  return colour === null ? others : [...others, colour];
}

/** 256 colours and true colours become the nearest of the eight that a theme has. */
function extendedColour([mode, a = 0, b = 0, c = 0]: readonly number[]): { readonly hue: string | null; readonly length: number } {
  if (mode === 2) return { hue: nearest(a, b, c), length: 4 };
  if (mode !== 5) return { hue: null, length: 1 };
  if (a < 16) return { hue: COLOURS[a % 8] ?? null, length: 2 };
  if (a >= 232) return { hue: a < 244 ? 'black' : 'white', length: 2 };
  const cube = a - 16;
  return { hue: nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51), length: 2 };
}

function nearest(red: number, green: number, blue: number): string | null {
  const half = Math.max(red, green, blue) * 0.6;
  const index = (red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0);
  return Math.max(red, green, blue) < 60 ? 'black' : (COLOURS[index] ?? null);
}
