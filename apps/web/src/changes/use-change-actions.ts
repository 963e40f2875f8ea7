import type { Change, ChangesResult, ChangeWithPatch, CommittedChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { useRef, useState } from 'react';
import * as z from 'zod/mini';
import { useLive } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { sentenceOf } from '../live/use-action.ts';
import { type ChangePart, choiceOf, withMarks } from './hunk-choice.ts';

/** Why one file did not fit, as far as it was said. */
const FileConflict = z.object({
  path: z.string(),
  message: z.string(),
  merged: z.optional(z.nullable(z.string())),
  proposal: z.optional(z.nullable(z.object({ blob: z.string(), text: z.string(), patch: z.optional(z.nullable(z.string())), explanation: z.string() }))),
});
export type FileConflict = z.infer<typeof FileConflict>;

interface State {
  /** What is being done now: shown beside the buttons, which wait meanwhile. */
  readonly doing: string | null;
  readonly failure: string | null;
  readonly outcome: string;
  /** Why files did not fit when it was last tried, by path. */
  readonly conflicts: ReadonlyMap<string, FileConflict>;
}

/** A decision that can be undone; `toast` tells of it. */
interface Undo {
  readonly run: () => Promise<unknown>;
  readonly toast: string | null;
}

interface ApplyOptions {
  readonly checkId?: string | undefined;
  /** A place that was looked at. */
  readonly confirm?: { readonly path: string; readonly blob: string } | undefined;
}

const AT_REST: State = { doing: null, failure: null, outcome: '', conflicts: new Map() };
/** Of decisions that U takes back. */
const MAX_UNDOS = 100;

/** Acts on changes, one act at a time, and keeps what came of the last one. */
export function useChangeActions(sessionId: SessionId) {
  const { api, changes, toasts } = useLive();
  const [state, setState] = useState(AT_REST);
  const undos = useRef<Undo[]>([]);
  /** Decisions are told to the server in the order in which they were made. */
  const marking = useRef<Promise<void>>(Promise.resolve());
  const params = { id: sessionId };
  const remember = (run: Undo['run'], toast: string | null): Undo => {
    const undo = { run, toast };
    undos.current = [...undos.current.slice(1 - MAX_UNDOS), undo];
    return undo;
  };
  const forget = (undo: Undo) => {
    undos.current = undos.current.filter((other) => other !== undo);
  };
  /** Says what was done, with a way back that U knows too. */
  const offerUndo = (text: string, run: Undo['run']) => {
    const id = randomId();
    const undo = remember(run, id);
    toasts.set({
      id,
      text,
      undo: async () => {
        await undo.run();
        forget(undo);
        await changes.load(sessionId);
      },
    });
  };
  const tell = (text: string) => toasts.set({ id: randomId(), text: `${text}.`, undo: null });
  const act = async <R extends { readonly message: string }>(doing: string, work: () => Promise<R>): Promise<R | null> => {
    setState((now) => ({ ...now, doing, failure: null }));
    try {
      const result = await work();
      await changes.load(sessionId);
      setState((now) => ({ ...now, doing: null, outcome: result.message }));
      return result;
    } catch (error) {
      await changes.load(sessionId);
      setState((now) => ({ ...now, doing: null, failure: sentenceOf(error), conflicts: new Map([...now.conflicts, ...conflictsOf(error)]) }));
      return null;
    }
  };
  const setMarks = async (parts: readonly ChangePart[], isMarked: boolean) => {
    const isKnown = parts.map((part) => changes.decide(part.change, (change) => withMarks(change, isMarked, idsOf(part))));
    // One after the other: two requests may overtake each other, and the last key counts.
    const sent = marking.current.then(() => sendMarks(parts, isMarked, isKnown));
    marking.current = sent;
    await sent;
  };
  const sendMarks = async (parts: readonly ChangePart[], isMarked: boolean, isKnown: readonly (() => void)[]): Promise<void> => {
    try {
      for (const [index, part] of parts.entries()) {
        const hunks = idsOf(part);
        const change = await api.patchChange({ params: { id: part.change.id }, body: { marked: isMarked, ...(hunks === null ? {} : { hunks }) } });
        isKnown[index]?.();
        changes.put(change);
      }
    } catch (error) {
      for (const forget of isKnown) forget();
      setState((now) => ({ ...now, failure: sentenceOf(error) }));
      await changes.load(sessionId);
    }
  };
  const restoreAll = async (items: readonly Change[]) => {
    for (const { id } of items) await api.restoreChange({ params: { id }, body: {} });
  };
  const apply = async (parts: readonly ChangePart[], { checkId, confirm }: ApplyOptions = {}) => {
    const more = { ...(checkId === undefined ? {} : { checkId }), ...(confirm === undefined ? {} : { confirm: [confirm] }) };
    const result = await act('Applying', () => api.applyChanges({ params, body: { ...choiceOf(parts), ...more } }));
    if (result === null || result.items.length === 0) return;
    setState((now) => ({ ...now, conflicts: new Map() }));
    offerUndo(`${result.message}.`, () => api.rewindChanges({ params, body: { ids: result.items.map((item) => item.id) } }));
  };
  const reject = async (parts: readonly ChangePart[], note: string) => {
    const result = await act('Rejecting', () => api.rejectChanges({ params, body: { ...choiceOf(parts), ...(note === '' ? {} : { note }) } }));
    if (result !== null && result.items.length > 0) offerUndo(`${result.message}.`, () => restoreAll(result.items));
  };
  return {
    ...state,
    isBusy: state.doing !== null,
    mark: (parts: readonly ChangePart[], isMarked: boolean) => {
      remember(() => setMarks(parts, !isMarked), null);
      setState((now) => ({ ...now, failure: null }));
      void setMarks(parts, isMarked);
    },
    apply: (parts: readonly ChangePart[], options?: ApplyOptions) => void apply(parts, options),
    reject: (parts: readonly ChangePart[], note: string) => void reject(parts, note),
    /** Takes applied hunks back out of the folder. */
    rewind: (part: ChangePart) => void act<ChangesResult>('Taking back', () => api.rewindChange({ params: { id: part.change.id }, body: bodyOf(part) })),
    restore: (change: ChangeWithPatch) => void act<ChangesResult>('Bringing back', () => api.restoreChange({ params: { id: change.id }, body: {} })),
    /** Resolves with what was made, or null: then `failure` says why. */
    commit: async (parts: readonly ChangePart[], message: string, branch: string | null): Promise<CommittedChanges | null> => {
      const result = await act(branch === null ? 'Committing' : 'Making the branch', () =>
        branch === null
          ? api.commitChanges({ params, body: { ...choiceOf(parts), message } })
          : api.branchChanges({ params, body: { ...choiceOf(parts), message, branch } }),
      );
      if (result !== null) tell(result.message);
      return result;
    },
    /** The patch of the chosen changes, or null: then `failure` says why. */
    readPatch: async (parts: readonly ChangePart[]): Promise<string | null> => {
      const result = await act('Making the patch', async () => {
        const { patch, files } = await api.exportChanges({ params, body: { ...choiceOf(parts), state: 'pending' } });
        return { patch, message: `A patch of ${files === 1 ? '1 file' : `${files} files`} was saved` };
      });
      if (result !== null) tell(result.message);
      return result?.patch ?? null;
    },
    /** Takes the last decision back; false = there is none. */
    undo: (): boolean => {
      const last = undos.current.at(-1);
      if (last === undefined || state.doing !== null) return false;
      forget(last);
      void act('Taking it back', async () => {
        await last.run();
        toasts.update((now) => (now?.id === last.toast ? null : now));
        return { message: 'The last decision was taken back' };
      });
      return true;
    },
  };
}

export type ChangeActions = ReturnType<typeof useChangeActions>;

function idsOf({ hunks }: ChangePart): string[] | null {
  return hunks?.map((hunk) => hunk.id) ?? null;
}

function bodyOf(part: ChangePart): { readonly hunks?: string[] } {
  const hunks = idsOf(part);
  return hunks === null ? {} : { hunks };
}

function conflictsOf(error: unknown): readonly (readonly [string, FileConflict])[] {
  const parsed = z.array(FileConflict).safeParse(error instanceof BooError ? error.details : null);
  return parsed.success ? parsed.data.map((conflict) => [conflict.path, conflict] as const) : [];
}
