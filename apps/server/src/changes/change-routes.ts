import type { ChangeState, ChangeWithPatch, ChooseChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChangeId, SessionId } from '@boocode/contracts/ids.ts';
import { patchesOf } from '@boocode/git/change-patch.ts';
import { openRepository } from '@boocode/git/repository.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { findProject } from '../projects/project-store.ts';
import { getSession } from '../sessions/session-routes.ts';
import { actOnChanges } from './act-on-changes.ts';
import type { ChangeDeps } from './change-deps.ts';
import { findChange, type JournalAction, listChanges, type StoredChange, updateMarked } from './change-store.ts';
import { publishChanges } from './publish-changes.ts';

/** Of one file's patch; more is cut at a line's end and said so. */
const MAX_PATCH_BYTES = 512 * 1024;

const STATES: Readonly<Record<'pending' | 'applied' | 'rejected' | 'all', readonly ChangeState[]>> = {
  pending: ['pending', 'conflict'],
  applied: ['applied'],
  rejected: ['rejected'],
  all: ['pending', 'conflict', 'applied', 'rejected'],
};

export function changeHandlers(deps: ChangeDeps): Partial<Handlers> {
  const actOnOne = async (id: ChangeId, action: JournalAction, choice: Pick<ChooseChanges, 'note'>) => {
    const { change } = await getChange(deps, id);
    return actOnChanges(deps, change.sessionId, action, { ...choice, ids: [id] });
  };
  const actOnMany = async (id: SessionId, action: JournalAction, choice: ChooseChanges) => {
    await getSession(deps.sql, id);
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
      const change = await updateMarked(deps.sql, params.id, body.marked);
      if (change === null) throw new BooError('conflict', `Cannot mark change ${params.id}: it is not pending any more`);
      await publishChanges(deps, change.sessionId);
      return change;
    },
    applyChange: ({ params, body }) => actOnOne(params.id, 'apply', body),
    rejectChange: ({ params, body }) => actOnOne(params.id, 'reject', body),
    rewindChange: ({ params, body }) => actOnOne(params.id, 'rewind', body),
    applyChanges: ({ params, body }) => actOnMany(params.id, 'apply', body),
    rejectChanges: ({ params, body }) => actOnMany(params.id, 'reject', body),
    rewindChanges: ({ params, body }) => actOnMany(params.id, 'rewind', body),
  };
}

async function getChange(deps: ChangeDeps, id: ChangeId): Promise<StoredChange> {
  const stored = await findChange(deps.sql, id);
  if (stored === null) throw new BooError('not_found', `Cannot find change ${id}: there is none with this id; \`boocode changes\` lists them`);
  return stored;
}

/** A repository that cannot be read gives changes without patches: the list is still true. */
async function withPatches(deps: ChangeDeps, stored: readonly StoredChange[]): Promise<ChangeWithPatch[]> {
  const [first] = stored;
  if (first === undefined) return [];
  try {
    const session = await getSession(deps.sql, first.change.sessionId);
    const project = await findProject(deps.sql, session.projectId);
    if (project === null) throw new BooError('not_found', 'the project is gone');
    const { tree } = await openRepository(deps.git, project.path);
    const patches = await patchesOf(deps.git, { tree, changes: stored.map(({ file }) => file), maxBytes: MAX_PATCH_BYTES });
    return stored.map(({ change }, index) => ({ ...change, patch: patches[index]?.patch ?? null, patchTruncated: patches[index]?.truncated ?? false }));
  } catch (error) {
    deps.log.warn({ err: error }, 'cannot read the patches of changes');
    return stored.map(({ change }) => ({ ...change, patch: null, patchTruncated: false }));
  }
}
