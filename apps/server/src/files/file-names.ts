import { type Git, nameOf, runGit, splitRecords } from '@boocode/git/run-git.ts';
import { runRipgrep } from '@boocode/tools/run-ripgrep.ts';
import type { Place } from './open-place.ts';

const FRESH_MS = 4_000;
const MAX_FILES = 200_000;
const MAX_PLACES = 8;
const MAX_BYTES = 64 * 1024 * 1024;

interface Known {
  readonly readAt: number;
  readonly names: Promise<readonly string[]>;
}

/** The names of all files of a place that are not ignored, kept for a few seconds: somebody who types asks for every letter. */
export class FileNames {
  readonly #git: Git;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(git: Git, now: () => number) {
    this.#git = git;
    this.#now = now;
  }

  async list(place: Place): Promise<readonly string[]> {
    const known = this.#known.get(place.cwd);
    if (known !== undefined && this.#now() - known.readAt < FRESH_MS) return known.names;
    const names = readNames(this.#git, place);
    this.#known.delete(place.cwd);
    this.#known.set(place.cwd, { readAt: this.#now(), names });
    names.catch(() => this.#known.delete(place.cwd));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_PLACES && oldest !== undefined) this.#known.delete(oldest);
    return names;
  }
}

async function readNames(git: Git, place: Place): Promise<readonly string[]> {
  if (place.tree === null) {
    const context = { cwd: place.cwd, environment: {}, signal: AbortSignal.timeout(20_000) };
    const { lines } = await runRipgrep(['--files'], MAX_BYTES, context);
    return lines.slice(0, MAX_FILES);
  }
  const { stdout } = await runGit(git, {
    at: place.tree,
    args: ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...(place.prefix === '' ? [] : ['--', place.prefix])],
    what: `list the files of "${place.cwd}"`,
    maxBytes: MAX_BYTES,
  });
  const skip = place.prefix === '' ? 0 : place.prefix.length + 1;
  const names = splitRecords(stdout).flatMap((record) => nameOf(record)?.slice(skip) ?? []);
  return [...new Set(names)].slice(0, MAX_FILES);
}
