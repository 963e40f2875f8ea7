import { useCallback, useState } from 'react';

/** `message` is the server's sentence of what failed last; it goes when the action starts again. */
export interface Action {
  readonly isBusy: boolean;
  readonly message: string | null;
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** Runs one request at a time and keeps what it said when it failed. `run` resolves with whether it succeeded. */
export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; message: string | null }>({ isBusy: false, message: null });
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ isBusy: true, message: null });
    try {
      await work();
      setState({ isBusy: false, message: null });
      return true;
    } catch (error) {
      setState({ isBusy: false, message: sentenceOf(error) });
      return false;
    }
  }, []);
  return { ...state, run };
}

/** A failure as a sentence with a next step. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TypeError) return 'Cannot reach BooCode; it may be restarting. Nothing is lost, try again in a moment';
  if (error instanceof Error && 'issues' in error) return 'BooCode answered in a form that this page does not know; it may have been updated: reload the page';
  return error instanceof Error ? error.message : String(error);
}
