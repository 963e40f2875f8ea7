/** An edit as a model writes it: this text is to become that text. */
export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  /** Every place, not one. Only where the text is found letter by letter or but for white space. */
  readonly isForAll: boolean;
}

/** How the old text was found, from strict to loose. */
export type Stage = 'exact' | 'line ends' | 'indentation' | 'unicode' | 'decoded' | 'elided' | 'similar';

/** A place of the file that an answer speaks of. */
export interface Candidate {
  /** The first line, counted from 1. */
  readonly line: number;
  readonly excerpt: string;
}

export type EditOutcome =
  | {
      readonly type: 'edited';
      readonly text: string;
      /** The first line of each edited place. */
      readonly lines: readonly number[];
      readonly stage: Stage;
      /** One sentence that says what was done. */
      readonly explanation: string;
    }
  /** More than one place fits, and none is chosen. */
  | { readonly type: 'ambiguous'; readonly stage: Stage; readonly candidates: readonly Candidate[] }
  /** The old text is not there and the new one is. */
  | { readonly type: 'already_applied'; readonly line: number }
  | { readonly type: 'absent'; readonly nearest: Candidate | null; readonly reason: string }
  /** The place is known, but not what is meant there. */
  | { readonly type: 'refused'; readonly reason: string; readonly candidates: readonly Candidate[] };
