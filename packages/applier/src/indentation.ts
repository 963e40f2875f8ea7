import { indentOf, isBlank } from './canonical-line.ts';

/** The indentation of one line as the model wrote it and as it is in the file. */
export interface IndentPair {
  readonly model: string;
  readonly file: string;
}

/** What a file is indented with; null when it does not show or is not of one kind. */
export interface IndentStyle {
  readonly char: ' ' | '\t';
  readonly unit: number;
  /** Whether at least three lines are indented, and all in this way. */
  readonly isPure: boolean;
}

/** Says what an indentation of the model is in the file; null when that is not certain. */
export type IndentTranslation = (indent: string) => string | null;

interface Point {
  readonly model: number;
  readonly file: number;
}

/** What most lines of a text go further in by. Lines of a comment block (` *`) do not count. */
export function indentStyleOf(lines: Iterable<string>): IndentStyle | null {
  const steps = new Map<number, number>();
  let [tabs, spaces, before] = [0, 0, 0];
  for (const line of lines) {
    if (isBlank(line) || /^ +\*/.test(line)) continue;
    const indent = indentOf(line);
    if (indent.startsWith('\t')) tabs += 1;
    else if (indent !== '') spaces += 1;
    const step = indent.length - before;
    if (step > 0 && !indent.includes('\t')) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = indent.length;
  }
  if (tabs > 0 && spaces > 0 && Math.min(tabs, spaces) * 20 > tabs + spaces) return null;
  const isPure = Math.min(tabs, spaces) === 0 && tabs + spaces >= 3;
  if (tabs > spaces) return { char: '\t', unit: 1, isPure };
  const unit = [...steps].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
  return unit === undefined ? null : { char: ' ', unit, isPure };
}

/**
 * Learns from lines whose indentation is known on both sides. Certain are: what was seen, one step that holds for all that was seen (a shift, a
 * scale, tabs for spaces), and what is not changed at all. Everything else is null.
 */
export function translateIndents(pairs: readonly IndentPair[], modelLines: readonly string[], style: IndentStyle | null): IndentTranslation {
  const seen = new Map<string, string>();
  const torn = new Set<string>();
  for (const { model, file } of pairs) {
    if ((seen.get(model) ?? file) !== file) torn.add(model);
    seen.set(model, file);
  }
  const isSame = torn.size === 0 && [...seen].every(([model, file]) => model === file);
  if (isSame) return [...seen.keys()].some((indent) => indent !== '') ? (indent) => indent : restyle(modelLines, style);
  const points = pointsOf(seen);
  const line = torn.size > 0 || points === null ? null : lineThrough(points, stepOf(modelLines), style);
  return (indent) => {
    if (torn.has(indent)) return null;
    const known = seen.get(indent);
    if (known !== undefined) return known;
    const width = widthOf(indent);
    if (line === null || width === null || !isOneKind([indent, ...seen.keys()])) return null;
    return drawn(line(width), charOf([...seen.values()], style));
  };
}

/** Nothing was seen that is indented: only a file that is indented in one way throughout says how. */
function restyle(modelLines: readonly string[], style: IndentStyle | null): IndentTranslation {
  const step = stepOf(modelLines);
  return (indent) => {
    if (style === null || !style.isPure || indent === '' || indent.startsWith(style.char) || !isOneKind([indent])) return indent;
    const levels = style.char === '\t' ? indent.length / step : indent.length * style.unit;
    return drawn(levels, style.char) ?? indent;
  };
}

function pointsOf(seen: ReadonlyMap<string, string>): readonly Point[] | null {
  const points: Point[] = [];
  if (!isOneKind([...seen.keys()]) || !isOneKind([...seen.values()])) return null;
  for (const [model, file] of seen) points.push({ model: model.length, file: file.length });
  return points.toSorted((a, b) => a.model - b.model);
}

/** The one straight line through all points; through a single point it goes only where every sensible step agrees. */
function lineThrough(points: readonly Point[], modelStep: number, style: IndentStyle | null): ((width: number) => number) | null {
  const [first, second] = points;
  if (first === undefined) return null;
  const slope = second === undefined ? slopeFromOne(first, modelStep, style) : (second.file - first.file) / (second.model - first.model);
  if (slope === null || slope <= 0) return null;
  const at = (width: number): number => first.file + (width - first.model) * slope;
  return points.every((point) => Math.abs(at(point.model) - point.file) < 1e-9) ? at : null;
}

function slopeFromOne(point: Point, modelStep: number, style: IndentStyle | null): number | null {
  if (style === null || modelStep === 0) return null;
  const byStyle = style.unit / modelStep;
  if (point.model === 0) return byStyle;
  const scaled = point.file / point.model;
  if (point.model === point.file) return 1;
  return Math.abs(scaled - byStyle) < 1e-9 || style.unit === modelStep ? byStyle : null;
}

/** The smallest step between the indentations of a model's lines. */
function stepOf(lines: readonly string[]): number {
  const widths = lines.filter((line) => !isBlank(line)).map((line) => indentOf(line).length);
  const least = Math.min(...widths);
  return widths.reduce((step, width) => greatestDivisor(step, width - least), 0) || greatestDivisor(0, least);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function isOneKind(indents: readonly string[]): boolean {
  return !indents.some((indent) => indent.includes('\t')) || !indents.some((indent) => indent.includes(' '));
}

function widthOf(indent: string): number | null {
  return isOneKind([indent]) ? indent.length : null;
}

function charOf(indents: readonly string[], style: IndentStyle | null): string {
  return indents.find((indent) => indent !== '')?.[0] ?? style?.char ?? ' ';
}

function drawn(width: number, char: string): string | null {
  return Number.isInteger(Math.round(width * 1e6) / 1e6) && width >= 0 ? char.repeat(Math.round(width)) : null;
}
