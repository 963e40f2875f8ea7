import type { Snippet } from '@boocode/contracts/search.ts';

const BEFORE = 60;
const LENGTH = 220;

/** The words of a search as the index knows them: cut at everything that is neither letter nor digit. */
export function searchWords(query: string): string[] {
  const words =
    query
      .toWellFormed()
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].slice(0, 12);
}

/** A piece of the text with the most of these words, around the first of them, with all of them marked. */
export function snippetOf(texts: readonly string[], words: readonly string[]): Snippet {
  const [best] = texts.map((text) => ({ text, count: words.filter((word) => text.toLowerCase().includes(word)).length })).toSorted((a, b) => b.count - a.count);
  if (best === undefined) return [];
  const lower = sameLength(best.text);
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...places, best.text.length) - BEFORE);
  const start = from === 0 ? 0 : nextWord(best.text, from);
  const end = Math.min(best.text.length, start + LENGTH);
  const piece = `${start > 0 ? '…' : ''}${best.text.slice(start, end)}${end < best.text.length ? '…' : ''}`;
  return mark(piece.toWellFormed().replaceAll(/\s/g, ' '), words);
}

function mark(text: string, words: readonly string[]): Snippet {
  const lower = sameLength(text);
  const snippet: Snippet = [];
  let at = 0;
  while (at < text.length) {
    const next = words
      .map((word) => ({ place: lower.indexOf(word, at), length: word.length }))
      .filter(({ place }) => place >= 0)
      .toSorted((a, b) => a.place - b.place || b.length - a.length)[0];
    if (next === undefined) break;
    if (next.place > at) snippet.push({ text: text.slice(at, next.place), marked: false });
    snippet.push({ text: text.slice(next.place, next.place + next.length), marked: true });
    at = next.place + next.length;
  }
  if (at < text.length) snippet.push({ text: text.slice(at), marked: false });
  return snippet;
}

/** Lower case without changing positions: the few characters that would grow stay as they are. */
function sameLength(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : [...text].map((each) => (each.toLowerCase().length === each.length ? each.toLowerCase() : each)).join('');
}

function nextWord(text: string, from: number): number {
  const space = text.slice(from, from + BEFORE / 2).search(/\s/);
  return space < 0 ? from : from + space + 1;
}
