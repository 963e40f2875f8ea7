import { execFileSync } from 'node:child_process';
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
        paths.set(language, [...(paths.get(language) ?? []), join(folder, name)]);
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

interface Commit {
  readonly hash: string;
  readonly path: string;
}

/** Real edits: hunks between two commits of a repository's history. Empty where there is none. */
export class History {
  readonly #folder: string;
  readonly #changes: readonly Commit[];
  readonly #known = new Map<string, readonly TrueEdit[]>();

  private constructor(folder: string, changes: readonly Commit[]) {
    this.#folder = folder;
    this.#changes = changes;
  }

  static of(folder: string, most = 4_000): History {
    try {
      const log = execFileSync('git', ['-C', folder, 'log', '--no-merges', '--diff-filter=M', '--name-only', '--format=%x00%H', '-n', '3000'], {
        encoding: 'utf8',
        maxBuffer: 1e9,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const changes = log.split('\0').flatMap((entry) => {
        const [hash, ...paths] = entry.split('\n').filter(Boolean);
        return hash === undefined ? [] : paths.filter((path) => LANGUAGES[extname(path)] !== undefined).map((path) => ({ hash, path }));
      });
      return new History(folder, changes.slice(0, most));
    } catch {
      return new History(folder, []);
    }
  }

  get size(): number {
    return this.#changes.length;
  }

  /** All hunks of one change to one file, with a few neighbouring lines each. */
  pick(random: Random): readonly TrueEdit[] {
    const { hash, path } = random.pick(this.#changes);
    const context = random.pick([1, 2, 3, 3, 5]);
    const key = `${hash} ${path} ${context}`;
    const known = this.#known.get(key) ?? this.#read(hash, path, context);
    this.#known.set(key, known);
    return known;
  }

  #read(hash: string, path: string, context: number): readonly TrueEdit[] {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', this.#folder, ...args], { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });
    const before = git('show', `${hash}^:${path}`).replaceAll('\r\n', '\n');
    const file: SourceFile = { path, language: LANGUAGES[extname(path)]!, text: before };
    if (before.length > MAX_BYTES || before.includes('\0') || before.includes('\r') || before.startsWith('\uFEFF')) return [];
    const rows = before.split('\n');
    const hasEnd = rows.at(-1) === '';
    if (hasEnd) rows.pop();
    const patch = git('diff', '--no-color', '--no-ext-diff', `-U${context}`, `${hash}^`, hash, '--', path);
    if (patch.includes('\\ No newline')) return [];
    return patch
      .split(/^(?=@@ )/m)
      .slice(1)
      .flatMap((hunk) => {
        const row = Number(/^@@ -(\d+)/.exec(hunk)?.[1]) - 1;
        const lines = hunk
          .split('\n')
          .slice(1)
          .filter((line) => /^[-+ ]/.test(line))
          .map((line): EditLine => ({ mark: line[0] as EditLine['mark'], text: line.slice(1) }));
        if (lines.length > 80) return [];
        return edited(file, rows, row, lines, hasEnd) ?? [];
      });
  }
}
