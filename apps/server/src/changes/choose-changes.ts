import type { ChangeState, ChooseChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Git, WorkTree } from '@boocode/git/run-git.ts';
import type { Queries } from '../db/queries.ts';
import { type ChosenChange, type JournalAction, listChanges, type StoredChange } from './change-store.ts';
import { splitChange } from './split-change.ts';

const WAITING: readonly ChangeState[] = ['pending', 'conflict'];

/** What each action can be done to, and its words. */
export const ACTIONS = {
  apply: { from: WAITING, verb: 'apply', done: 'Applied', kind: 'pending' },
  reject: { from: WAITING, verb: 'reject', done: 'Rejected', kind: 'pending' },
  rewind: { from: ['applied'], verb: 'rewind', done: 'Took back', kind: 'applied' },
} as const satisfies Record<JournalAction, { from: readonly ChangeState[]; verb: string; done: string; kind: string }>;

/** What a person names: by change, path or hunk, or by what is marked. */
export type Choice = Pick<ChooseChanges, 'ids' | 'paths' | 'hunks' | 'marked'>;

interface Picked {
  readonly stored: StoredChange;
  /** Null: all of it. */
  readonly hunks: readonly string[] | null;
}

/**
 * The changes of a session that a choice means, with the part of each that it means. Rejects with `not_found` for what is named and not there. In the
 * order in which they are to be done: of what is taken back, the newest first.
 */
export async function chooseChanges(
  deps: { readonly sql: Queries; readonly git: Git },
  sessionId: SessionId,
  action: JournalAction,
  choice: Choice,
  openTree: () => Promise<WorkTree>,
): Promise<ChosenChange[]> {
  const candidates = await listChanges(deps.sql, sessionId, ACTIONS[action].from);
  const picked = pickHunks(pickChanges(candidates, choice, action), choice, action);
  const ordered = action === 'rewind' ? picked.toSorted((one, other) => (one.stored.change.updatedAt < other.stored.change.updatedAt ? 1 : -1)) : picked;
  const chosen: ChosenChange[] = [];
  for (const { stored, hunks } of ordered) {
    if (hunks === null) chosen.push({ ...stored, part: null });
    else chosen.push({ ...stored, part: await partOf(deps.git, await openTree(), stored, hunks, action) });
  }
  return chosen;
}

async function partOf(git: Git, tree: WorkTree, stored: StoredChange, hunks: readonly string[], action: JournalAction) {
  const { part } = await splitChange(git, tree, stored, hunks, action);
  const { path, oldPath, oldBlob, newBlob, oldMode, newMode } = part.file;
  return { hunks: [...hunks], edit: { path, oldPath, oldBlob, newBlob, oldMode, newMode } };
}

function pickChanges(candidates: readonly StoredChange[], { ids, paths }: Choice, action: JournalAction): StoredChange[] {
  if (ids === undefined && paths === undefined) return [...candidates];
  const [wantedIds, wantedPaths] = [new Set<string>(ids ?? []), new Set(paths ?? [])];
  const chosen = candidates.filter(({ change }) => wantedIds.has(change.id) || wantedPaths.has(change.path));
  const missingPath = [...wantedPaths].find((path) => !chosen.some(({ change }) => change.path === path));
  const missingId = [...wantedIds].find((id) => !chosen.some(({ change }) => change.id === id));
  const missing = missingPath ?? missingId;
  if (missing !== undefined) throw notAmong(missing, action);
  return chosen;
}

function pickHunks(changes: readonly StoredChange[], { hunks, marked }: Choice, action: JournalAction): Picked[] {
  if (hunks === undefined && marked === undefined) return changes.map((stored) => ({ stored, hunks: null }));
  const wanted = hunks === undefined ? null : new Set(hunks);
  for (const id of wanted ?? []) if (!changes.some((stored) => stored.hunks.some((hunk) => hunk.id === id))) throw notAmong(`hunk ${id}`, action);
  return changes.flatMap((stored): Picked[] => {
    if (wanted === null && stored.hunks.length === 0) return stored.change.marked ? [{ stored, hunks: null }] : [];
    const chosen = stored.hunks.filter((hunk) => (wanted === null || wanted.has(hunk.id)) && (marked === undefined || hunk.marked));
    if (chosen.length === 0) return [];
    return [{ stored, hunks: chosen.length === stored.hunks.length ? null : chosen.map((hunk) => hunk.id) }];
  });
}

function notAmong(name: string, action: JournalAction): BooError {
  const { verb, kind } = ACTIONS[action];
  return new BooError('not_found', `Cannot ${verb} "${name}": it is not among the ${kind} changes of this session; \`boocode changes\` lists them`);
}
