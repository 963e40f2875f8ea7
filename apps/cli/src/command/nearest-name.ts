/** The name most like what was typed, or null when none is like it. */
export function nearestName(typed: string, names: readonly string[]): string | null {
  const ranked = names.map((name) => ({ name, distance: editDistance(typed, name) })).sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3))) return best.name;
  return names.find((name) => typed.length >= 2 && name.startsWith(typed)) ?? null;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(cheapest(rows, row, a, b, i, j));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function cheapest(rows: readonly number[][], row: readonly number[], a: string, b: string, i: number, j: number): number {
  const at = (y: number, x: number) => rows[y]?.[x] ?? Infinity;
  const isSame = a[i - 1] === b[j - 1];
  const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  const swapped = isSwap ? at(i - 2, j - 2) + 1 : Infinity;
  return Math.min(at(i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1), swapped);
}
