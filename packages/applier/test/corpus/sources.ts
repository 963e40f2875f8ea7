import { execFileSync } from 'node:child_process';
import { structuredPatch } from 'diff';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Random } from './random.ts';
import type { SourceFile } from './source-file.ts';
import { edited, type EditLine, type TrueEdit } from './true-edit.ts';

const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(
  'ts tsx js mjs cjs jsx json md css scss html xml py go c h cpp cs rs java rb php pl pm sh sql yaml yml toml txt vue'
    .split(' ')
    .map((ending) => [`.${ending}`, ending]),
);
const MAX_BYTES = 400_000;

/** Text files below a folder, read when they are asked for. */
export class Sources {
  readonly #paths: Map<string, string[]>;

  private constructor(paths: Map<string, string[]>) {
    this.#paths = paths;
  }

  static of(folders: readonly string[], wanted: (path: string) => boolean = () => true): Sources {
    const paths = new Map<string, string[]>();
    for (const folder of folders) {
      for (const name of listFiles(folder)) {
        const language = LANGUAGES[extname(name)];
        if (language === undefined || !wanted(name)) continue;
        const known = paths.get(language) ?? [];
        known.push(join(folder, name));
        paths.set(language, known);
      }
    }
    for (const list of paths.values()) list.sort();
    return new Sources(paths);
  }

  get languages(): readonly string[] {
    return [...this.#paths.keys()].sort();
  }

  /** A file of any language: rare ones come as often as frequent ones. */
  pick(random: Random): SourceFile | null {
    const language = random.pick(this.languages);
    const path = random.pick(this.#paths.get(language)!);
    return readSource(path, language);
  }
}

export function readSource(path: string, language: string): SourceFile | null {
  try {
    if (statSync(path).size > MAX_BYTES) return null;
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return text.includes('\0') || text.trim() === '' ? null : { path, language, text: text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n') };
  } catch {
    return null; // not a text, or gone
  }
}

/** What git knows; all of a folder that has no repository of its own. */
function listFiles(folder: string): readonly string[] {
  if (!existsSync(join(folder, '.git'))) return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  try {
    return execFileSync('git', ['-C', folder, 'ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\0')
      .filter(Boolean);
  } catch {
    return []; // no repository that can be read
  }
}

/** One change of one file: what it was and what it became. */
interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const MAX_CHANGES = 400;
const CONTEXTS = [1, 2, 3, 3, 5] as const;
const MAX_HUNK = 80;

/** Real edits: hunks between two commits of a repository's history. Empty where there is none. */
export class History {
  readonly #changes: readonly FileChange[];

  private constructor(changes: readonly FileChange[]) {
    this.#changes = changes;
  }

  static of(folder: string): History {
    const git = (args: readonly string[], input = ''): Buffer =>
      execFileSync('git', ['-C', folder, ...args], { input, maxBuffer: 1e9, stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      const log = git(['log', '--no-merges', '--diff-filter=M', '--raw', '--no-abbrev', '--format=', '-n', '3000']).toString();
      const all = [...log.matchAll(/^:\d+ \d+ (\w+) (\w+) M\t(.+)$/gm)].filter(([, , , path]) => LANGUAGES[extname(path!)] !== undefined);
      const step = Math.max(1, all.length / MAX_CHANGES);
      const chosen = Array.from({ length: Math.min(all.length, MAX_CHANGES) }, (_, index) => all[Math.floor(index * step)]!);
      const texts = readBlobs(git(['cat-file', '--batch'], chosen.map(([, before, after]) => `${before}\n${after}\n`).join('')));
      return new History(chosen.flatMap(([, , , path], index) => fileChange(path!, texts[2 * index], texts[2 * index + 1])));
    } catch {
      return new History([]);
    }
  }

  get size(): number {
    return this.#changes.length;
  }

  /** All hunks of one change to one file, with a few neighbouring lines each. */
  pick(random: Random): readonly TrueEdit[] {
    const { path, before, after } = random.pick(this.#changes);
    const context = random.pick(CONTEXTS);
    const file: SourceFile = { path, language: LANGUAGES[extname(path)]!, text: before };
    const rows = before.split('\n');
    const hasEnd = rows.at(-1) === '';
    if (hasEnd) rows.pop();
    return structuredPatch(path, path, before, after, '', '', { context }).hunks.flatMap(({ oldStart, oldLines, lines }) => {
      if (lines.length > MAX_HUNK || lines.some((line) => line.startsWith('\\'))) return [];
      const marked = lines.map((line): EditLine => ({ mark: line[0] as EditLine['mark'], text: line.slice(1) }));
      return edited(file, rows, oldLines === 0 ? oldStart : oldStart - 1, marked, hasEnd) ?? [];
    });
  }
}

function fileChange(path: string, before: string | undefined, after: string | undefined): readonly FileChange[] {
  const isFit = (text: string | undefined): text is string =>
    text !== undefined && text.length <= MAX_BYTES && !text.includes('\0') && !text.includes('\r') && !text.startsWith('\uFEFF');
  return isFit(before) && isFit(after) ? [{ path, before, after }] : [];
}

/** What `git cat-file --batch` prints: a line with the size, the bytes, a line break. */
function readBlobs(output: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1] ?? 0);
    texts.push(output.toString('utf8', end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return texts;
}
