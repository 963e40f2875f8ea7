import type { ChangeState, ChangeWithPatch, ChooseChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChangeId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { patchesOf } from '@boocode/git/change-patch.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import { findChat } from '../chats/chat-store.ts';
import { deleteComment, listComments } from '../chats/note-store.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { findProject } from '../projects/project-store.ts';
import { getSession } from '../sessions/session-routes.ts';
import { actOnChanges } from './act-on-changes.ts';
import { type ChangeChecks, choiceOf } from './change-checks.ts';
import type { ChangeDeps } from './change-deps.ts';
import { findChange, type JournalAction, listChanges, listWaitingElsewhere, type StoredChange, updateMarked } from './change-store.ts';
import { branchChanges, commitChanges } from './commit-changes.ts';
import { commentOnChange } from './comment-on-change.ts';
import { editChange, readContent, restoreChange } from './edit-worktree.ts';
import { exportChanges } from './export-changes.ts';
import { previewChanges } from './preview-changes.ts';
import { publishChanges } from './publish-changes.ts';

/** Of one file's patch; more is cut at a line's end and said so. */
const MAX_PATCH_BYTES = 512 * 1024;

const STATES: Readonly<Record<'pending' | 'applied' | 'rejected' | 'all', readonly ChangeState[]>> = {
  pending: ['pending', 'conflict'],
  applied: ['applied'],
  rejected: ['rejected'],
  all: ['pending', 'conflict', 'applied', 'rejected'],
};

export function changeHandlers(deps: ChangeDeps, checks: ChangeChecks): Partial<Handlers> {
  const actOnOne = async (id: ChangeId, action: JournalAction, choice: Pick<ChooseChanges, 'note' | 'hunks' | 'confirm'>) => {
    const { change } = await getChange(deps, id);
    return actOnChanges(deps, change.sessionId, action, { ...choice, ids: [id] });
  };
  const actOnMany = async (id: SessionId, action: JournalAction, choice: ChooseChanges) => {
    await getSession(deps.sql, id);
    if (choice.checkId !== undefined) {
      if (action !== 'apply') throw new BooError('invalid_request', `Cannot ${action} with a check: checks are for applying`);
      await checks.require(id, choice.checkId, choiceOf(choice));
    }
    return actOnChanges(deps, id, action, choice);
  };
  return {
    listChanges: async ({ params, query }) => {
      await getSession(deps.sql, params.id);
      const page = pageOfAll(await listChanges(deps.sql, params.id, STATES[query.state ?? 'pending']), query);
      return { ...page, items: await withPatches(deps, page.items) };
    },
    getChange: async ({ params }) => {
      const [item] = await withPatches(deps, [await getChange(deps, params.id)]);
      if (item === undefined) throw new TypeError('one change gives one patch');
      return item;
    },
    patchChange: async ({ params, body }) => {
      const { change, unknown } = await updateMarked(deps.sql, params.id, body.marked, body.hunks ?? null);
      if (unknown.length > 0)
        throw new BooError('not_found', `Cannot mark hunk "${unknown[0]}": change ${params.id} has none of this name (any more); look again`);
      if (change === null) throw new BooError('conflict', `Cannot mark change ${params.id}: it is not pending any more`);
      await publishChanges(deps, change.sessionId);
      return change;
    },
    getChangeContent: async ({ params, query }) => readContent(deps, await getChange(deps, params.id), query.side ?? 'new'),
    editChange: async ({ params, body }) => editChange(deps, await getChange(deps, params.id), body),
    restoreChange: async ({ params }) => restoreChange(deps, await getChange(deps, params.id)),
    commentOnChange: async ({ params, body }) => commentOnChange(deps, await getChange(deps, params.id), body),
    listComments: async ({ params, query }) => {
      await getSession(deps.sql, params.id);
      return pageOfAll(await listComments(deps.sql, params.id), query);
    },
    deleteComment: async ({ params }) => {
      const chatId = await deleteComment(deps.sql, params.id);
      const chat = chatId === null ? null : await findChat(deps.sql, chatId);
      if (chatId === null) throw new BooError('conflict', 'Cannot take the comment back: an agent has it already, or it is gone');
      if (chat !== null) await publishChanges(deps, chat.sessionId);
      return { ok: true };
    },
    applyChange: ({ params, body }) => actOnOne(params.id, 'apply', body),
    rejectChange: ({ params, body }) => actOnOne(params.id, 'reject', body),
    rewindChange: ({ params, body }) => actOnOne(params.id, 'rewind', body),
    applyChanges: ({ params, body }) => actOnMany(params.id, 'apply', body),
    rejectChanges: ({ params, body }) => actOnMany(params.id, 'reject', body),
    rewindChanges: ({ params, body }) => actOnMany(params.id, 'rewind', body),
    previewChanges: ({ params, body }) => previewChanges(deps, params.id, body),
    commitChanges: ({ params, body }) => commitChanges(deps, params.id, body),
    branchChanges: ({ params, body }) => branchChanges(deps, params.id, body),
    startCheck: ({ params, body }) => checks.start(params.id, body),
    getCheck: ({ params }) => checks.get(params.id),
    cancelCheck: ({ params }) => checks.cancel(params.id),
    exportChanges: ({ params, body }) => exportChanges(deps, params.id, body),
  };
}

async function getChange(deps: ChangeDeps, id: ChangeId): Promise<StoredChange> {
  const stored = await findChange(deps.sql, id);
  if (stored === null) throw new BooError('not_found', `Cannot find change ${id}: there is none with this id; \`boocode changes\` lists them`);
  return stored;
}

/** Which other sessions wait with a change of the same file: a look at the rows, not yet whether they get in each other's way. */
async function othersOf(deps: ChangeDeps, projectId: ProjectId, stored: readonly StoredChange[]) {
  const waiting = stored.filter(({ change }) => change.state === 'pending' || change.state === 'conflict').map(({ change }) => change);
  const [first] = waiting;
  const paths = waiting.flatMap((change) => (change.oldPath === null ? [change.path] : [change.path, change.oldPath]));
  const found = first === undefined ? [] : await listWaitingElsewhere(deps.sql, { id: first.worktreeId, projectId }, paths);
  return (change: StoredChange['change']) =>
    found
      .filter(
        (other) =>
          waiting.includes(change) && [other.change.path, other.change.oldPath].some((path) => path !== null && [change.path, change.oldPath].includes(path)),
      )
      .map(({ change: other, sessionTitle }) => ({ sessionId: other.sessionId, sessionTitle, changeId: other.id, agent: other.agent }));
}

/** A repository that cannot be read gives changes without patches: the list is still true. */
async function withPatches(deps: ChangeDeps, stored: readonly StoredChange[]): Promise<ChangeWithPatch[]> {
  const [first] = stored;
  if (first === undefined) return [];
  try {
    const session = await getSession(deps.sql, first.change.sessionId);
    const project = await findProject(deps.sql, session.projectId);
    if (project === null) throw new BooError('not_found', 'the project is gone');
    const { tree } = await openRepositoryOf(deps.git, { project: project.path, id: first.change.worktreeId });
    const patches = await patchesOf(deps.git, { tree, changes: stored.map(({ file }) => file), maxBytes: MAX_PATCH_BYTES });
    const comments = await listComments(deps.sql, session.id);
    const others = await othersOf(deps, session.projectId, stored);
    return stored.map(({ change }, index) => ({
      ...change,
      others: others(change),
      patch: patches[index]?.patch ?? null,
      patchTruncated: patches[index]?.truncated ?? false,
      comments: comments.filter((comment) => comment.path === change.path),
    }));
  } catch (error) {
    deps.log.warn({ err: error }, 'cannot read the patches of changes');
    return stored.map(({ change }) => ({ ...change, patch: null, patchTruncated: false }));
  }
}
