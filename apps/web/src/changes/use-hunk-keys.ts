import { useEffect, useRef, useState } from 'react';
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
  readonly onAccept: (stop: HunkStop) => void;
  readonly onReject: (stop: HunkStop) => void;
  readonly onAcceptFile: (key: string) => void;
  readonly onAcceptAll: () => void;
  /** Returns false when there is nothing to undo. */
  readonly onUndo: () => boolean;
}

/** Offers what keys do in a review (the table of shortcuts has them), and walks from line to line with the arrows. */
export function useHunkKeys({ root, isActive, stops, onGo, onAccept, onReject, onAcceptFile, onAcceptAll, onUndo }: HunkKeys): HunkGoal | null {
  const [goal, setGoal] = useState<HunkGoal | null>(null);
  const at = (act: (target: Element, root: HTMLElement) => unknown) => () => {
    const target = document.activeElement ?? document.body;
    return root !== null && (root.contains(target) || target === document.body) && act(target, root);
  };
  /** Where the keys go while the focus has not followed yet: a decision typed fast is about that hunk, not the one before. */
  const going = useRef<{ readonly from: Element; readonly stop: HunkStop } | null>(null);
  const stopBefore = (target: Element) => (going.current?.from === target ? going.current.stop : undefined);
  const go = (step: number) =>
    at((target) => {
      const before = stopBefore(target);
      const place = before === undefined ? placeOf(target, goal, stops) : stops.findIndex(({ key, hunk }) => key === before.key && hunk === before.hunk);
      const stop = stops[Math.min(stops.length - 1, Math.max(0, place + step))];
      if (stop === undefined) return;
      going.current = { from: target, stop };
      setGoal((now) => ({ ...stop, stamp: (now?.stamp ?? 0) + 1 }));
      onGo(stop);
    });
  const onStop = (act: (stop: HunkStop) => void) =>
    at((target) => {
      const stop = stopBefore(target) ?? stopAt(target, goal, stops);
      if (stop !== undefined) act(stop);
    });
  useActions(
    isActive
      ? {
          'review.next': go(1),
          'review.previous': go(-1),
          'review.accept': onStop(onAccept),
          'review.reject': onStop(onReject),
          'review.accept-file': onStop((stop) => onAcceptFile(stop.key)),
          'review.accept-all': at(() => onAcceptAll()),
          'review.undo': at(() => onUndo()),
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
    const arrive = () => (going.current = null);
    root?.addEventListener('keydown', walk);
    root?.addEventListener('focusin', arrive);
    return () => {
      root?.removeEventListener('keydown', walk);
      root?.removeEventListener('focusin', arrive);
    };
  }, [root]);
  return goal;
}

/** Where the focus is among the stops; -1 before the first one. */
function placeOf(target: Element, goal: HunkGoal | null, stops: readonly HunkStop[]): number {
  const file = target.closest<HTMLElement>('[data-file]');
  const find = (key: string | undefined, hunk: number) => stops.findIndex((stop) => stop.key === key && stop.hunk === hunk);
  if (file === null) return goal === null ? -1 : find(goal.key, goal.hunk);
  const key = file.dataset['file'];
  const hunk = hunkOf(file, target) ?? (goal?.key === key ? goal?.hunk : undefined);
  if (hunk !== undefined) return find(key, hunk);
  return stops.findIndex((stop) => stop.key === key) - (target.closest('[data-hunk]') === null ? 1 : 0);
}

/** What a decision by key is about: the hunk that the focus is in, the file whose line it is on (`hunk` is -1), or where the keys went last. */
function stopAt(target: Element, goal: HunkGoal | null, stops: readonly HunkStop[]): HunkStop | undefined {
  const file = target.closest<HTMLElement>('[data-file]');
  const key = file?.dataset['file'];
  if (file === null || key === undefined) return stops[Math.max(0, placeOf(target, goal, stops))];
  const hunk = hunkOf(file, target) ?? (target.closest('.diff') === null ? -1 : goal?.key === key ? goal.hunk : 0);
  return { key, hunk };
}

function hunkOf(file: HTMLElement, target: Element): number | undefined {
  const around = target.closest<HTMLElement>('[data-hunk]');
  if (around !== null) return Number(around.dataset['hunk']);
  if (target.closest('[data-line]') === null) return undefined;
  const bars = [...file.querySelectorAll<HTMLElement>('[data-hunk]')];
  const before = bars.filter((bar) => bar.compareDocumentPosition(target) === Node.DOCUMENT_POSITION_FOLLOWING);
  const own = before.at(-1)?.dataset['hunk'];
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
