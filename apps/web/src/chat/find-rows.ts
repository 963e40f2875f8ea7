import type { Part } from '@boocode/contracts/turn-state.ts';
import type { Row } from './timeline-rows.ts';

/** Where among the rows a message holds a text: its first row that does, else the first with the most of its words; -1 when it has no row. */
export function findRow(rows: readonly Row[], messageId: string, text: string): number {
  const phrase = text.toLowerCase();
  const words = phrase.split(/\s+/);
  const scores = rows.map((row) => {
    if (!('message' in row) || row.message.id !== messageId) return -1;
    const said = rowTexts(row).join('\n').toLowerCase();
    return said.includes(phrase) ? words.length + 1 : words.filter((word) => said.includes(word)).length;
  });
  const best = Math.max(-1, ...scores);
  return best < 0 ? -1 : scores.indexOf(best);
}

function rowTexts(row: Row): readonly string[] {
  switch (row.kind) {
    case 'prompt':
      return row.message.parts.flatMap(partTexts);
    case 'part':
      return partTexts(row.part);
    case 'tools':
      return row.parts.map((part) => part.title);
    case 'permission':
    case 'activity':
    case 'ending':
      return [];
  }
}

function partTexts(part: Part): readonly string[] {
  switch (part.type) {
    case 'text':
    case 'steered':
    case 'notice':
      return [part.text];
    case 'tool':
      return [part.title];
    case 'file':
      return [part.name];
    case 'plan':
      return part.entries.map((entry) => entry.text);
    case 'reasoning':
    case 'limit_reached':
      return [];
  }
}
