import { findRanges, markRanges } from './mark-found.ts';

const SHOWN_MS = 1_800;

/** Brings a found message on the screen, marks the words in it and lets it light up once. Returns how to take the marks away. */
export function showAsked(row: HTMLElement, words: string): () => void {
  const ranges = words
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => findRanges(row, word));
  const first = ranges[0]?.startContainer.parentElement ?? row;
  first.scrollIntoView({ block: 'center' });
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) row.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], SHOWN_MS);
  return markRanges('found', ranges);
}
