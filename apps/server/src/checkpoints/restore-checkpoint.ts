import { join } from 'node:path';
import type { LeftOut, RestoreCheckpoint, RestorePreview, RestoreResult } from '@boocode/contracts/checkpoint.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { CheckpointId, ChatId, MessageId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { deleteCheckpointRef, findFolderState, type FolderState } from '@boocode/git/checkpoint.ts';
import { planRestore, restoreCheckpoint as restoreFiles } from '@boocode/git/checkpoint-restore.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { findMessages } from '../chats/message-store.ts';
import { getSession } from '../sessions/session-routes.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { type Conversation, deleteCheckpoints, findCheckpoint, type StoredCheckpoint } from './checkpoint-store.ts';
import {
  beginRestore,
  type ConversationChange,
  deleteRestore,
  findObstacle,
  findPrompt,
  listAppliedPaths,
  listConversationAgents,
  type Obstacle,
  readConversationChange,
  type Restore,
  updateSafety,
} from './restore-store.ts';
import { keep, readState, takeCheckpoint } from './take-checkpoint.ts';
import { writeRestoreDown } from './write-restore-down.ts';

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  turn: 'a turn of this session is running on its files; stop it or wait for its end',
  waiting: 'a message of this chat waits for its turn; take it back or wait for its end',
  restore: 'another restore of this session is under way; wait for its end',
};

/**
 * Brings the files of a worktree, the conversation of a chat, or both back to a checkpoint. Everything or nothing, also when killed in the middle
 * (`settleRestores` at the next start). A safety checkpoint is taken first: restoring that one undoes this.
 */
export async function restoreToCheckpoint(deps: CheckpointDeps, id: CheckpointId, request: RestoreCheckpoint): Promise<RestoreResult> {
  const { checkpoint, projectId } = await getCheckpoint(deps, id);
  await getSession(deps.sql, checkpoint.sessionId);
  if (request.paths !== undefined && request.what !== 'files') {
    throw new BooError('invalid_request', 'Cannot restore: only with "what": "files" can some files be chosen; the conversation belongs to all of them');
  }
  return deps.folders.run(projectId, () => restore(deps, id, request));
}

/** What a restore would do now, without doing it. */
export async function previewRestore(deps: CheckpointDeps, id: CheckpointId, request: RestoreCheckpoint): Promise<RestorePreview> {
  const target = await getCheckpoint(deps, id);
  const { sessionId } = target.checkpoint;
  const conversation = await conversationOf(deps, target, request);
  const change = conversation === null ? NO_CHANGE : await readConversationChange(deps.sql, conversation);
  const worktree = request.what === 'chat' ? null : await worktreeOf(deps, target);
  const plan = worktree === null ? null : await planFiles(deps, target, worktree, request.paths ?? null);
  const obstacle = await findObstacle(deps.sql, sessionId, conversation?.chatId ?? null);
  const files = (plan?.edits ?? []).map(({ path, oldBlob, newBlob }) => ({
    path,
    kind: oldBlob === null ? ('added' as const) : newBlob === null ? ('deleted' as const) : ('modified' as const),
  }));
  return {
    files,
    hides: change.hide.length,
    brings: change.show.length,
    agents: conversation === null ? [] : await listConversationAgents(deps.sql, conversation.chatId),
    leftAlone: [...(plan?.leftAlone ?? [])],
    applied: await listAppliedPaths(
      deps.sql,
      sessionId,
      files.map(({ path }) => path),
    ),
    refusal: obstacle === null ? null : OBSTACLES[obstacle],
  };
}

/** The checkpoint, or `not_found`. */
export async function getCheckpoint({ sql }: Pick<CheckpointDeps, 'sql'>, id: CheckpointId): Promise<StoredCheckpoint> {
  const found = await findCheckpoint(sql, id);
  if (found === null) throw new BooError('not_found', `Cannot find checkpoint ${id}: there is none with this id; \`boocode checkpoints\` lists them`);
  return found;
}

