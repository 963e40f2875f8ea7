import type { ProjectConfigFile } from '@boocode/contracts/config-file.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { SetUpStep, Worktree } from '@boocode/contracts/worktree.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { setUpWorktree } from '@boocode/git/worktree-setup.ts';
import type { Sql } from 'postgres';
import { parseProjectConfig, PROJECT_CONFIG } from '../trust/project-config.ts';
import { readTrusted } from '../trust/trusted-content.ts';
import { runWorktreeScript, type ScriptDeps } from './run-worktree-script.ts';
import { insertSteps, updateSetup } from './worktree-store.ts';

export interface SetUpDeps extends ScriptDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly maxCopyBytes?: number;
  readonly maxCopyFiles?: number;
}

export interface SetUpRequest {
  readonly project: Project;
  readonly worktree: Worktree;
  /** The project's folder inside the worktree. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface SetUpNotice {
  readonly code: string;
  readonly text: string;
}

/** Makes a new worktree ready to work in; cheap when that is done. Returns what the reader should know; never rejects for a script that fails. */
export type SetUpWorktree = (request: SetUpRequest) => Promise<SetUpNotice[]>;

const DONE = 'done';

/**
 * Copies `.env` and dependencies, and runs the repository's own set-up script. The script, and what else `.boocode/project.json` says, has no effect until a person
 * has approved exactly that content; then it is made good before the next turn.
 */
export function worktreeSetUp(deps: SetUpDeps): SetUpWorktree {
  return async (request) => {
    const { worktree } = request;
    if (worktree.setup === DONE) return [];
    const item = await readTrusted(deps.sql, request.project, PROJECT_CONFIG);
    const config = item?.trusted === true ? parseProjectConfig(item.content) : {};
    const notices: SetUpNotice[] = [];
    const steps: SetUpStep[] = [];
    if (worktree.setup === null || item?.trusted === true) {
      const copied = await copyFiles(deps, request, config);
      steps.push(...copied);
      notices.push(...copied.flatMap(({ note }) => (note === null ? [] : [{ code: 'set_up', text: note }])));
    }
    if (item !== null && !item.trusted) {
      const change = item.approvedContent === null ? 'is not trusted yet' : 'has changed since you trusted it';
      const text = `${PROJECT_CONFIG} ${change}, so nothing of it was run: look at it and approve it in the web app or with \`boocode trust ${request.project.path}\`; it takes effect with the next turn`;
      if (steps.length > 0) await insertSteps(deps.sql, worktree.id, steps);
      await updateSetup(deps.sql, worktree.id, text);
      // Said once per worktree and content, not with every turn.
      return worktree.setup === text ? notices : [...notices, { code: 'not_trusted', text }];
    }
    if (config.setup !== undefined) {
      const step = await runSetUp(deps, request, config.setup);
      steps.push(step);
      if (step.note !== null) notices.push({ code: 'set_up_failed', text: step.note });
    }
    if (steps.length > 0) await insertSteps(deps.sql, worktree.id, steps);
    await updateSetup(deps.sql, worktree.id, DONE);
    return notices;
  };
}

async function copyFiles(deps: SetUpDeps, { project, worktree, signal, onProgress }: SetUpRequest, config: ProjectConfigFile): Promise<SetUpStep[]> {
  const repository = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id }, signal);
  const items = await setUpWorktree(deps.git, {
    project: repository.tree,
    worktree: await openWorktree(repository.tree.commonDir, worktree.path),
    prefix: repository.state.prefix,
    copy: config.copy ?? null,
    link: config.link ?? null,
    hardlink: config.hardlink,
    maxCopyBytes: deps.maxCopyBytes,
    maxCopyFiles: deps.maxCopyFiles,
    signal,
    onProgress,
  });
  return items.map(({ path, how, ms, note }) => ({ what: path, how, ms, note }));
}

/** The agent starts also when it failed, and the reader knows why tests may not run. */
async function runSetUp(deps: SetUpDeps, { folder, worktree, signal, onProgress }: SetUpRequest, script: string): Promise<SetUpStep> {
  onProgress(`Running the set-up script: ${script.split('\n')[0] ?? ''}`);
  const startedAt = performance.now();
  const failure = await runWorktreeScript(deps, { name: 'setup', worktreeId: worktree.id, folder, script, signal });
  return { what: 'The set-up script', how: failure === null ? 'ran' : 'failed', ms: Math.round(performance.now() - startedAt), note: failure };
}
