import type { TextRange } from './word-diff.ts';

/** Puts `<mark>` around ranges of the text that highlighted HTML shows; a range over several spans is marked in each. */
export function markHtml(html: string, ranges: readonly TextRange[]): string {
  if (ranges.length === 0) return html;
  let position = 0;
  return html.replace(/(<[^>]*>)|((?:&[^;\s]+;|[^<])+)/g, (piece, tag: string | undefined) => {
    if (tag !== undefined) return tag;
    const characters = piece.match(/&[^;\s]+;|[\s\S]/g) ?? [];
    let result = '';
    let isOpen = false;
    for (const character of characters) {
      const isMarked = ranges.some(([start, end]) => position >= start && position < end);
      if (isMarked !== isOpen) result += isMarked ? '<mark>' : '</mark>';
      isOpen = isMarked;
      result += character;
      position++;
    }
    return isOpen ? `${result}</mark>` : result;
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? character);
}
