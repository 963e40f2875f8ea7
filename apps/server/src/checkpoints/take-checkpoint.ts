import { join } from 'node:path';
import type { CheckpointKind, LeftOut } from '@boocode/contracts/checkpoint.ts';
import { CheckpointId, type ChatId, type SessionId, type TaskId, type WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { CollectedChanges } from '@boocode/git/collect-changes.ts';
import { deleteCheckpointRef, type FolderState, type IgnoredChoice, keepFolderState, readFolderState } from '@boocode/git/checkpoint.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { findProject } from '../projects/project-store.ts';
import { parseProjectConfig, PROJECT_CONFIG } from '../trust/project-config.ts';
import { readTrusted } from '../trust/trusted-content.ts';
import { worktreeIndexOf } from '../worktrees/open-workplace.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { deleteCheckpoints, findNewest, insertTaking, markKept, setAfter, setBefore, type StoredCheckpoint } from './checkpoint-store.ts';
import { publishCheckpoints } from './publish-checkpoints.ts';

/** Of an ignored file, where a project wants them kept and names no size. */
const IGNORED_BYTES = 1_000_000;

/** What reading a worktree a moment ago gave. */
export type KnownFiles = Pick<CollectedChanges, 'treeId' | 'nested' | 'unread' | 'emptyFolders'>;

export interface TurnCheckpoint {
  readonly task: { readonly id: TaskId; readonly sessionId: SessionId; readonly input: string };
  readonly worktreeId: WorktreeId;
}

/** A sentence for the reader of a turn; null when all went well. */
export interface CheckpointNotice {
  readonly code: string;
  readonly text: string;
}

/** Notes the files before a turn's first effect. Never rejects: what could not be kept is said. */
export async function takeBefore(deps: CheckpointDeps, { task, worktreeId }: TurnCheckpoint): Promise<CheckpointNotice | null> {
  try {
    const worktree = await findWorktree(deps.sql, worktreeId);
    if (worktree === null) return null;
    const { id, news } = await keepOrShare(deps, worktree, { kind: 'before', label: `Before: ${shorten(task.input)}`, task });
    await setBefore(deps.sql, task.id, id);
    return skippedNotice(news);
  } catch (error) {
    return failure(deps, error, task.id, 'before');
  }
}

/** Notes the files after a turn, whatever its ending. Never rejects. `known`: what collecting its changes has read. */
export async function takeAfter(deps: CheckpointDeps, { task, worktreeId }: TurnCheckpoint, known: KnownFiles | null): Promise<CheckpointNotice | null> {
  try {
    const worktree = await findWorktree(deps.sql, worktreeId);
    if (worktree === null) return null;
    const { id, news } = await keepOrShare(deps, worktree, { kind: 'after', label: `After: ${shorten(task.input)}`, task, known });
    await setAfter(deps.sql, task.id, id, 'too');
    await publishCheckpoints(deps, task.sessionId);
    return skippedNotice(news);
  } catch (error) {
    return failure(deps, error, task.id, 'after');
  }
}

export interface TakeRequest {
  readonly kind: CheckpointKind;
  readonly label: string;
  readonly task?: TurnCheckpoint['task'];
  readonly chatId?: ChatId | null;
  readonly known?: KnownFiles | null;
}

/** Keeps the files as they are now, as a checkpoint of its own. */
export async function takeCheckpoint(deps: CheckpointDeps, worktree: Worktree, sessionId: SessionId, request: TakeRequest): Promise<CheckpointId> {
  const tree = await deps.openTree(worktree);
  return keep(deps, { worktree, sessionId, tree, state: await readState(deps, worktree, tree, request) }, request);
}

/** The same when the state was read already. A row is written first, so that a start after a kill knows what to look for. */
export async function keep(
  deps: CheckpointDeps,
  what: { readonly worktree: Worktree; readonly sessionId: SessionId; readonly tree: WorkTree; readonly state: FolderState },
  { kind, label, task, chatId = null }: TakeRequest,
): Promise<CheckpointId> {
  const { worktree, sessionId, tree, state } = what;
  const id = CheckpointId.parse(crypto.randomUUID());
  await insertTaking(deps.sql, { id, projectId: worktree.projectId, sessionId, worktreeId: worktree.id, kind, label, taskId: task?.id ?? null, chatId });
  try {
    const commit = await keepFolderState(deps.git, tree, { id, label, state });
    await markKept(deps.sql, id, { commit, treeId: state.treeId, fingerprint: state.fingerprint, skipped: state.skipped });
    return id;
  } catch (error) {
    await deleteCheckpoints(deps.sql, [id]);
    await deleteCheckpointRef(deps.git, tree, id).catch(() => {}); // what kept it from being made may keep it from being removed
    throw error;
  }
}

/** Reads a worktree's files as its project wants them kept. `cover`: a plain tree whose files are read wherever they lie; `ignored`: what another checkpoint knew. */
export async function readState(
  deps: CheckpointDeps,
  worktree: Worktree,
  tree: WorkTree,
  options: { readonly known?: KnownFiles | null; readonly cover?: string; readonly withIgnored?: boolean },
): Promise<FolderState> {
  const { known, cover } = options;
  const choice = await readIgnoredChoice(deps, worktree);
  return readFolderState(deps.git, {
    tree,
    indexFile: worktreeIndexOf(deps, worktree.id),
    scratch: join(deps.journalDir, 'scratch'),
    budget: budgetOf(deps.limits),
    ignored: choice ?? (options.withIgnored === true ? { maxFileBytes: IGNORED_BYTES } : null),
    cover,
    ...(known === undefined || known === null ? {} : { known: { ...known, skipped: known.unread } }),
  });
}

/** What reading a worktree may cost. */
export function budgetOf(limits: CheckpointDeps['limits']) {
  return { maxFileBytes: limits.checkpointMaxFileBytes, maxTotalBytes: limits.checkpointMaxTotalBytes, timeoutMs: limits.checkpointTimeoutMs };
}

async function readIgnoredChoice({ sql }: CheckpointDeps, { projectId }: Worktree): Promise<IgnoredChoice | null> {
  const project = await findProject(sql, projectId);
  const item = project === null ? null : await readTrusted(sql, project, PROJECT_CONFIG);
  if (item?.trusted !== true) return null;
  const { checkpoints } = parseProjectConfig(item.content);
  return checkpoints?.ignored === true ? { maxFileBytes: checkpoints.maxFileBytes ?? IGNORED_BYTES } : null;
}

/** The newest checkpoint of the worktree where it says the same, else a new one. `news`: what is skipped now and was not in the one before. */
async function keepOrShare(
  deps: CheckpointDeps,
  worktree: Worktree,
  request: TakeRequest & { readonly task: TurnCheckpoint['task'] },
): Promise<{ id: CheckpointId; news: readonly LeftOut[] }> {
  const [tree, newest] = await Promise.all([deps.openTree(worktree), findNewest(deps.sql, worktree.id)]);
  const state = await readState(deps, worktree, tree, request);
  if (newest?.fingerprint === state.fingerprint) return { id: newest.checkpoint.id, news: [] };
  const id = await keep(deps, { worktree, sessionId: request.task.sessionId, tree, state }, request);
  return { id, news: newsOf(state.skipped, newest) };
}

function newsOf(skipped: readonly LeftOut[], newest: StoredCheckpoint | null): readonly LeftOut[] {
  const known = new Set(newest?.checkpoint.skipped.map(({ path }) => path));
  return skipped.filter(({ path }) => !known.has(path));
}

function skippedNotice(skipped: readonly LeftOut[]): CheckpointNotice | null {
  if (skipped.length === 0) return null;
  const names = skipped.slice(0, 3).map(({ path, reason }) => `"${path}" (${reason})`);
  const rest = skipped.length > 3 ? ` and ${skipped.length - 3} more` : '';
  return { code: 'checkpoint_skipped', text: `Not in this turn's checkpoint, so that a restore leaves it alone: ${names.join(', ')}${rest}` };
}

function failure(deps: CheckpointDeps, error: unknown, taskId: TaskId, moment: 'before' | 'after'): CheckpointNotice {
  deps.log.error({ err: error, task: taskId }, 'cannot take a checkpoint');
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'checkpoint_failed', text: `There is no checkpoint ${moment} this turn, so it cannot be restored to: ${reason}` };
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79).toWellFormed()}…`;
}
