import { BooError } from '@boocode/contracts/error-code.ts';
import type { FileMatch } from '@boocode/contracts/project-file.ts';
import { runRipgrep } from '@boocode/tools/run-ripgrep.ts';
import { mapRipgrepLine } from './map-ripgrep-line.ts';
import { confine, type Place, toBooError } from './open-place.ts';

/** Of what ripgrep prints; a line is printed whole, however long it is. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const PER_FILE = 200;

export interface FileSearch {
  readonly text: string;
  readonly isRegex: boolean;
  readonly isCaseSensitive: boolean;
  readonly isWholeWord: boolean;
  readonly path: string;
  readonly glob: string | null;
  readonly limit: number;
}

/** Lines that hold a text, by path. Ignored, binary and very large files are left out. */
export async function searchFiles(place: Place, search: FileSearch, signal: AbortSignal): Promise<{ items: FileMatch[]; truncated: boolean }> {
  if (/[\n\r\0]/.test(search.text)) throw new BooError('invalid_request', 'Cannot search for several lines at once: give a part of one line');
  const folder = await confine(place, search.path);
  const args = [
    '--json',
    '--sort',
    'path',
    '--max-filesize',
    '4M',
    '--max-count',
    String(PER_FILE),
    ...(search.isRegex ? [] : ['--fixed-strings']),
    ...(search.isCaseSensitive ? ['--case-sensitive'] : ['--ignore-case']),
    ...(search.isWholeWord ? ['--word-regexp'] : []),
    ...(search.glob === null ? [] : ['--glob', search.glob]),
    '--regexp',
    search.text,
    '--',
    folder.shown,
  ];
  try {
    const { lines, isCut } = await runRipgrep(args, MAX_OUTPUT_BYTES, { cwd: place.cwd, environment: {}, signal });
    const found = lines.flatMap((line) => mapRipgrepLine(line) ?? []);
    return { items: found.slice(0, search.limit), truncated: isCut || found.length > search.limit };
  } catch (error) {
    throw toBooError(error);
  }
}
