import { expect, it } from 'vitest';
import { aTask, uuid } from '../../test/records.ts';
import { applyTaskListEvent, UNREAD_TASKS } from './task-list-state.ts';

const ALL = { state: '', agent: '', project: '', text: '' };
const first = aTask({ id: uuid(11), createdAt: '2026-01-31T12:00:01.000Z' });
const second = aTask({ id: uuid(12), createdAt: '2026-01-31T12:00:00.000Z' });
const shown = applyTaskListEvent(UNREAD_TASKS, { type: 'first', items: [first, second], nextCursor: 'c' });

it('applyTaskListEvent() joins pages without doubling a task', () => {
  const more = applyTaskListEvent(shown, { type: 'more', items: [second, aTask({ id: uuid(13) })], nextCursor: null });
  expect([more.items?.map((task) => task.id), more.nextCursor]).toEqual([[uuid(11), uuid(12), uuid(13)], null]);
});

it('applyTaskListEvent() takes changes in place, adds what fits at its place, and leaves out what does not', () => {
  const ended = applyTaskListEvent(shown, { type: 'changed', task: { ...second, state: 'completed' }, filter: { ...ALL, state: 'running' } });
  expect(ended.items?.map((task) => task.state)).toEqual(['running', 'completed']);
  const added = aTask({ id: uuid(14), createdAt: '2026-01-31T13:00:00.000Z', input: 'Fix the HARBOR' });
  expect(applyTaskListEvent(shown, { type: 'changed', task: added, filter: { ...ALL, text: 'harbor' } }).items?.[0]).toEqual(added);
  expect(applyTaskListEvent(shown, { type: 'changed', task: added, filter: { ...ALL, agent: 'other' } }).items).toHaveLength(2);
});

it('applyTaskListEvent() keeps what it shows when the next page fails', () => {
  const failed = applyTaskListEvent(applyTaskListEvent(shown, { type: 'started' }), { type: 'failed', problem: 'away' });
  expect([failed.items?.length, failed.isLoading, failed.problem]).toEqual([2, false, 'away']);
});
