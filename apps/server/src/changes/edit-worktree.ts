import type { ChangeContent, ChangeSide, ChangesResult, EditChange } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { ChangeId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { applyChanges } from '@boocode/git/apply-changes.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import type { FileEdit } from '@boocode/git/apply-plan.ts';
import { readBlobs, writeBlob } from '@boocode/git/blobs.ts';
import { inStyle, isBinary, isLfsPointer, plainText, styleOf } from '@boocode/git/text-style-policy.ts';
import * as z from 'zod/mini';
import { insertNote } from '../chats/note-store.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { ChangeDeps } from './change-deps.ts';
import { findChangesByIds, findOvertaken, listChanges, type StoredChange, writeStates } from './change-store.ts';
import { collectInQueue } from './collect-session-changes.ts';
import { openTrees } from './open-trees.ts';
import { publishChanges } from './publish-changes.ts';

const ACTOR = 'person';
/** Of a text that is edited in a window. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;

/** What a journal of a person's own work in a worktree says, so that it can be finished after a kill. `restored`: rejected changes that are back. */
const EditNote = z.object({ worktreeId: WorktreeId, action: z.enum(['edit', 'restore']), restored: z.array(ChangeId) });
type EditNote = z.infer<typeof EditNote>;

/** One side of a change as text, with the name of exactly this content. */
export async function readContent(deps: ChangeDeps, { change, file }: StoredChange, side: ChangeSide): Promise<ChangeContent> {
  const blob = side === 'old' ? file.oldBlob : file.newBlob;
  const common = { path: side === 'old' ? (change.oldPath ?? change.path) : change.path, side, blob };
  if (blob === null) return { ...common, text: null, binary: false, size: null };
  const content = await contentOf(deps, change, blob);
  const binary = change.binary || isBinary(content);
  const isText = !binary && content.length <= MAX_TEXT_BYTES;
  return { ...common, text: isText ? plainText(content).toString('utf8') : null, binary, size: content.length };
}

/**
 * Writes a person's text in place of a pending change's file in the worktree. Three things must hold: no turn writes there, the file is what the person
 * saw, and it is a change of this session. What comes of it is a change without an agent.
 */
export async function editChange(deps: ChangeDeps, { change, file }: StoredChange, { text, expectedBlob }: EditChange): Promise<ChangesResult> {
  const cannot = (code: 'conflict' | 'change_conflict', reason: string): BooError => new BooError(code, `Cannot edit "${change.path}": ${reason}`);
  if (change.state !== 'pending' && change.state !== 'conflict') throw cannot('conflict', `the change is ${change.state}; look at the list again`);
  if (file.newBlob === null) throw cannot('conflict', 'the change deletes it; reject the change to have it back');
  if (file.newMode !== '100644' && file.newMode !== '100755') throw cannot('conflict', 'it is not a regular file');
  if (file.newBlob !== expectedBlob) throw cannot('change_conflict', 'it has changed since you opened it; open it again');
  const before = await contentOf(deps, change, file.newBlob);
  if (isBinary(before) || isLfsPointer(before)) throw cannot('conflict', 'it is not a text');
  const worktree = await worktreeOf(deps, change.worktreeId);
  const { tree } = await openTrees(deps, worktree);
  // As the file was written: a browser's text has neither its line ends nor its byte order mark.
  const style = styleOf(before);
  const content = style.eol === 'mixed' ? Buffer.from(text, 'utf8') : inStyle(plainText(Buffer.from(text, 'utf8')), style);
  const newBlob = await writeBlob(deps.git, tree, content);
  const edit = { path: change.path, oldPath: null, oldBlob: file.newBlob, newBlob, oldMode: file.newMode, newMode: file.newMode };
  await writeInWorktree(deps, worktree, [edit], { action: 'edit', restored: [], match: 'exact', verb: `edit "${change.path}"` });
  const now = await listChanges(deps.sql, change.sessionId, ['pending', 'conflict']);
  const items = now.filter((other) => other.change.path === change.path).map((other) => other.change);
  return { items, message: items.length === 0 ? `"${change.path}" is as it was before the agent: nothing is left to review` : `Edited "${change.path}"` };
}

/** Brings a rejected change back into the worktree; what was written in the file since is kept where it leaves room. */
export async function restoreChange(deps: ChangeDeps, { change, file }: StoredChange): Promise<ChangesResult> {
  if (change.state !== 'rejected') throw new BooError('conflict', `Cannot restore "${change.path}": the change is ${change.state}, not rejected`);
  const worktree = await worktreeOf(deps, change.worktreeId);
  await writeInWorktree(deps, worktree, [file], { action: 'restore', restored: [change.id], match: 'merge', verb: `restore "${change.path}"` });
  const chatId = change.taskId === null ? null : await deps.chatOf(change.taskId);
  if (chatId !== null) await insertNote(deps.sql, chatId, `The person took the rejection of ${change.path} back: your change of it is in place again.`);
  const now = await listChanges(deps.sql, change.sessionId, ['pending', 'conflict']);
  return { items: now.filter((other) => other.change.path === change.path).map((other) => other.change), message: `Restored "${change.path}"` };
}

/** After a kill: makes the rows say what a finished edit did. Null when the journal is not one of a person's own work. */
export async function settleEdit(deps: ChangeDeps, journalId: string, note: unknown): Promise<true | null> {
  const parsed = EditNote.safeParse(note);
  if (!parsed.success) return null;
  const worktree = await findWorktree(deps.sql, parsed.data.worktreeId);
  if (worktree !== null) await writeDown(deps, worktree, parsed.data);
  await forgetApply(deps.journalDir, journalId);
  return true;
}

interface WriteOptions extends Pick<EditNote, 'action' | 'restored'> {
  readonly verb: string;
  /** Whether the file may have gone on since. */
  readonly match: 'exact' | 'merge';
}

async function writeInWorktree(deps: ChangeDeps, worktree: Worktree, edits: readonly FileEdit[], { verb, match, ...what }: WriteOptions): Promise<void> {
  await deps.folders.run(worktree.projectId, async () => {
    if (worktree.sessionId !== null && (await deps.isWriting(worktree.sessionId)))
      throw new BooError('worktree_busy', `Cannot ${verb} now: a turn is writing in this session's worktree; stop it or wait for its end`);
    const { tree } = await openTrees(deps, worktree);
    const id = crypto.randomUUID();
    const note: EditNote = { worktreeId: worktree.id, ...what };
    const result = await applyChanges(deps.git, { tree, prefix: '', edits, journalDir: deps.journalDir, id, note, match, now: deps.now() });
    if (result.kind === 'conflict') {
      const [first] = result.conflicts;
      throw new BooError('change_conflict', `Cannot ${verb}: ${first?.message ?? 'the file is not what it was'}; open it again`, { details: result.conflicts });
    }
    await writeDown(deps, worktree, note);
    await forgetApply(deps.journalDir, id);
  });
}

async function writeDown(deps: ChangeDeps, worktree: Worktree, note: EditNote): Promise<void> {
  const { sessionId } = worktree;
  if (sessionId === null) return;
  const restored = await findChangesByIds(deps.sql, note.restored);
  await deps.sql.begin(async (tx) => {
    // Of two changes of one file only one can wait: the one that waits already takes what is restored in.
    const overtaken = await findOvertaken(tx, note.restored);
    await writeStates(tx, overtaken, 'superseded', ACTOR, 'restored; the waiting change of this file holds it');
    await writeStates(
      tx,
      note.restored.filter((id) => !overtaken.includes(id)),
      'pending',
      ACTOR,
      null,
    );
  });
  const inherited = new Map(restored.map(({ change, hunks }) => [change.path, hunks]));
  await collectInQueue(deps, { sessionId, worktreeId: worktree.id, task: null, inherited });
  await publishChanges(deps, sessionId);
}

async function worktreeOf(deps: ChangeDeps, id: WorktreeId): Promise<Worktree> {
  const worktree = await findWorktree(deps.sql, id);
  if (worktree?.state !== 'ready' || worktree.sessionId === null) throw new BooError('worktree_damaged', 'Cannot edit the change: its worktree is gone');
  return worktree;
}

/** What a blob of a change holds. */
export async function contentOf(deps: ChangeDeps, change: StoredChange['change'], blob: string): Promise<Buffer> {
  const { tree } = await openTrees(deps, await worktreeOf(deps, change.worktreeId));
  return (await readBlobs(deps.git, tree, [blob])).get(blob) ?? Buffer.alloc(0);
}
