import type { WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import { expect, it } from 'vitest';
import { riskWords, stepWords, timeLeft } from './worktree-words.ts';

const NOTHING: WorktreeRiskReport = {
  dirty: 0,
  untracked: 0,
  unpushed: 0,
  merged: 3,
  locked: false,
  runningTasks: 0,
  detached: true,
  stashes: 0,
  nested: [],
  ignored: [],
  canDelete: true,
  reason: null,
};

it('riskWords() names what would be lost, and only that', () => {
  expect(riskWords(NOTHING)).toEqual([]);
  expect(riskWords({ ...NOTHING, dirty: 2, unpushed: 1, ignored: ['.env'], locked: true })).toEqual([
    '2 changed files that are neither committed nor applied',
    '1 commit that is nowhere else',
    '.env, which git ignores and which is only here like this',
    'it is locked by git',
  ]);
});

it('timeLeft() counts days, then hours', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(timeLeft('2026-01-08T00:00:00Z', now)).toBe('7 days left');
  expect(timeLeft('2026-01-01T05:00:00Z', now)).toBe('5 hours left');
  expect(timeLeft('2026-01-01T00:30:00Z', now)).toBe('1 hour left');
  expect(timeLeft('2025-12-31T00:00:00Z', now)).toBe('0 hours left');
});

it('stepWords() says which way was taken and how long', () => {
  expect(stepWords({ what: 'node_modules', how: 'hardlinked', ms: 1_250, note: null })).toBe("node_modules: hard links to the project's files, 1.3 s");
});
