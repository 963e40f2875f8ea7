/** How well a text answers what was typed: every word must be in it, in any order; null when one is not. More is better: beginnings of words count most. */
export function matchWords(query: string, text: string): number | null {
  const hay = text.toLowerCase();
  let score = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === '') continue;
    const own = scoreOf(word, hay);
    if (own === null) return null;
    score += own;
  }
  return score - text.length / 1_000;
}

function scoreOf(word: string, hay: string): number | null {
  let best: number | null = null;
  for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + 1)) {
    const isStart = at === 0 || !/[\p{L}\p{N}]/u.test(hay[at - 1] ?? '');
    best = Math.max(best ?? 0, at === 0 ? 4 : isStart ? 3 : 1);
  }
  return best;
}
