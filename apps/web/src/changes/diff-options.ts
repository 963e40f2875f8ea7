import { ExternalStore } from '../live/external-store.ts';

/** How people look at diffs; this browser remembers it. */
export interface DiffOptions {
  readonly isSplit: boolean;
  readonly isSpaceHidden: boolean;
  readonly isWrapped: boolean;
}

const KEY = 'boocode.diff';

export const diffOptions = new ExternalStore<DiffOptions>(read());

export function setDiffOption(name: keyof DiffOptions, value: boolean): void {
  diffOptions.update((options) => ({ ...options, [name]: value }));
  localStorage.setItem(KEY, JSON.stringify(diffOptions.get()));
}

function read(): DiffOptions {
  const text = localStorage.getItem(KEY) ?? '';
  const isOn = (name: keyof DiffOptions) => text.includes(`"${name}":true`);
  return { isSplit: isOn('isSplit'), isSpaceHidden: isOn('isSpaceHidden'), isWrapped: isOn('isWrapped') };
}
