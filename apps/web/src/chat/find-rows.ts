import type { Part } from '@boocode/contracts/turn-state.ts';
import type { Row } from './timeline-rows.ts';

/** Where among the rows a message holds a text: its first row that does, else its first; -1 when it has none. */
export function findRow(rows: readonly Row[], messageId: string, text: string): number {
  const words = text.toLowerCase();
  const ofMessage = (row: Row) => 'message' in row && row.message.id === messageId;
  const exact = rows.findIndex((row) => ofMessage(row) && rowTexts(row).some((one) => one.toLowerCase().includes(words)));
  return exact >= 0 ? exact : rows.findIndex(ofMessage);
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
    case 'reasoning':
    case 'limit_reached':
      return [];
  }
}
