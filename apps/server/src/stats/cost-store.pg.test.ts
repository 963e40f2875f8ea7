import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { insertSession } from '../sessions/session-store.ts';
import { listTasks, type TaskFilter } from '../tasks/task-store.ts';
import { type CostFilter, readCostDays, readCosts } from './cost-store.ts';

let database: TestDatabase;
const ALL: CostFilter = { groupBy: 'project', from: null, to: null, projectId: null, timezone: 'UTC' };
const ANY: TaskFilter = { state: null, projectId: null, sessionId: null, agent: null, text: null, from: null, to: null };

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  for (const [name, tasks] of [
    [
      'One',
      [
        ['2026-01-31T23:30:00Z', 'm1', 100, 10, null],
        ['2026-02-01T10:00:00Z', 'm2', 5, 5, 0.25],
      ],
    ],
    ['Two', [['2026-02-01T11:00:00Z', null, null, null, null]]],
  ] as const) {
    const { project } = await insertProject(sql, { path: `/tmp/${crypto.randomUUID()}`, name });
    const session = await insertSession(sql, { projectId: project.id, title: 'S', baseline: 'head', agent: 'a', model: null, mode: null, access: 'ask' });
    for (const [at, model, tokensIn, tokensOut, cost] of tasks) {
      await sql`
        insert into tasks (id, project_id, session_id, chat_id, message_id, answer_id, position, state, agent, model, access, input, tokens_in, tokens_out, cost, created_at, started_at)
        values (gen_random_uuid(), ${project.id}, ${session.id}, ${session.chats[0]!.id}, gen_random_uuid(), gen_random_uuid(), 1, 'completed', ${cost === null ? 'a' : 'b'},
          ${model}, 'ask', ${`Mend ${name} at ${at}`}, ${tokensIn}, ${tokensOut}, ${cost}, ${at}, ${at})`;
    }
  }
});
afterAll(() => database[Symbol.asyncDispose]());

describe('readCosts()', () => {
  it('adds up by project, agent, model and day, and leaves unknown what nobody told', async () => {
    const { sql } = database;
    expect(await readCosts(sql, ALL)).toEqual([
      { key: expect.any(String), label: 'One', tasks: 2, tokensIn: 105, tokensOut: 15, cost: 0.25 },
      { key: expect.any(String), label: 'Two', tasks: 1, tokensIn: null, tokensOut: null, cost: null },
    ]);
    expect((await readCosts(sql, { ...ALL, groupBy: 'agent' })).map(({ key, tasks, cost }) => [key, tasks, cost])).toEqual([
      ['a', 2, null],
      ['b', 1, 0.25],
    ]);
    expect((await readCosts(sql, { ...ALL, groupBy: 'model' })).map(({ key, label }) => [key, label])).toEqual([
      ['m1', 'm1'],
      ['m2', 'm2'],
      ['', 'no model named'],
    ]);
    const days = async (timezone: string) => (await readCosts(sql, { ...ALL, groupBy: 'day', timezone })).map(({ key, tasks }) => [key, tasks]);
    expect(await days('UTC')).toEqual([
      ['2026-01-31', 1],
      ['2026-02-01', 2],
    ]);
    expect(await days('Europe/Berlin')).toEqual([['2026-02-01', 3]]);
  });

  it('counts from and to, where a day is meant with all its hours', async () => {
    const count = async (filter: Partial<CostFilter>) => (await readCosts(database.sql, { ...ALL, ...filter })).reduce((sum, item) => sum + item.tasks, 0);
    expect(await count({ from: '2026-02-01' })).toBe(2);
    expect(await count({ from: '2026-02-01', timezone: 'Europe/Berlin' })).toBe(3);
    expect(await count({ to: '2026-01-31' })).toBe(1);
    expect(await count({ from: '2026-01-31', to: '2026-02-01' })).toBe(3);
    expect(await count({ from: '2026-02-01T10:30:00.000Z' })).toBe(1);
  });
});

it('readCostDays() splits each day by group, where a day begins as the time zone says', async () => {
  const slices = async (timezone: string) =>
    (await readCostDays(database.sql, { ...ALL, groupBy: 'model', timezone })).map(({ day, key, tasks, tokensIn, cost }) => [day, key, tasks, tokensIn, cost]);
  expect(await slices('UTC')).toEqual([
    ['2026-01-31', 'm1', 1, 100, null],
    ['2026-02-01', 'm2', 1, 5, 0.25],
    ['2026-02-01', '', 1, null, null],
  ]);
  expect((await slices('Europe/Berlin')).map(([day]) => day)).toEqual(['2026-02-01', '2026-02-01', '2026-02-01']);
});

describe('listTasks()', () => {
  it('filters by agent, text and time', async () => {
    const list = async (filter: Partial<TaskFilter>) => (await listTasks(database.sql, { ...ANY, ...filter }, 10, 0)).map((task) => task.input.slice(5, 8));
    expect(await list({ agent: 'b' })).toEqual(['One']);
    expect(await list({ text: 'MEND two' })).toEqual(['Two']);
    expect(await list({ text: '100%' })).toEqual([]);
    expect(await list({ from: '2026-02-01', to: '2026-02-01' })).toEqual(['Two', 'One']);
  });
});
