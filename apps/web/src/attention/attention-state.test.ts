import { describe, expect, it } from 'vitest';
import { aPermission, aSession, aTask, uuid } from '../../test/records.ts';
import { EMPTY_USER, type UserState } from '../live/user-state.ts';
import { attentionOf, callsBetween, sessionDot, windowTitle } from './attention-state.ts';

const user = (fields: Partial<UserState>): UserState => ({ ...EMPTY_USER, isLoaded: true, isCurrent: true, failed: [], ...fields });

describe('attentionOf()', () => {
  it('puts a question before a failure, a failure before work, and work before rest', () => {
    const working = aSession({ status: 'working' });
    const failed = aTask({ state: 'failed' });
    expect([
      attentionOf(user({ sessions: [working], permissions: [aPermission()], failed: [failed] })),
      attentionOf(user({ sessions: [working], failed: [failed] })),
      attentionOf(user({ sessions: [working] })),
      attentionOf(user({ sessions: [aSession()] })),
    ]).toEqual([
      { status: 'blocked', waiting: 2, working: 1 },
      { status: 'error', waiting: 1, working: 1 },
      { status: 'working', waiting: 0, working: 1 },
      { status: 'idle', waiting: 0, working: 0 },
    ]);
  });
});

it('sessionDot() looks at the session alone', () => {
  const session = aSession({ pendingChanges: 2 });
  expect(sessionDot(session, [aPermission({ sessionId: uuid(9) })], [])).toBe('done');
  expect(sessionDot(session, [aPermission()], [])).toBe('blocked');
  expect(sessionDot(session, [], [aTask({ state: 'failed' })])).toBe('error');
});

it('windowTitle() counts what waits and marks work', () => {
  expect(windowTitle('Inbox', { status: 'blocked', waiting: 3, working: 1 })).toBe('(3) Inbox · BooCode');
  expect(windowTitle('Inbox', { status: 'working', waiting: 0, working: 1 })).toBe('• Inbox · BooCode');
  expect(windowTitle('Inbox', { status: 'idle', waiting: 0, working: 0 })).toBe('Inbox · BooCode');
});

describe('callsBetween()', () => {
  it('calls once for a question, and leads to it', () => {
    const before = user({ sessions: [aSession()] });
    const after = user({ sessions: [aSession({ status: 'blocked' })], permissions: [aPermission()] });
    expect(callsBetween(before, after)).toEqual([
      {
        tag: `permission:${uuid(30)}`,
        title: 'boocode: Run this command?',
        body: 'Session\nls',
        path: `/sessions/${uuid(2)}/${uuid(3)}#ask=${uuid(30)}`,
      },
    ]);
    expect(callsBetween(after, after)).toEqual([]);
  });

  it('calls for a failure and for the end of work', () => {
    const before = user({ sessions: [aSession({ status: 'working' })] });
    expect(
      callsBetween(before, user({ sessions: [aSession({ status: 'error' })], failed: [aTask({ state: 'interrupted' })] })).map((call) => call.title),
    ).toEqual(['boocode was interrupted']);
    expect(callsBetween(before, user({ sessions: [aSession({ pendingChanges: 1 })] })).map((call) => [call.title, call.body])).toEqual([
      ['Session is done', '1 file to review'],
    ]);
  });

  it('is silent about what was there when the page came', () => {
    expect(callsBetween(EMPTY_USER, user({ permissions: [aPermission()] }))).toEqual([]);
  });
});
