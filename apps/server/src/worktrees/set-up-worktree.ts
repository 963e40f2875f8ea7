import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ProjectConfigFile } from '@boocode/contracts/config-file.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { setUpWorktree } from '@boocode/git/worktree-setup.ts';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import type { Sql } from 'postgres';
import { parseProjectConfig, PROJECT_CONFIG } from '../trust/project-config.ts';
import { readTrusted } from '../trust/trusted-content.ts';
import { updateSetup } from './worktree-store.ts';

export interface SetUpDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly registry: ProcessRegistry;
  readonly containment: Containment | null;
  /** What children may see of ours. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where the script's output is kept. */
  readonly logDir: string;
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
    if (worktree.setup === null || item?.trusted === true) {
      notices.push(...(await copyFiles(deps, request, config)));
    }
    if (item !== null && !item.trusted) {
      const change = item.approvedContent === null ? 'is not trusted yet' : 'has changed since you trusted it';
      const text = `${PROJECT_CONFIG} ${change}, so nothing of it was run: look at it and approve it in the web app or with \`boocode trust ${request.project.path}\`; it takes effect with the next turn`;
      await updateSetup(deps.sql, worktree.id, text);
      // Said once per worktree and content, not with every turn.
      return worktree.setup === text ? notices : [...notices, { code: 'not_trusted', text }];
    }
    if (config.setup !== undefined) {
      const failure = await runScript(deps, request, config.setup);
      if (failure !== null) notices.push({ code: 'set_up_failed', text: failure });
    }
    await updateSetup(deps.sql, worktree.id, DONE);
    return notices;
  };
}

async function copyFiles(deps: SetUpDeps, { project, worktree, signal, onProgress }: SetUpRequest, config: ProjectConfigFile): Promise<SetUpNotice[]> {
  const repository = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id }, signal);
  const items = await setUpWorktree(deps.git, {
    project: repository.tree,
    worktree: await openWorktree(repository.tree.commonDir, worktree.path),
    prefix: repository.state.prefix,
    copy: config.copy ?? null,
    link: config.link ?? null,
    signal,
    onProgress,
  });
  return items.flatMap((item) => (item.note === null ? [] : [{ code: 'set_up', text: item.note }]));
}

/** Returns a sentence when it failed; the agent starts all the same, and the reader knows why tests may not run. */
async function runScript(deps: SetUpDeps, { folder, worktree, signal, onProgress }: SetUpRequest, script: string): Promise<string | null> {
  onProgress(`Running the set-up script: ${script.split('\n')[0] ?? ''}`);
  await mkdir(deps.logDir, { recursive: true });
  const logFile = join(deps.logDir, `setup-${worktree.id}.log`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]);
  await using child = await ChildProcess.start({
    command: 'sh',
    args: ['-c', script],
    cwd: folder,
    env: deps.environment,
    registry: deps.registry,
    containment: deps.containment,
    signal: limit,
    stdin: 'ignore',
  });
  const log = createWriteStream(logFile, { mode: 0o600 });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exit = await child.exited;
  log.end();
  await finished(log);
  signal.throwIfAborted();
  if (exit.code === 0) return null;
  const how = limit.aborted
    ? `did not end within ${Math.round(deps.timeoutMs / 1_000)} s`
    : `ended with ${exit.code === null ? `signal ${exit.signal ?? '?'}` : `status ${exit.code}`}`;
  const said = child.stderrTail.trim().split('\n').at(-1) ?? '';
  return `The set-up script ${how}${said === '' ? '' : `: ${said.slice(0, 300)}`}. Its output is in ${logFile}`;
}
