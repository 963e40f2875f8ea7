import { ChatId, SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { deleteSession, insertSession } from '../sessions/session-store.ts';
import { listLeases, releaseLeases, renewLeases, takeLease } from './lease-store.ts';
import { findTracked, markRestoring, markTrashed, markTrashing } from './trash-store.ts';
import { findSessionWorktree, insertWorktree, markReady } from './worktree-store.ts';

const DAY = 86_400_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function newWorktree(inSession?: SessionId) {
  const { sql } = database;
  const { project } = await insertProject(sql, { path: `/tmp/${crypto.randomUUID()}`, name: 'p' });
  const made = await insertSession(sql, { projectId: project.id, title: 'S', baseline: 'head', agent: 'boocode', model: null, mode: null, access: 'ask' });
  const sessionId = inSession ?? made.id;
  const id = WorktreeId.parse(crypto.randomUUID());
  await insertWorktree(sql, { id, projectId: project.id, sessionId, path: `/tmp/w/${id}/p` });
  await markReady(sql, id, { branch: 'boocode/x', base: 'b' });
  return { sql, id, sessionId, chatId: made.chats[0]!.id, owner: crypto.randomUUID() };
}

const usesOf = async (id: WorktreeId, except?: string) => (await listLeases(database.sql, id, except)).map(({ use }) => use);

it('takeLease() holds until its end, and is nobody’s after it', async () => {
  const { sql, id, owner } = await newWorktree();
  expect(await takeLease(sql, id, 'turn', { owner, ttlMs: 60_000 })).toBe(true);
  expect(await takeLease(sql, id, 'agent', { owner: crypto.randomUUID(), ttlMs: -1 })).toBe(true);
  expect(await usesOf(id)).toEqual(['turn']);
});

it('renewLeases() renews what is in use, and lets go what is not', async () => {
  const { sql, id, sessionId, chatId, owner } = await newWorktree();
  const holder = { owner, ttlMs: 60_000 };
  await takeLease(sql, id, 'turn', holder);
  await renewLeases(sql, holder, { chats: [chatId, ChatId.parse(crypto.randomUUID())], sessions: [sessionId, SessionId.parse(crypto.randomUUID())] });
  expect(await usesOf(id)).toEqual(['agent', 'terminal']);
  await renewLeases(sql, holder, { chats: [], sessions: [] });
  expect(await usesOf(id)).toEqual([]);
});

it('markTrashing() refuses a worktree with a lease, but for agents and terminals that the same process has ended', async () => {
  const { sql, id, owner } = await newWorktree();
  const trash = (except: string | null) => markTrashing(sql, id, { trashPath: '/t', by: 'person', except });
  await takeLease(sql, id, 'agent', { owner, ttlMs: 60_000 });
  expect(await trash(crypto.randomUUID())).toBeNull();
  await takeLease(sql, id, 'turn', { owner, ttlMs: 60_000 });
  expect(await trash(owner)).toBeNull();
  await releaseLeases(sql, owner, id);
  expect(await trash(null)).toMatchObject({ state: 'trashing' });
  expect(await takeLease(sql, id, 'turn', { owner, ttlMs: 60_000 })).toBe(false);
});

it('markTrashing() is refused to the reaper while the session is there', async () => {
  const { sql, id, sessionId } = await newWorktree();
  const reap = () => markTrashing(sql, id, { trashPath: '/t', by: 'reaper', except: null });
  expect(await reap()).toBeNull();
  await deleteSession(sql, sessionId);
  expect(await reap()).toMatchObject({ state: 'trashing' });
});

it('takeLease() and markTrashing() never both succeed, however they race', async () => {
  for (let round = 0; round < 40; round++) {
    const { sql, id, owner } = await newWorktree();
    const [isTaken, marked] = await Promise.all([
      takeLease(sql, id, 'turn', { owner, ttlMs: 60_000 }),
      markTrashing(sql, id, { trashPath: '/t', by: 'person', except: null }),
    ]);
    expect([isTaken, marked !== null].filter(Boolean)).toHaveLength(1);
  }
});

it('markRestoring() gives the worktree back to its session, or to nobody when that has another one by now', async () => {
  const { sql, id, sessionId } = await newWorktree();
  await markTrashing(sql, id, { trashPath: '/t', by: 'person', except: null });
  await markTrashed(sql, id);
  expect(await findSessionWorktree(sql, sessionId)).toBeNull();
  const other = await newWorktree(sessionId);
  expect(await markRestoring(sql, id)).toMatchObject({ state: 'restoring', sessionId: null });
  expect((await findSessionWorktree(sql, sessionId))?.id).toBe(other.id);
  expect(await findTracked(sql, DAY, id)).toMatchObject({ sessionId: null, item: { state: 'restoring' } });
});

it('taking a lease and the heartbeat never wait for each other', async () => {
  const { sql, id, chatId, owner } = await newWorktree();
  const holder = { owner, ttlMs: 60_000 };
  await takeLease(sql, id, 'agent', holder);
  for (let round = 0; round < 40; round++) {
    const taking = Array.from({ length: 4 }, () => takeLease(sql, id, 'agent', holder));
    const beating = Array.from({ length: 2 }, () => renewLeases(sql, holder, { chats: [chatId], sessions: [] }));
    expect(await Promise.all(taking)).toEqual([true, true, true, true]);
    await Promise.all(beating);
  }
});
