import type { FileStatus } from '@boocode/contracts/project-file.ts';
import { type Git, nameOf, runGit, splitRecords } from '@boocode/git/run-git.ts';
import type { Place } from './open-place.ts';
import { type GitStatus, parseStatus } from './status-policy.ts';

const NOTHING: GitStatus = { statuses: new Map<string, FileStatus>(), ignored: [] };

/** What git says about the files below `folder` (relative to the place). Where git cannot say anything the list is empty: files are shown all the same. */
export async function readStatus(git: Git, place: Place, folder: string, signal: AbortSignal): Promise<GitStatus> {
  if (place.tree === null) return NOTHING;
  const below = [place.prefix, folder].filter((part) => part !== '').join('/');
  const { stdout, code } = await runGit(git, {
    at: place.tree,
    args: ['status', '--porcelain=v1', '-z', '--untracked-files=normal', '--ignored=matching', '--no-renames', ...(below === '' ? [] : ['--', below])],
    what: `read the status of "${place.cwd}"`,
    accept: () => true,
    signal,
  });
  if (code !== 0) return NOTHING;
  const records = splitRecords(stdout).flatMap((record) => nameOf(record) ?? []);
  return parseStatus(records, place.prefix);
}
