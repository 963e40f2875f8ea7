/** What a figure should be at most or at least. */
export interface Goal {
  readonly at: 'most' | 'least';
  readonly value: number;
  /** What is held against it: the figure itself, or its ratio to the relay's. */
  readonly of: 'value' | 'ratio';
}

/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The raw relay's, measured in between. */
  readonly relay: number | null;
  /** `value` divided by another figure: the relay's, unless the name says otherwise. */
  readonly ratio: number | null;
  readonly goals: readonly Goal[];
}

/** A figure of BooCode alone. */
export function figure(name: string, value: number, unit: string, ...goals: readonly Goal[]): Figure {
  return { name, value, unit, relay: null, ratio: null, goals };
}

/** A figure beside the relay's. */
export function compared(name: string, value: number, relay: number, unit: string, ...goals: readonly Goal[]): Figure {
  return { name, value, unit, relay, ratio: value / relay, goals };
}

export function atMost(value: number): Goal {
  return { at: 'most', value, of: 'value' };
}

export function ratioAtMost(value: number): Goal {
  return { at: 'most', value, of: 'ratio' };
}

export function ratioAtLeast(value: number): Goal {
  return { at: 'least', value, of: 'ratio' };
}

export function isMet(goal: Goal, { value, ratio }: Figure): boolean {
  const held = goal.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  return goal.at === 'most' ? held <= goal.value : held >= goal.value;
}
