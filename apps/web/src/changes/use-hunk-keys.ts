import { useEffect, useState } from 'react';
import { useActions } from '../shell/use-actions.ts';

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

/** Offers what keys do in a review (the table of shortcuts has them), and walks from line to line with the arrows. */
export function useHunkKeys({ root, isActive, stops, onGo, onAccept, onReject, onAcceptAll }: HunkKeys): HunkGoal | null {
  const [goal, setGoal] = useState<HunkGoal | null>(null);
  const at = (act: (target: Element, root: HTMLElement) => unknown) => () => {
    const target = document.activeElement ?? document.body;
    return root !== null && (root.contains(target) || target === document.body) && act(target, root);
  };
  const go = (step: number) =>
    at((target) => {
      const stop = stops[Math.min(stops.length - 1, Math.max(0, placeOf(target, goal, stops) + step))];
      if (stop === undefined) return;
      setGoal((now) => ({ ...stop, stamp: (now?.stamp ?? 0) + 1 }));
      onGo(stop);
    });
  const onFile = (act: (key: string) => void) =>
    at((target) => {
      const stop = stops[Math.max(0, placeOf(target, goal, stops))];
      if (stop !== undefined) act(stop.key);
    });
  useActions(
    isActive
      ? {
          'review.next': go(1),
          'review.previous': go(-1),
          'review.accept': onFile(onAccept),
          'review.reject': onFile(onReject),
          'review.accept-all': at(() => onAcceptAll()),
          'review.comment': at((target, review) => lineToComment(review, target)?.click()),
        }
      : null,
  );
  useEffect(() => {
    const walk = (event: KeyboardEvent) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
      if (step === null || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
      if (event.target.closest('input, textarea, select, [role="menu"]') === null && moveLine(event.target, step)) event.preventDefault();
    };
    root?.addEventListener('keydown', walk);
    return () => root?.removeEventListener('keydown', walk);
  }, [root]);
  return goal;
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
