import type { Fault } from './directive.ts';

export interface PlannedCall {
  readonly name: string;
  /** The arguments as the model would print them: normally JSON, but a script may ask for something else. */
  readonly input: string;
}

/** One stretch of an answer. `pieces` are sent as one chunk each. */
export type Segment =
  | { readonly type: 'reasoning' | 'text'; readonly pieces: readonly string[]; readonly perSecond: number | null }
  | { readonly type: 'stream'; readonly tokens: number; readonly perSecond: number | null; readonly stamped: boolean }
  | { readonly type: 'stall'; readonly ms: number | null }
  | { readonly type: 'hang' }
  | { readonly type: 'fault'; readonly fault: Fault };

/** What the demo model does with one request. */
export interface Answer {
  readonly segments: readonly Segment[];
  readonly calls: readonly PlannedCall[];
}

export function spoken(type: 'reasoning' | 'text', text: string, perSecond: number | null): Segment {
  return { type, pieces: text.match(/\s*\S+|\s+$/g) ?? [], perSecond };
}
