import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { FileEntry } from '@boocode/contracts/project-file.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { codeOf } from '@boocode/tools/confine-path.ts';
import { readStatus } from './git-status.ts';
import { confine, type Place } from './open-place.ts';
import { isIgnored, statusOf } from './status-policy.ts';

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** One level of a folder, folders first. Names that are no UTF-8 are left out: they cannot be asked for. */
export async function listFolder(git: Git, place: Place, path: string, signal: AbortSignal): Promise<FileEntry[]> {
  const folder = await confine(place, path);
  const shown = folder.shown === '.' ? '' : folder.shown;
  const entries = await readdir(folder.absolute, { withFileTypes: true }).catch((error: unknown) => {
    throw cannotList(path, error);
  });
  const status = await readStatus(git, place, shown, signal);
  const files = entries
    .filter((entry) => entry.name !== '.git' && !entry.name.includes('\ufffd'))
    .map(async (entry): Promise<FileEntry> => {
      const own = shown === '' ? entry.name : `${shown}/${entry.name}`;
      const kind = kindOf(entry);
      const facts = kind === 'file' ? await lstat(join(folder.absolute, entry.name)).catch(() => null) : null; // it may be gone since
      return {
        name: entry.name,
        path: own,
        kind,
        size: facts?.size ?? null,
        status: statusOf(status, own, kind === 'folder'),
        ignored: isIgnored(status, own),
      };
    });
  return (await Promise.all(files)).toSorted((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || COLLATOR.compare(a.name, b.name));
}

function kindOf(entry: Dirent): FileEntry['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';
}

function cannotList(path: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new BooError('not_found', `Cannot list "${path}": there is no such folder (any more)`);
    case 'ENOTDIR':
      return new BooError('invalid_request', `Cannot list "${path}": it is not a folder`);
    case 'EACCES':
    case 'EPERM':
      return new BooError('forbidden', `Cannot list "${path}": it may not be read; change its permissions`);
    default:
      return error;
  }
}
