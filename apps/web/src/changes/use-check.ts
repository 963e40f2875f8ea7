import type { ChangesCheck } from '@boocode/contracts/change.ts';
import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { useEffect, useState } from 'react';
import * as z from 'zod/mini';
import { useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { type Choice, choiceKey } from './hunk-choice.ts';

interface State {
  readonly started: { readonly check: ChangesCheck; readonly key: string } | null;
  /** The one that somebody has closed. */
  readonly closed: string | null;
  readonly failure: string | null;
}

/** The session's check: a command that runs on the folder as it would be. */
export interface ReviewCheck {
  /** The newest one, unless it was closed; null = none. */
  readonly check: ChangesCheck | null;
  readonly failure: string | null;
  /** Whether the check was about exactly this choice. */
  readonly isAbout: (choice: Choice) => boolean;
  /** Resolves with whether it was begun. */
  readonly start: (choice: Choice, command: string) => Promise<boolean>;
  readonly cancel: () => void;
  readonly close: () => void;
}

export function useCheck(sessionId: SessionId): ReviewCheck {
  const { api } = useLive();
  const { checks } = useUser();
  const [state, setState] = useState<State>({ started: null, closed: null, failure: null });
  useEffect(() => {
    const remembered = rememberedCheck(sessionId);
    if (remembered === null) return undefined;
    const stop = new AbortController();
    api.getCheck({ params: { id: remembered.id }, signal: stop.signal }).then(
      (check) => setState((now) => (now.started === null ? { ...now, started: { check, key: remembered.key } } : now)),
      () => {}, // forgotten by the server as well
    );
    return () => stop.abort();
  }, [api, sessionId]);
  const told = checks.find((check) => check.sessionId === sessionId);
  const { started } = state;
  // what the stream says is newer than the answer to the start; a check of another window is shown too
  const newest = started !== null && (told === undefined || (told.id !== started.check.id && told.startedAt < started.check.startedAt)) ? started.check : told;
  const check = newest === undefined || newest.id === state.closed ? null : newest;
  return {
    check,
    failure: state.failure,
    isAbout: (choice) => check !== null && started?.check.id === check.id && started.key === choiceKey(choice),
    start: async (choice, command) => {
      setState((now) => ({ ...now, failure: null }));
      try {
        const begun = await api.startCheck({ params: { id: sessionId }, body: { ...choice, command } });
        setState((now) => ({ ...now, started: { check: begun, key: choiceKey(choice) } }));
        sessionStorage.setItem(checkKey(sessionId), JSON.stringify({ id: begun.id, key: choiceKey(choice) }));
        return true;
      } catch (error) {
        setState((now) => ({ ...now, failure: sentenceOf(error) }));
        return false;
      }
    },
    cancel: () => {
      if (check === null) return;
      api.cancelCheck({ params: { id: check.id }, body: {} }).catch((error: unknown) => setState((now) => ({ ...now, failure: sentenceOf(error) })));
    },
    close: () => {
      sessionStorage.removeItem(checkKey(sessionId));
      setState((now) => ({ ...now, closed: check?.id ?? null, failure: null }));
    },
  };
}

const Remembered = z.object({ id: z.string(), key: z.string() });

/** The check that this tab has begun for a session, and what it was about. */
function rememberedCheck(sessionId: SessionId): z.infer<typeof Remembered> | null {
  try {
    return Remembered.parse(JSON.parse(sessionStorage.getItem(checkKey(sessionId)) ?? 'null'));
  } catch {
    return null; // none, or another version's form
  }
}

function checkKey(sessionId: SessionId): string {
  return `boocode.check-of.${sessionId}`;
}

const KEY = 'boocode.check.';

/** The command that this browser last checked a project with. */
export function rememberedCommand(projectId: ProjectId): string {
  return localStorage.getItem(`${KEY}${projectId}`) ?? '';
}

export function rememberCommand(projectId: ProjectId, command: string): void {
  localStorage.setItem(`${KEY}${projectId}`, command);
}
