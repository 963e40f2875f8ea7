/** A line of a text that was approved and is another now. */
export interface TrustLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Beyond this a comparison line by line is no help for anybody. */
const MOST_LINES = 800;

/** What is different from the text approved before; null = none was, then every line is shown as it is. */
export function trustLines(before: string | null, now: string): readonly TrustLine[] {
  const after = linesOf(now);
  if (before === null) return after.map((text) => ({ kind: 'same', text }));
  const old = linesOf(before);
  if (old.length > MOST_LINES || after.length > MOST_LINES) return [...toLines('removed', old), ...toLines('added', after)];
  const lengths = commonLengths(old, after);
  const lines: TrustLine[] = [];
  let [left, right] = [0, 0];
  while (left < old.length || right < after.length) {
    const [oldText, text] = [old[left], after[right]];
    if (oldText !== undefined && oldText === text) {
      lines.push({ kind: 'same', text: oldText });
      left++;
      right++;
    } else if (oldText !== undefined && (text === undefined || lengthAt(lengths, left + 1, right) >= lengthAt(lengths, left, right + 1))) {
      lines.push({ kind: 'removed', text: oldText });
      left++;
    } else {
      lines.push({ kind: 'added', text: text ?? '' });
      right++;
    }
  }
  return lines;
}

/** For each pair of places, how many lines both texts share from there on. */
function commonLengths(old: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const rows: number[][] = [[]];
  for (const line of old.toReversed()) {
    const below = rows.at(-1) ?? [];
    const row: number[] = [];
    for (let place = after.length - 1; place >= 0; place--) {
      row[place] = line === after[place] ? (below[place + 1] ?? 0) + 1 : Math.max(below[place] ?? 0, row[place + 1] ?? 0);
    }
    rows.push(row);
  }
  return rows.toReversed();
}

function lengthAt(lengths: readonly (readonly number[])[], left: number, right: number): number {
  return lengths[left]?.[right] ?? 0;
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function toLines(kind: TrustLine['kind'], texts: readonly string[]): readonly TrustLine[] {
  return texts.map((text) => ({ kind, text }));
}
