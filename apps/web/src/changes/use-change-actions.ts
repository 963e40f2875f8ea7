import type { ChangesResult, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import * as z from 'zod/mini';
import { useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';

/** What a refused apply says about each file. */
const Conflicts = z.array(z.object({ path: z.string(), merged: z.optional(z.nullable(z.string())) }));

interface State {
  /** What is being done now: shown beside the buttons, which wait meanwhile. */
  readonly doing: string | null;
  readonly failure: string | null;
  readonly outcome: string;
  readonly merged: ReadonlyMap<string, string>;
}

const AT_REST: State = { doing: null, failure: null, outcome: '', merged: new Map() };

/** Acts on changes, one act at a time, and keeps what came of the last one. */
export function useChangeActions(sessionId: SessionId) {
  const { api, changes } = useLive();
  const [state, setState] = useState(AT_REST);
  const act = async (doing: string, work: () => Promise<ChangesResult>) => {
    setState((now) => ({ ...now, doing, failure: null }));
    try {
      const { message } = await work();
      await changes.load(sessionId);
      setState((now) => ({ ...now, doing: null, outcome: message }));
    } catch (error) {
      await changes.load(sessionId);
      setState((now) => ({ ...now, doing: null, failure: sentenceOf(error), merged: new Map([...now.merged, ...mergedOf(error)]) }));
    }
  };
  const mark = async (ids: readonly ChangeWithPatch[], isAccepted: boolean) => {
    try {
      for (const { id } of ids) changes.put(await api.patchChange({ params: { id }, body: { marked: isAccepted } }));
    } catch (error) {
      setState((now) => ({ ...now, failure: sentenceOf(error) }));
      await changes.load(sessionId);
    }
  };
  const idsOf = (chosen: readonly ChangeWithPatch[]) => chosen.map((change) => change.id);
  const params = { id: sessionId };
  return {
    ...state,
    isBusy: state.doing !== null,
    accept: (chosen: readonly ChangeWithPatch[], isAccepted: boolean) => void mark(chosen, isAccepted),
    apply: (chosen: readonly ChangeWithPatch[]) => void act('Applying', () => api.applyChanges({ params, body: { ids: idsOf(chosen) } })),
    reject: (chosen: readonly ChangeWithPatch[], note: string) =>
      void act('Rejecting', () => api.rejectChanges({ params, body: { ids: idsOf(chosen), ...(note === '' ? {} : { note }) } })),
    rewind: (change: ChangeWithPatch) => void act('Taking back', () => api.rewindChange({ params: { id: change.id }, body: {} })),
    restore: (change: ChangeWithPatch) => void act('Bringing back', () => api.restoreChange({ params: { id: change.id }, body: {} })),
  };
}

function mergedOf(error: unknown): readonly (readonly [string, string])[] {
  const parsed = Conflicts.safeParse(error instanceof BooError ? error.details : null);
  return parsed.success ? parsed.data.flatMap(({ path, merged }) => (merged === undefined || merged === null ? [] : [[path, merged] as const])) : [];
}
