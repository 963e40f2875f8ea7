import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import { parseProjectConfig, PROJECT_CONFIG } from '../trust/project-config.ts';
import { readTrusted } from '../trust/trusted-content.ts';
import { runWorktreeScript, type ScriptDeps } from './run-worktree-script.ts';
import { insertSteps } from './worktree-store.ts';

export interface TearDownRequest {
  readonly project: Project;
  readonly worktree: Worktree;
  /** The project's folder inside the worktree. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Runs the repository's own teardown script in a worktree that is about to go, where a person trusts it. Null when it succeeded or there is none, else a sentence. */
export type TearDownWorktree = (request: TearDownRequest) => Promise<string | null>;

export function worktreeTearDown(deps: ScriptDeps & { readonly sql: Sql }): TearDownWorktree {
  return async ({ project, worktree, folder, signal }) => {
    const item = await readTrusted(deps.sql, project, PROJECT_CONFIG);
    const script = item?.trusted === true ? parseProjectConfig(item.content).teardown : undefined;
    if (script === undefined) return null;
    const startedAt = performance.now();
    const failure = await runWorktreeScript(deps, { name: 'teardown', worktreeId: worktree.id, folder, script, signal });
    await insertSteps(deps.sql, worktree.id, [
      { what: 'The teardown script', how: failure === null ? 'ran' : 'failed', ms: Math.round(performance.now() - startedAt), note: failure },
    ]);
    return failure;
  };
}
