import type { Layout } from '@boocode/contracts/layout.ts';
import { Layout as LayoutSchema } from '@boocode/contracts/layout.ts';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { readLayout, writeLayout } from './layout-store.ts';
import { insertSession } from './session-store.ts';

const pane = (id: string) => ({ type: 'pane' as const, id, tabs: [{ id: `${id}-1`, kind: 'chat', ref: null }], active: `${id}-1` });
const one: Layout = { root: pane('a'), focused: 'a', maximised: null };
const two: Layout = { root: { type: 'split', id: 's', direction: 'row', sizes: [60, 40], children: [pane('a'), pane('b')] }, focused: 'b', maximised: null };

it('a layout is replaced by the one who has read its newest version alone', async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const { project } = await insertProject(sql, { path: '/tmp/x', name: 'x' });
  const { id } = await insertSession(sql, { projectId: project.id, title: 'S', baseline: 'head', agent: 'a', model: null, mode: null, access: 'ask' });
  expect(await readLayout(sql, id)).toEqual({ layout: null, version: 0 });
  const first = await Promise.all([writeLayout(sql, id, one, 0), writeLayout(sql, id, two, 0)]);
  expect(first.filter((written) => written !== null).length).toBe(1);
  expect(await writeLayout(sql, id, two, 1)).toEqual({ layout: two, version: 2 });
  expect(await writeLayout(sql, id, one, 1)).toBeNull();
  expect(await readLayout(sql, id)).toEqual({ layout: two, version: 2 });
});

it('a layout is bounded', () => {
  const nested = (depth: number): unknown =>
    depth === 0 ? pane('x') : { type: 'split', id: `s${depth}`, direction: 'column', sizes: [1, 1], children: [nested(depth - 1), pane(`p${depth}`)] };
  const check = (root: unknown) => LayoutSchema.safeParse({ root, focused: null, maximised: null }).success;
  expect(check(nested(7))).toBe(true);
  expect(check(nested(8))).toBe(false);
  expect(check({ ...two.root, sizes: [1, 2, 3] })).toBe(false);
  expect(check({ ...two.root, children: [pane('a')] })).toBe(false);
});
