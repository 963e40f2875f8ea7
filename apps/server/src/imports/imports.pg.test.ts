import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PastConversation } from '@boocode/agents/import/past-session.ts';
import { ProjectId } from '@boocode/contracts/ids.ts';
import { Imported, ImportList } from '@boocode/contracts/import.ts';
import type { Project } from '@boocode/contracts/project.ts';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeChat, findChat } from '../chats/chat-store.ts';
import { listMessages } from '../chats/message-store.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { Hub } from '../live/hub.ts';
import { insertProject } from '../projects/project-store.ts';
import { searchMessages } from '../search/search-store.ts';
import { searchWords } from '../search/snippet-policy.ts';
import { deleteSession, findSession } from '../sessions/session-store.ts';
import { acceptTurn } from '../tasks/task-store.ts';
import { newTurn } from '../../test/turn-fixture.ts';
import { importHandlers } from './import-routes.ts';
import { insertImport } from './import-store.ts';

let database: TestDatabase;
let root: string;
beforeAll(async () => {
  database = await createTestDatabase();
  root = await mkdtemp(join(tmpdir(), 'boocode-imports-'));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

function conversation(externalId: string, more: Partial<PastConversation> = {}): PastConversation {
  const output = { text: 'found\0it', bytes: 8, lines: 1, truncated: false, file: null, exitCode: 0, diffs: [] };
  const tool = { type: 'tool', callId: 'c', step: 0, name: 'Bash', kind: 'execute', title: 'grep marmot', input: { command: 'grep marmot' } } as const;
  return {
    agent: 'claude',
    externalId,
    cwd: '/home/ada/notes',
    title: 'Where is the marmot?\nPlease.',
    updatedAt: AT + 9_000,
    prompts: 1,
    messages: [
      {
        role: 'user',
        status: 'completed',
        model: null,
        parts: [{ type: 'text', text: 'Where is the marmot?\nPlease.' }],
        failure: null,
        createdAt: AT,
        endedAt: AT,
      },
      {
        role: 'assistant',
        status: 'cancelled',
        model: 'claude-x',
        parts: [
          { type: 'reasoning', text: 'I look.' },
          { ...tool, status: 'completed', live: '', output, startedAt: AT, endedAt: AT },
          { type: 'text', text: `In the burrow. ${'x'.repeat(10_000)}` },
        ],
        failure: null,
        createdAt: AT + 1_000,
        endedAt: AT + 9_000,
      },
    ],
    ...more,
  };
}

async function newProject(path = `/tmp/${crypto.randomUUID()}`): Promise<Project> {
  return (await insertProject(database.sql, { path, name: 'P' })).project;
}

it('insertImport() keeps the conversation as it was, to be found, gone on with and resumed', async () => {
  const { sql } = database;
  const project = await newProject();
  const past = conversation('one');
  const imported = await insertImport(sql, { projectId: project.id, access: 'ask', past });
  const chatId = imported!.chatId;
  expect(await findSession(sql, imported!.sessionId)).toMatchObject({
    title: 'Where is the marmot?',
    createdAt: '2026-01-02T03:04:05.000Z',
    chats: [{ id: chatId, agent: 'claude', model: null, access: 'ask', status: 'idle' }],
  });
  const { messages } = await listMessages(sql, chatId, null, 10);
  expect(messages.map(({ role, status, position, metadata, createdAt, endedAt }) => ({ role, status, position, metadata, createdAt, endedAt }))).toEqual([
    {
      role: 'user',
      status: 'completed',
      position: 1,
      metadata: { agent: 'claude', model: null, mode: null },
      createdAt: '2026-01-02T03:04:05.000Z',
      endedAt: '2026-01-02T03:04:05.000Z',
    },
    {
      role: 'assistant',
      status: 'cancelled',
      position: 2,
      metadata: { agent: 'claude', model: 'claude-x', mode: null },
      createdAt: '2026-01-02T03:04:06.000Z',
      endedAt: '2026-01-02T03:04:14.000Z',
    },
  ]);
  expect(messages[1]?.parts).toMatchObject([
    past.messages[1]!.parts[0]!,
    { type: 'tool', title: 'grep marmot', output: { text: 'found\ufffdit' } },
    past.messages[1]!.parts[2]!,
  ]);
  expect((await searchMessages(sql, searchWords('burrow'), project.id, 10, 0)).map((hit) => hit.chatId)).toEqual([chatId]);
  const [conversationRow] = await sql`select agent, resume_token, resume_cwd, known_position, model, status from agent_sessions where chat_id = ${chatId}`;
  expect(conversationRow).toEqual({
    agent: 'claude',
    resume_token: 'one',
    resume_cwd: '/home/ada/notes',
    known_position: 2,
    model: 'claude-x',
    status: 'idle',
  });
  const next = await acceptTurn(sql, newTurn(chatId, 'And now?'));
  expect(next?.messages.map(({ position }) => position)).toEqual([3, 4]);
});

it('insertImport() takes a conversation once, also when ten ask at once, and leaves nothing of the others', async () => {
  const { sql } = database;
  const project = await newProject();
  const made = await Promise.all(Array.from({ length: 10 }, () => insertImport(sql, { projectId: project.id, access: 'ask', past: conversation('two') })));
  expect(made.filter((one) => one !== null)).toHaveLength(1);
  const [rows] = await sql`
    select (select count(*)::int from sessions where project_id = ${project.id}) as sessions,
      (select count(*)::int from messages m join chats c on c.id = m.chat_id join sessions s on s.id = c.session_id where s.project_id = ${project.id}) as messages`;
  expect(rows).toEqual({ sessions: 1, messages: 2 });
  expect(await insertImport(sql, { projectId: project.id, access: 'ask', past: conversation('two', { agent: 'qwen' }) })).not.toBeNull();
});

it('insertImport() writes more messages than one statement takes', async () => {
  const { sql } = database;
  const project = await newProject();
  const [prompt] = conversation('').messages;
  const messages = Array.from({ length: 450 }, (_, at) => ({ ...prompt!, parts: [{ type: 'text' as const, text: `prompt ${at}` }] }));
  const imported = await insertImport(sql, { projectId: project.id, access: 'ask', past: conversation('long', { messages }) });
  const stored = await listMessages(sql, imported!.chatId, null, 1_000);
  expect(stored.messages.map(({ position, parts }) => [position, parts])).toEqual(messages.map(({ parts }, at) => [at + 1, parts]));
});

it('the routes list what a folder has, import it once, and bring a deleted chat back', async () => {
  const { sql } = database;
  const folder = join(root, 'notes');
  const project = await newProject(folder);
  const home = join(root, 'home');
  const claude = join(home, '.claude', 'projects', folder.replaceAll(/[^a-zA-Z0-9]/g, '-'));
  await mkdir(claude, { recursive: true });
  for (const [id, cwd] of [
    ['top', folder],
    ['below', join(folder, 'sub')],
  ]) {
    const common = { cwd, timestamp: new Date(id === 'top' ? AT + 1 : AT).toISOString() };
    const lines = [
      { ...common, type: 'user', uuid: 'u', parentUuid: null, message: { content: `Say ${id}` } },
      { ...common, type: 'assistant', uuid: 'a', parentUuid: 'u', message: { content: [{ type: 'text', text: id }], model: 'm' } },
    ];
    await writeFile(join(claude, `${id}.jsonl`), lines.map((line) => JSON.stringify(line)).join('\n'));
  }
  const handlers = importHandlers({
    sql,
    hub: new Hub(pino({ level: 'silent' })),
    places: { home, dataHome: join(root, 'data'), scratch: root },
    defaultAccess: async () => 'edits',
  });
  const list = async () => ImportList.parse(await call(handlers.listImports, { params: { id: project.id } }));
  const take = async (externalId: string) =>
    Imported.parse(await call(handlers.importSession, { params: { id: project.id }, body: { agent: 'claude', externalId } }));
  expect(await list()).toEqual({
    items: [
      { agent: 'claude', externalId: 'top', title: 'Say top', updatedAt: '2026-01-02T03:04:05.001Z', messages: 1, alreadyImported: null, canContinue: true },
      {
        agent: 'claude',
        externalId: 'below',
        title: 'Say below',
        updatedAt: '2026-01-02T03:04:05.000Z',
        messages: 1,
        alreadyImported: null,
        canContinue: false,
      },
    ],
    problems: [],
  });
  const [first, second] = await Promise.all([take('top'), take('top')]);
  expect(second).toEqual(first);
  expect(await take('top')).toEqual(first);
  expect((await list()).items.map(({ alreadyImported }) => alreadyImported)).toEqual([first.chatId, null]);

  await closeChat(sql, first.chatId);
  await deleteSession(sql, first.sessionId);
  expect((await list()).items.map(({ alreadyImported }) => alreadyImported)).toEqual([null, null]);
  expect(await take('top')).toEqual(first);
  expect(await findChat(sql, first.chatId)).toMatchObject({ access: 'edits' });

  await sql`insert into agent_sessions (chat_id, agent, backend, resume_token) values (${first.chatId}, 'claude', 'acp', 'below') on conflict (chat_id, agent) do update set resume_token = 'below'`;
  expect((await list()).items.map(({ alreadyImported }) => alreadyImported)).toEqual([first.chatId, first.chatId]);
  await expect(take('nothing')).rejects.toMatchObject({ code: 'not_found' });
  await expect(call(handlers.listImports, { params: { id: ProjectId.parse(crypto.randomUUID()) } })).rejects.toMatchObject({ code: 'not_found' });
});

/** Calls a handler with what it reads of a request. */
async function call(handler: unknown, input: object): Promise<unknown> {
  return (handler as (input: object) => Promise<unknown>)(input);
}
