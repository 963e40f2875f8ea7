import { useEffect, useEffectEvent, useState } from 'react';

/** A place to stop at: a hunk of a file, or the file itself where it has none. */
export interface HunkStop {
  readonly key: string;
  readonly hunk: number;
}

export interface HunkGoal extends HunkStop {
  readonly stamp: number;
}

export interface HunkKeys {
  readonly root: HTMLElement | null;
  readonly isActive: boolean;
  readonly stops: readonly HunkStop[];
  readonly onGo: (stop: HunkStop) => void;
  readonly onAccept: (key: string) => void;
  readonly onReject: (key: string) => void;
  readonly onAcceptAll: () => void;
}

/** J/K next and previous hunk, Y accept and N reject the file, Shift+Y all, C comment, arrows from line to line. Never while somebody writes. */
export function useHunkKeys({ root, isActive, stops, onGo, onAccept, onReject, onAcceptAll }: HunkKeys): HunkGoal | null {
  const [goal, setGoal] = useState<HunkGoal | null>(null);
  const press = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    if (root === null || target === null || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!root.contains(target) && !(isActive && target === document.body)) return;
    if (target.closest('input, textarea, select, dialog, [contenteditable], [role="menu"]') !== null) return;
    const here = placeOf(target, goal, stops);
    const key = stops[Math.max(0, here)]?.key;
    const go = (step: number) => {
      const stop = stops[Math.min(stops.length - 1, Math.max(0, here + step))];
      if (stop === undefined) return;
      setGoal((now) => ({ ...stop, stamp: (now?.stamp ?? 0) + 1 }));
      onGo(stop);
    };
    const isDone = runKey(event.key, {
      j: () => go(1),
      k: () => go(-1),
      y: () => key !== undefined && onAccept(key),
      n: () => key !== undefined && onReject(key),
      Y: () => onAcceptAll(),
      c: () => lineToComment(root, target)?.click(),
      ArrowDown: () => moveLine(target, 1),
      ArrowUp: () => moveLine(target, -1),
    });
    if (isDone) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return goal;
}

/** Whether the key means something here: a function that returns false leaves it to the browser. */
function runKey(key: string, keys: Readonly<Record<string, () => unknown>>): boolean {
  const run = keys[key];
  return run === undefined ? false : run() !== false;
}

/** The stop that the focus is in; -1 before the first one. */
function placeOf(target: Element, goal: HunkGoal | null, stops: readonly HunkStop[]): number {
  const file = target.closest<HTMLElement>('[data-file]');
  const find = (key: string | undefined, hunk: number) => stops.findIndex((stop) => stop.key === key && stop.hunk === hunk);
  if (file === null) return goal === null ? -1 : find(goal.key, goal.hunk);
  const key = file.dataset['file'];
  const hunk = hunkOf(file, target) ?? (goal?.key === key ? goal?.hunk : undefined);
  if (hunk !== undefined) return find(key, hunk);
  return stops.findIndex((stop) => stop.key === key) - (target.closest('[data-hunk]') === null ? 1 : 0);
}

function hunkOf(file: HTMLElement, target: Element): number | undefined {
  const headers = [...file.querySelectorAll<HTMLElement>('[data-hunk]')];
  const before = headers.filter((header) => header === target || header.compareDocumentPosition(target) === Node.DOCUMENT_POSITION_FOLLOWING);
  const own = target.closest('[data-line], [data-hunk]') === null ? undefined : before.at(-1)?.dataset['hunk'];
  return own === undefined ? undefined : Number(own);
}

function lineToComment(root: HTMLElement, target: Element): HTMLElement | null {
  const line = target.closest<HTMLElement>('[data-line]');
  if (line !== null) return line;
  const hunk = target.closest('[data-hunk]');
  const lines = [...root.querySelectorAll<HTMLElement>('[data-line][data-changed]')];
  return lines.find((other) => hunk !== null && hunk.compareDocumentPosition(other) === Node.DOCUMENT_POSITION_FOLLOWING) ?? null;
}

function moveLine(target: Element, step: 1 | -1): boolean {
  const here = target.closest<HTMLElement>('[data-line], [data-hunk]');
  const file = here?.closest('[data-file]');
  if (here === null || file === null || file === undefined) return false;
  const all = [...file.querySelectorAll<HTMLElement>('[data-line], [data-hunk]')];
  const next = all[all.indexOf(here) + step];
  next?.focus();
  return next !== undefined;
}