/** What the repository has of a checkpoint. */
export async function getFolderState(deps: CheckpointDeps, tree: WorkTree, { checkpoint }: StoredCheckpoint): Promise<FolderState> {
  const state = await findFolderState(deps.git, tree, checkpoint.commit);
  if (state === null) throw new BooError('not_found', `Cannot read checkpoint ${checkpoint.id}: its contents are no longer in the repository; choose another`);
  return state;
}

/** The worktree of a checkpoint, ready to be read. */
export async function worktreeOf({ sql }: Pick<CheckpointDeps, 'sql'>, { checkpoint }: StoredCheckpoint): Promise<Worktree> {
  const worktree = checkpoint.worktreeId === null ? null : await findWorktree(sql, checkpoint.worktreeId);
  if (worktree?.state !== 'ready') throw new BooError('worktree_damaged', 'Cannot use the checkpoint: the worktree of its session is gone');
  return worktree;
}

const NO_CHANGE: ConversationChange = { hide: [], show: [] };

async function restore(deps: CheckpointDeps, id: CheckpointId, request: RestoreCheckpoint): Promise<RestoreResult> {
  const target = await getCheckpoint(deps, id);
  const { sessionId } = target.checkpoint;
  const worktree = await worktreeOf(deps, target);
  const conversation = await conversationOf(deps, target, request);
  const intent = {
    id: crypto.randomUUID(),
    sessionId,
    worktreeId: worktree.id,
    checkpointId: id,
    what: request.what,
    paths: request.paths ?? null,
    conversation,
  };
  const obstacle = await beginRestore(deps.sql, intent);
  if (obstacle !== null) throw new BooError('worktree_busy', `Cannot restore: ${OBSTACLES[obstacle]}`);
  let done: Done;
  try {
    if (conversation !== null) await deps.endAgents(conversation.chatId); // one that is refused after all is resumed with the next prompt
    done = await touchFiles(deps, { ...intent, state: 'running', safetyId: null }, target, worktree);
  } catch (error) {
    await deleteRestore(deps.sql, intent.id);
    deps.wake();
    throw error;
  }
  const change = await writeRestoreDown(deps, { ...intent, state: 'running', safetyId: done.safety }, worktree);
  const applied = await listAppliedPaths(deps.sql, sessionId, done.paths);
  return {
    message: describe(done, change, applied),
    files: done.count,
    hidden: change.hide.length,
    broughtBack: change.show.length,
    leftAlone: [...done.leftAlone],
    applied,
    prompt: conversation === null ? null : await findFirstPrompt(deps, conversation.chatId, change.hide),
    safety: done.safety,
  };
}

interface Done {
  readonly safety: CheckpointId;
  readonly count: number;
  readonly paths: readonly string[];
  readonly leftAlone: readonly LeftOut[];
}

async function touchFiles(deps: CheckpointDeps, intent: Restore, target: StoredCheckpoint, worktree: Worktree): Promise<Done> {
  const { sessionId, conversation } = intent;
  const request = { kind: 'safety', label: `Before restoring "${target.checkpoint.label}"`, chatId: conversation?.chatId ?? null } as const;
  if (intent.what === 'chat') {
    const safety = await takeCheckpoint(deps, worktree, sessionId, request);
    await updateSafety(deps.sql, intent.id, safety);
    return { safety, count: 0, paths: [], leftAlone: [] };
  }
  const tree = await deps.openTree(worktree);
  const to = await getFolderState(deps, tree, target);
  const from = await readState(deps, worktree, tree, { cover: to.plainTreeId, withIgnored: to.hasIgnored });
  const safety = await keep(deps, { worktree, sessionId, tree, state: from }, request);
  await updateSafety(deps.sql, intent.id, safety);
  const result = await restoreFiles(deps.git, {
    tree,
    from,
    to,
    paths: intent.paths,
    scratch: join(deps.journalDir, 'scratch'),
    journalDir: deps.journalDir,
    id: intent.id,
    note: { restore: intent.id },
    now: deps.now(),
  }).catch(async (error: unknown) => {
    await forgetSafety(deps, tree, safety);
    throw error;
  });
  if (result.kind === 'conflict') {
    await forgetSafety(deps, tree, safety);
    const reasons = result.conflicts.slice(0, 3).map(({ message }) => message);
    throw new BooError('change_conflict', `Cannot restore, so nothing was changed: ${reasons.join('; ')}`, { details: result.conflicts });
  }
  const paths = result.files.filter((file) => file.outcome !== 'unchanged').map((file) => file.path);
  return { safety, count: result.count, paths, leftAlone: result.leftAlone };
}

