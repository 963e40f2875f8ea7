import { describe, expect, it } from 'vitest';
import { aPermission, aSession, aTask, userFrames, uuid } from '../../test/records.ts';
import { applyUserFrame, EMPTY_USER, type UserState } from './user-state.ts';

const snapshot = { type: 'user_snapshot', projects: [], sessions: [aSession()], permissions: [], failed: [], notices: [] };

function fold(state: UserState, frames: ReturnType<typeof userFrames>): UserState {
  return frames.reduce(applyUserFrame, state);
}

describe('applyUserFrame()', () => {
  it('keeps sessions current and the most recently used first', () => {
    const newer = aSession({ id: uuid(5), updatedAt: '2026-02-01T12:00:00.000Z' });
    const state = fold(
      EMPTY_USER,
      userFrames(snapshot, { type: 'session_updated', session: newer }, { type: 'changes_updated', sessionId: uuid(2), pending: 3 }),
    );
    expect(state.sessions.map((session) => [session.id, session.pendingChanges])).toEqual([
      [uuid(5), 0],
      [uuid(2), 3],
    ]);
  });

  it('asks nothing about a chat that is deleted', () => {
    const failed = aTask({ state: 'failed' });
    const asked = { ...fold(EMPTY_USER, userFrames(snapshot, { type: 'permission_requested', permission: aPermission() })), failed: [failed] };
    const same = fold(asked, userFrames({}, {}, { type: 'session_updated', session: aSession({ title: 'Renamed' }) }).slice(2));
    expect([same.permissions.length, same.failed]).toEqual([1, [failed]]);
    const deleted = fold(asked, userFrames({}, {}, { type: 'session_updated', session: aSession({ chats: [] }) }).slice(2));
    expect([deleted.permissions, deleted.failed]).toEqual([[], []]);
  });

  it('holds a question from its asking to its answer', () => {
    const asked = fold(EMPTY_USER, userFrames(snapshot, { type: 'permission_requested', permission: aPermission() }));
    expect(asked.permissions).toHaveLength(1);
    const answered = applyUserFrame(asked, userFrames({}, {}, { type: 'permission_resolved', permission: aPermission({ state: 'allowed' }) })[2]!);
    expect(answered.permissions).toEqual([]);
  });

  it('lists failed tasks until a person settles them', () => {
    const earlier = aTask({ id: uuid(77), state: 'interrupted' });
    const failed = fold(EMPTY_USER, userFrames({ ...snapshot, failed: [earlier] }, { type: 'task_updated', task: aTask({ state: 'failed' }) }));
    expect(failed.failed?.map((task) => task.state)).toEqual(['failed', 'interrupted']);
    const settled = applyUserFrame(failed, userFrames({}, {}, { type: 'task_updated', task: aTask({ state: 'failed', settled: true }) })[2]!);
    expect(settled.failed).toEqual([earlier]);
  });

  it('ignores frames it has seen', () => {
    const frames = userFrames(snapshot, { type: 'session_removed', sessionId: uuid(2) });
    const state = fold(EMPTY_USER, frames);
    expect(fold(state, frames.slice(1))).toBe(state);
  });

  it('forgets where it was on resync, and keeps what it shows until the snapshot', () => {
    const state = applyUserFrame(fold(EMPTY_USER, userFrames(snapshot)), { type: 'resync', channel: 'user', reason: 'too old' });
    expect([state.seq, state.sessions.length]).toEqual([0, 1]);
  });
});
