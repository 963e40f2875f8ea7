import { describe, expect, it } from 'vitest';
import { decideByLook, decideByRow, type ReapLook, type ReapRow } from './reap-policy.ts';

const TIMES = { nowMs: 10_000, graceMs: 1_000, trashMs: 5_000 };
const FREE: ReapRow = { state: 'ready', session: null, freeSinceMs: 0, leases: [], isBusy: false, trashedAtMs: null };
const CLEAN: ReapLook = {
  dirty: 0,
  untracked: 0,
  unpushed: 0,
  merged: 0,
  locked: false,
  stashes: 0,
  nested: [],
  ignored: [],
  skipped: [],
  isFolderGone: false,
};

describe('decideByRow()', () => {
  it.each([
    ['a session that is there', { session: 'Mend it' }, 'its session "Mend it" is there', null],
    ['a turn', { isBusy: true }, 'a turn of its session has not ended', null],
    ['a lease', { leases: ['terminal'] as const }, 'a terminal is open in it', null],
    ['the grace', { freeSinceMs: 9_500 }, 'its session was deleted or it was used a short time ago', 10_500],
    ['a move', { state: 'trashing' as const }, 'it is being moved; should BooCode be stopped now, its next start finishes that', null],
    ['the trash', { state: 'trashed' as const, trashedAtMs: 6_000 }, 'it is in the trash and can be brought back', 11_000],
  ])('keeps it for %s', (_, row, reason, afterMs) => {
    expect(decideByRow({ ...FREE, ...row }, TIMES)).toEqual({ action: 'keep', reason, afterMs });
  });

  it('asks for a look when nobody needs it, on the moment', () => {
    expect(decideByRow({ ...FREE, freeSinceMs: 9_000 }, TIMES)).toBeNull();
    expect(decideByRow({ ...FREE, freeSinceMs: 9_001 }, TIMES)?.action).toBe('keep');
    expect(decideByRow({ ...FREE, state: 'failed' }, TIMES)).toBeNull();
  });

  it('purges the trash when its time is over, and removes what was never made', () => {
    expect(decideByRow({ ...FREE, state: 'trashed', trashedAtMs: 5_000 }, TIMES)?.action).toBe('purge');
    expect(decideByRow({ ...FREE, state: 'creating' }, TIMES)?.action).toBe('remove');
    expect(decideByRow({ ...FREE, state: 'creating', leases: ['turn'] }, TIMES)?.action).toBe('keep');
  });

  it('never takes one with a session, whatever the time', () => {
    for (const state of ['creating', 'ready', 'failed'] as const)
      expect(decideByRow({ ...FREE, state, session: 's', freeSinceMs: 0 }, { ...TIMES, nowMs: Number.MAX_SAFE_INTEGER })?.action).toBe('keep');
  });
});

describe('decideByLook()', () => {
  it('takes what is clean, or can be kept as a checkpoint first', () => {
    expect(decideByLook(CLEAN)).toEqual({ action: 'trash', reason: 'its session is deleted, and it is clean', afterMs: null });
    expect(decideByLook({ ...CLEAN, merged: 2 }).action).toBe('trash');
    expect(decideByLook({ ...CLEAN, dirty: 1, untracked: 1 })).toEqual({
      action: 'trash',
      reason: 'its session is deleted; 2 uncommitted files will be kept as a checkpoint first',
      afterMs: null,
    });
  });

  it.each([
    ['work that is nowhere else', { unpushed: 1 }, '1 commit of it is on no other branch, remote or tag'],
    ['a lock', { locked: true }, 'it is locked (`git worktree unlock` opens it)'],
    ['repositories inside', { nested: ['a', 'b', 'c', 'd'] }, 'it holds repositories of their own: "a", "b", "c" and 1 more'],
    ['stashes', { stashes: 2 }, '2 stashes of it were not brought back'],
    ['ignored files', { ignored: ['.env'] }, 'git ignores ".env", which the project does not have like this'],
    ['what no checkpoint can hold', { skipped: ['big'] }, 'a checkpoint cannot hold "big"'],
    ['work on the branch of a folder that is gone', { unpushed: 3, isFolderGone: true }, '3 commits of it are on no other branch, remote or tag'],
  ])('never takes %s', (_, look, reason) => {
    expect(decideByLook({ ...CLEAN, ...look })).toEqual({ action: 'keep', reason, afterMs: null });
  });

  it('removes the rest of one whose folder is gone', () => {
    expect(decideByLook({ ...CLEAN, isFolderGone: true }).action).toBe('remove');
  });
});
