import type { ChangesCheck, ChooseChanges, StartCheck } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { previewApply } from '@boocode/git/apply-changes.ts';
import { openScratchTree, treeAfter } from '@boocode/git/scratch-tree.ts';
import { removeWorktree } from '@boocode/git/worktree.ts';
import { setUpWorktree } from '@boocode/git/worktree-setup.ts';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { access, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { getProject } from '../projects/project-routes.ts';
import { getSession } from '../sessions/session-routes.ts';
import { parseProjectConfig, PROJECT_CONFIG } from '../trust/project-config.ts';
import { readTrusted } from '../trust/trusted-content.ts';
import { projectIndexOf } from '../worktrees/open-workplace.ts';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import { baseEditsOf } from './base-edits-of.ts';
import type { ChangeDeps } from './change-deps.ts';
import { chooseChanges, type Choice } from './choose-changes.ts';
import { openTrees, type Trees } from './open-trees.ts';

/** Of what a check printed, its end. */
const OUTPUT_CHARS = 16_000;
/** A screen is told of new output so often. */
const TELL_MS = 250;
const REMEMBERED = 50;
/** Untracked files above this are no part of what is checked. */
const MAX_UNTRACKED_BYTES = 16 * 1024 * 1024;
/** Folders below the worktrees' that hold what is being checked. */
export const CHECK_PREFIX = 'check-';

export interface CheckDeps extends ChangeDeps {
  readonly registry: ProcessRegistry;
  readonly containment: Containment | null;
  /** What children may see of ours. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

interface Running {
  check: ChangesCheck;
  /** The folder's files with the changes: what the answer is about. */
  readonly treeId: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Runs people's checks: a command on the folder as it would be with chosen changes, in a place of its own that is taken away again. */
export class ChangeChecks implements AsyncDisposable {
  readonly #deps: CheckDeps;
  readonly #checks = new Map<string, Running>();

  constructor(deps: CheckDeps) {
    this.#deps = deps;
  }

  /** Rejects when the changes do not fit the folder, or there is no command. */
  async start(sessionId: SessionId, { command: given, ...choice }: StartCheck): Promise<ChangesCheck> {
    const { sql } = this.#deps;
    const session = await getSession(sql, sessionId);
    const project = await getProject(sql, session.projectId);
    const command = given ?? (await this.#commandOf(project));
    for (const { check } of this.#checks.values())
      if (check.sessionId === sessionId && check.state === 'running')
        throw new BooError('conflict', 'Cannot start a check: one runs for this session already; wait for it or cancel it');
    const { trees, treeId } = await this.#read(sessionId, choice);
    const id = crypto.randomUUID();
    const startedAt = new Date(this.#deps.now()).toISOString();
    const check: ChangesCheck = { id, sessionId, command, state: 'running', detail: 'Making a place for it', output: '', startedAt, endedAt: null };
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    const running: Running = { check, treeId, stop, ended: begun.promise.then(() => this.#run(running, project, trees)) };
    this.#checks.set(id, running);
    this.#forgetOld();
    begun.resolve();
    return check;
  }

  get(id: string): ChangesCheck {
    return this.#find(id).check;
  }

  async cancel(id: string): Promise<ChangesCheck> {
    const running = this.#find(id);
    running.stop.abort();
    await running.ended;
    return running.check;
  }

  /** Makes sure that a check has passed, and that what is to be applied is still what it was about. */
  async require(sessionId: SessionId, id: string, choice: Choice): Promise<void> {
    const { check, treeId } = this.#find(id);
    if (check.sessionId !== sessionId) throw new BooError('invalid_request', 'Cannot apply: the check is one of another session');
    if (check.state !== 'passed') throw new BooError('conflict', `Cannot apply: the check "${check.command}" has not passed (${check.detail})`);
    const now = await this.#read(sessionId, choice);
    if (now.treeId !== treeId) throw new BooError('conflict', 'Cannot apply: the folder or the changes are not what was checked any more; check again');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stop } of this.#checks.values()) stop.abort();
    await Promise.all([...this.#checks.values()].map(({ ended }) => ended));
  }

  #find(id: string): Running {
    const running = this.#checks.get(id);
    if (running === undefined) throw new BooError('not_found', `Cannot find check ${id}: it was forgotten, or BooCode was started again since; check again`);
    return running;
  }

  #forgetOld(): void {
    for (const [id, { check }] of this.#checks) if (this.#checks.size > REMEMBERED && check.state !== 'running') this.#checks.delete(id);
  }

  async #commandOf(project: Project): Promise<string> {
    const item = await readTrusted(this.#deps.sql, project, PROJECT_CONFIG);
    const command = item === null ? undefined : parseProjectConfig(item.content).check;
    if (command === undefined) throw new BooError('invalid_request', `Cannot check: name a command, or write one as "check" in ${PROJECT_CONFIG}`);
    if (item?.trusted !== true)
      throw new BooError(
        'not_trusted',
        `Cannot check: ${PROJECT_CONFIG} names a command that you have not approved; look at it with \`boocode trust ${project.path}\``,
      );
    return command;
  }

  async #read(sessionId: SessionId, choice: Choice): Promise<{ trees: Trees; treeId: string }> {
    const { sql, git, journalDir } = this.#deps;
    const worktree = await findSessionWorktree(sql, sessionId);
    const trees = worktree === null ? null : await openTrees(this.#deps, worktree);
    const chosen = trees === null ? [] : await chooseChanges(this.#deps, sessionId, 'apply', choice, async () => trees.project);
    if (worktree === null || trees === null || chosen.length === 0) throw new BooError('conflict', 'Cannot check: there are no pending changes of this choice');
    const edits = await baseEditsOf(this.#deps, worktree, trees, 'apply', chosen);
    const plan = await previewApply(git, { tree: trees.project, prefix: trees.prefix, edits, journalDir });
    if (plan.conflicts.length > 0) {
      const reasons = plan.conflicts.slice(0, 3).map((conflict) => conflict.message);
      throw new BooError('change_conflict', `Cannot check: the changes do not fit the folder: ${reasons.join('; ')}`, { details: plan.conflicts });
    }
    const indexFile = projectIndexOf(this.#deps, worktree.projectId);
    const treeId = await treeAfter(git, { tree: trees.project, plan, indexFile, scratch: join(journalDir, 'scratch'), maxUntrackedBytes: MAX_UNTRACKED_BYTES });
    return { trees, treeId };
  }

  /** Never rejects: how it went is the check's state. */
  async #run(running: Running, project: Project, trees: Trees): Promise<void> {
    const { git, worktreesDir, timeoutMs, log } = this.#deps;
    const { id, command } = running.check;
    const folder = join(worktreesDir, `${CHECK_PREFIX}${id}`);
    const path = join(folder, basename(trees.project.path) || 'project');
    const limit = AbortSignal.any([running.stop.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const tree = await openScratchTree(git, { project: trees.project, treeId: running.treeId, path, signal: limit });
      await this.#bringOver(project, trees, tree, limit);
      this.#tell(running, { detail: `Running: ${command.split('\n')[0] ?? ''}` });
      const exit = await this.#runCommand(running, join(path, trees.prefix), limit);
      if (running.stop.signal.aborted) this.#tell(running, { state: 'cancelled', detail: 'Cancelled' });
      else if (limit.aborted) this.#tell(running, { state: 'failed', detail: `Did not end within ${Math.round(timeoutMs / 1_000)} s` });
      else if (exit.code === 0) this.#tell(running, { state: 'passed', detail: 'Passed' });
      else this.#tell(running, { state: 'failed', detail: `Ended with ${exit.code === null ? `signal ${exit.signal ?? '?'}` : `status ${exit.code}`}` });
    } catch (error) {
      if (!(error instanceof BooError) && !limit.aborted) log.error({ err: error, check: id }, 'a check could not be run');
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell(running, running.stop.signal.aborted ? { state: 'cancelled', detail: 'Cancelled' } : { state: 'failed', detail: reason });
    }
    await removeWorktree(git, { project: trees.project, path, branch: null }).catch((error: unknown) =>
      log.warn({ err: error }, 'cannot remove what was checked'),
    );
    await rm(folder, { recursive: true, force: true });
  }

  /** `.env` and dependencies, as a new worktree gets them; a folder that is too large to copy is the session's own worktree's. */
  async #bringOver(project: Project, trees: Trees, tree: Trees['tree'], signal: AbortSignal): Promise<void> {
    const item = await readTrusted(this.#deps.sql, project, PROJECT_CONFIG);
    const config = item?.trusted === true ? parseProjectConfig(item.content) : {};
    const { prefix } = trees;
    await setUpWorktree(this.#deps.git, { project: trees.project, worktree: tree, prefix, copy: config.copy ?? null, link: config.link ?? null, signal });
    for (const name of config.link ?? ['node_modules']) {
      const [own, there] = [join(tree.path, prefix, name), join(trees.tree.path, prefix, name)];
      if (!(await isThere(own)) && (await isThere(there))) await symlink(there, own);
    }
  }

  async #runCommand(running: Running, cwd: string, signal: AbortSignal) {
    const { registry, containment, environment } = this.#deps;
    // It may have to read the dependencies of the session's worktree.
    const view = { allWorktrees: true };
    await using child = await ChildProcess.start({
      command: 'sh',
      args: ['-c', running.check.command],
      cwd,
      env: { ...environment },
      registry,
      containment,
      view,
      signal,
      stdin: 'ignore',
    });
    let output = '';
    let told = 0;
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (chunk: Buffer) => {
        output = (output + decoder.write(chunk)).slice(-OUTPUT_CHARS).toWellFormed();
        const isDue = this.#deps.now() - told >= TELL_MS;
        if (isDue) told = this.#deps.now();
        if (isDue) this.#tell(running, { output });
        else running.check = { ...running.check, output };
      });
    }
    return await child.exited; // before it is disposed
  }

  #tell(running: Running, news: Partial<ChangesCheck>): void {
    const isOver = news.state !== undefined && news.state !== 'running';
    running.check = { ...running.check, ...news, ...(isOver ? { endedAt: new Date(this.#deps.now()).toISOString() } : {}) };
    this.#deps.hub.publish('user', { type: 'check_updated', check: running.check });
  }
}

/** Applying with a check makes sure of it first. */
export function choiceOf({ ids, paths, hunks, marked }: ChooseChanges): Choice {
  return {
    ...(ids === undefined ? {} : { ids }),
    ...(paths === undefined ? {} : { paths }),
    ...(hunks === undefined ? {} : { hunks }),
    ...(marked === undefined ? {} : { marked }),
  };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
