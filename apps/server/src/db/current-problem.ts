import type { StorageProblem } from './db-errors.ts';

/** Joins what two watchers report into one problem: a server that is gone counts before a disk that is almost full. Tells only changes. */
export class CurrentProblem {
  readonly #tell: (problem: StorageProblem | null) => void;
  readonly #known = new Map<'server' | 'disk', StorageProblem>();
  #told: StorageProblem | null = null;

  constructor(tell: (problem: StorageProblem | null) => void) {
    this.#tell = tell;
  }

  set(source: 'server' | 'disk', problem: StorageProblem | null): void {
    if (problem === null) this.#known.delete(source);
    if (problem !== null) this.#known.set(source, problem);
    const next = this.#known.get('server') ?? this.#known.get('disk') ?? null;
    if (next?.code === this.#told?.code && next?.text === this.#told?.text) return;
    this.#told = next;
    this.#tell(next);
  }
}
