import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { expect, it } from 'vitest';
import { uuid } from '../../test/records.ts';
import { groupChanges } from './change-groups.ts';

it('groupChanges() shows conflicts first and leaves out what was superseded', () => {
  const change = (path: string, state: ChangeWithPatch['state']) => ({ id: uuid(1), path, state, additions: 1, deletions: 0 }) as ChangeWithPatch;
  const groups = groupChanges([change('b', 'pending'), change('a', 'pending'), change('z', 'conflict'), change('c', 'superseded'), change('d', 'applied')]);
  expect([groups.waiting, groups.applied, groups.rejected].map((group) => group.map((item) => item.path))).toEqual([['z', 'a', 'b'], ['d'], []]);
});