/** Nothing came of the restore: its safety checkpoint would only puzzle. */
async function forgetSafety(deps: CheckpointDeps, tree: WorkTree, safety: CheckpointId): Promise<void> {
  await deleteCheckpointRef(deps.git, tree, safety);
  await deleteCheckpoints(deps.sql, [safety]);
}

async function planFiles(deps: CheckpointDeps, target: StoredCheckpoint, worktree: Worktree, paths: readonly string[] | null) {
  const tree = await deps.openTree(worktree);
  const to = await getFolderState(deps, tree, target);
  const from = await readState(deps, worktree, tree, { cover: to.plainTreeId, withIgnored: to.hasIgnored });
  return planRestore(deps.git, { tree, from, to, paths, scratch: join(deps.journalDir, 'scratch') });
}

/** How the conversation is to be: as it was at the checkpoint, or before a prompt. Null when only files are wanted. */
async function conversationOf(deps: CheckpointDeps, target: StoredCheckpoint, { what, before }: RestoreCheckpoint): Promise<Conversation | null> {
  if (what === 'files') return null;
  if (before === undefined) {
    if (target.conversation === null)
      throw new BooError('conflict', 'Cannot restore the conversation: the chat of this checkpoint is gone; restore its files alone');
    return target.conversation;
  }
  const prompt = await findPrompt(deps.sql, before);
  if (prompt === null || prompt.sessionId !== target.checkpoint.sessionId)
    throw new BooError('not_found', `Cannot restore to before message ${before}: the session of the checkpoint has no such prompt`);
  return prompt.conversation;
}

async function findFirstPrompt(deps: CheckpointDeps, chatId: ChatId, hidden: readonly MessageId[]): Promise<RestoreResult['prompt']> {
  const prompt = (await findMessages(deps.sql, hidden.slice(0, 4))).find((message) => message.role === 'user');
  if (prompt === undefined) return null;
  const [text] = prompt.parts.filter((part) => part.type === 'text');
  const attachments = prompt.parts.flatMap((part) => (part.type === 'file' ? [{ name: part.name, mediaType: part.mediaType, text: part.text }] : []));
  return { chatId, text: text?.text ?? '', attachments };
}

function describe(done: Done, change: ConversationChange, applied: readonly string[]): string {
  const parts = [
    done.count > 0 ? `${plural(done.count, 'file')} changed back` : null,
    change.hide.length > 0 ? `${plural(change.hide.length, 'message')} removed` : null,
    change.show.length > 0 ? `${plural(change.show.length, 'message')} brought back` : null,
  ].filter((part) => part !== null);
  const notes = [
    done.leftAlone.length > 0 ? `${plural(done.leftAlone.length, 'path')} left as they are` : null,
    applied.length > 0
      ? `${plural(applied.length, 'of these files')} had been applied to the project's folder, which stays as it is: rewind the change to take it back there too`
      : null,
  ].filter((note) => note !== null);
  const what = parts.length === 0 ? 'Everything was as in the checkpoint already' : parts.join(', ');
  return [what, ...notes].join('; ');
}

function plural(count: number, noun: string): string {
  if (noun.startsWith('of ')) return `${count} ${noun}`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
