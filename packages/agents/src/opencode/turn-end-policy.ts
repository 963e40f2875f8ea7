/** What is known of a turn from the events so far. */
export interface TurnFacts {
  /** The last that was heard of the session's status. */
  readonly isIdle: boolean;
  /** Whether any answer has begun. */
  readonly hasAnswer: boolean;
  /** Whether every answer that has begun is complete, with its texts and calls. */
  readonly isWhole: boolean;
  /** How the last answer ended. */
  readonly finish: string | null;
  readonly isSummary: boolean;
  readonly hasError: boolean;
}

/**
 * Whether a turn has ended. `look`: the session says that it is idle, but that may belong to the turn before (after an abort it is said twice), or come before
 * the last part: its status and its messages are read.
 */
export function decideTurnEnd(facts: TurnFacts): 'open' | 'ended' | 'look' {
  if (!facts.isIdle) return 'open';
  if (!facts.hasAnswer || !facts.isWhole || facts.isSummary) return 'look';
  return facts.hasError || isFinal(facts.finish) ? 'ended' : 'look';
}

/** After `tool-calls` the next request to the model follows, unless the person has denied a call. */
function isFinal(finish: string | null): boolean {
  return finish !== null && finish !== 'tool-calls' && finish !== 'unknown';
}
