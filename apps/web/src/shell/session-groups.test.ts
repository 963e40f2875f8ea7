import { expect, it } from 'vitest';
import { aPermission, aSession, aTask, uuid } from '../../test/records.ts';
import { groupSessions, sessionLine } from './session-groups.ts';

it('groupSessions() puts questions and unsettled failures before work, and work before the rest', () => {
  const sessions = [
    aSession({ id: uuid(41), status: 'idle' }),
    aSession({ id: uuid(42), status: 'working' }),
    aSession({ id: uuid(43), status: 'blocked' }),
    aSession({ id: uuid(44), status: 'error' }),
    aSession({ id: uuid(45), status: 'error' }),
  ];
  const groups = groupSessions(sessions, [], [aTask({ sessionId: uuid(44), state: 'failed' })]);
  expect([groups.needsYou, groups.working, groups.quiet].map((group) => group.map((session) => session.id))).toEqual([
    [uuid(43), uuid(44)],
    [uuid(42)],
    [uuid(41), uuid(45)],
  ]);
});

it('sessionLine() says what a session is about now', () => {
  expect(sessionLine(aSession({ status: 'blocked' }), [aPermission()], [])).toBe('boocode: Run this command?');
  expect(sessionLine(aSession({ pendingChanges: 1 }), [], [])).toBe('1 file to review');
});
