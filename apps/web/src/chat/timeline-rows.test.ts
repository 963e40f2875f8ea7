import { type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';
import { describe, expect, it } from 'vitest';
import { aMessage, aPermission, aTask, aText, aTool, uuid } from '../../test/records.ts';
import { endMark, timelineRows } from './timeline-rows.ts';

function state(fields: Partial<ChatState>): ChatState {
  return { ...EMPTY_CHAT, seq: 1, ...fields };
}

const prompt = aMessage({ id: uuid(20), role: 'user', position: 0, parts: [aText('do it')] });

describe('timelineRows()', () => {
  it('shows a prompt, the parts of its answer and its ending', () => {
    const answer = aMessage({ parts: [aText('Hello'), aTool({ kind: 'execute' })] });
    expect(timelineRows(state({ messages: [prompt, answer] })).map((row) => row.kind)).toEqual(['prompt', 'part', 'part', 'ending']);
  });

  it('folds reads and searches in a row into one line, and no others', () => {
    const parts = [
      aTool({ callId: '1' }),
      aTool({ callId: '2', kind: 'search' }),
      aTool({ callId: '3', kind: 'edit' }),
      aTool({ callId: '4' }),
      aTool({ callId: '5', status: 'failed' }),
    ];
    const rows = timelineRows(state({ messages: [aMessage({ parts })] }));
    expect(rows.map((row) => (row.kind === 'tools' ? row.parts.map((part) => part.callId) : row.kind))).toEqual([['1', '2'], 'part', ['4'], 'part', 'ending']);
  });

  it('folds other calls only when many of one kind follow each other, and keeps their keys until then', () => {
    const runs = (count: number) => Array.from({ length: count }, (_, index) => aTool({ callId: String(index), kind: 'execute' }));
    const rows = (parts: ToolPart[]) => timelineRows(state({ messages: [aMessage({ parts })] })).slice(0, -1);
    expect(rows(runs(3)).map((row) => [row.kind, row.key])).toEqual([0, 1, 2].map((index) => ['part', `${uuid(21)}:${index}`]));
    expect(rows(runs(4))).toMatchObject([{ kind: 'tools', key: `${uuid(21)}:0`, parts: { length: 4 } }]);
    const failed = aTool({ callId: 'bad', kind: 'execute', status: 'failed' });
    expect(rows([...runs(4), failed]).map((row) => row.kind)).toEqual(['tools', 'part']);
  });

  it('keeps a lit tip below a running answer, and the question in its place when it asks', () => {
    const answer = aMessage({ status: 'streaming', parts: [aText('Hello')] });
    expect(timelineRows(state({ messages: [answer] })).map((row) => row.kind)).toEqual(['part', 'activity']);
    expect(timelineRows(state({ messages: [answer], permissions: [aPermission()] })).map((row) => row.kind)).toEqual(['part', 'permission']);
  });

  it('queues a prompt only behind another turn, and says what a held one waits for', () => {
    const waiting = aTask({ id: uuid(11), state: 'pending', messageId: uuid(22), answerId: uuid(23) });
    const queued = [
      aMessage({ id: uuid(22), taskId: uuid(11), role: 'user', position: 2, status: 'waiting' }),
      aMessage({ id: uuid(23), taskId: uuid(11), position: 3, status: 'waiting' }),
    ];
    expect(timelineRows(state({ messages: queued, tasks: [aTask(), waiting] }))).toMatchObject([{ kind: 'prompt', isQueued: true }]);
    expect(timelineRows(state({ messages: queued, tasks: [waiting] }))).toMatchObject([{ kind: 'prompt', isQueued: false }, { kind: 'activity' }]);
    const held = { ...waiting, waitsFor: 'a free slot' };
    expect(timelineRows(state({ messages: queued, tasks: [held] }))).toMatchObject([{ isQueued: true, waitsFor: 'a free slot' }, { waitsFor: 'a free slot' }]);
  });

  it('gives the same rows for the same message, so that nothing is drawn again', () => {
    const answer = aMessage({ parts: [aText('Hello')] });
    const before = timelineRows(state({ messages: [answer] }));
    const after = timelineRows(state({ messages: [answer], tasks: [aTask({ id: uuid(99) })] }));
    expect(after[0]).toBe(before[0]);
  });

  it('offers the ways on below the newest answer alone', () => {
    const messages = [aMessage({ id: uuid(21), position: 1 }), aMessage({ id: uuid(23), position: 3, status: 'failed' })];
    expect(timelineRows(state({ messages }))).toMatchObject([{ isNewest: false }, { isNewest: true }]);
  });
});

it('endMark() changes with what comes in at the end, not with how a chat was read', () => {
  const messages = [aMessage({ parts: [aText('One')] })];
  const mark = endMark({ messages, permissions: [] });
  expect(endMark({ messages: structuredClone(messages), permissions: [] })).toBe(mark);
  expect(endMark({ messages: [aMessage({ parts: [aText('One more')] })], permissions: [] })).not.toBe(mark);
  expect(endMark({ messages, permissions: [aPermission()] })).not.toBe(mark);
});
