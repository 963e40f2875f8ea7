import type { Git } from '@boocode/git/run-git.ts';
import { tidyShadows } from '@boocode/git/tidy-shadows.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { listProjects } from './project-store.ts';

export interface HistoryDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly log: Logger;
}

const DAY_MS = 24 * 3_600_000;

/** Tidies the histories of folders without git now and once a day, until it is disposed of; a round that fails is logged, and the next one looks again. */
export function tidyHistories(deps: HistoryDeps): AsyncDisposable {
  const stop = new AbortController();
  let round = tidy(deps, stop.signal);
  const timer = setInterval(() => (round = round.then(() => tidy(deps, stop.signal))), DAY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      stop.abort();
      await round;
    },
  };
}

async function tidy({ sql, git, log }: HistoryDeps, signal: AbortSignal): Promise<void> {
  if (git.shadowDir === null) return;
  try {
    const folders = (await listProjects(sql)).map((project) => project.path);
    const { removed, packed, failed } = await tidyShadows(git, { shadowDir: git.shadowDir, folders, signal });
    if (removed.length + packed.length + failed.length > 0) log.info({ removed, packed, failed }, 'histories of folders without git were tidied');
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'cannot tidy the histories of folders without git');
  }
}
