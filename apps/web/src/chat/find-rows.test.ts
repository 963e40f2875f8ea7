import { EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { expect, it } from 'vitest';
import { aMessage, aText, aTool, uuid } from '../../test/records.ts';
import { findRow } from './find-rows.ts';
import { timelineRows } from './timeline-rows.ts';

it('findRow() leads to the row of the message that holds the text, in a folded group too', () => {
  const messages = [
    aMessage({ id: uuid(20), role: 'user', position: 0, parts: [aText('Find the harbor')] }),
    aMessage({
      id: uuid(21),
      position: 1,
      parts: [aText('First.'), aTool({ title: 'harbor.ts' }), aTool({ callId: 'c2', title: 'b.ts' }), aText('The Harbor.')],
    }),
  ];
  const rows = timelineRows({ ...EMPTY_CHAT, messages });
  expect(rows.map((row) => row.kind)).toEqual(['prompt', 'part', 'tools', 'part', 'ending']);
  expect(findRow(rows, uuid(21), 'harbor')).toBe(2);
  expect(findRow(rows, uuid(21), 'HARBOR.')).toBe(2);
  expect(findRow(rows, uuid(21), 'the harbor')).toBe(3);
  expect(findRow(rows, uuid(21), 'elsewhere')).toBe(1);
  expect(findRow(rows, uuid(21), 'harbor the gate')).toBe(3);
  expect(findRow(rows, uuid(99), 'harbor')).toBe(-1);
});
