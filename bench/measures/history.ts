import { join } from 'node:path';
import { ChatId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { openDatabase } from '@boocode/server/db/open-database.ts';
import type { Sql } from 'postgres';
import { type Bench, type Measure, startBooCode } from '../bench.ts';
import { atMost, type Figure, figure, ratioAtMost } from '../figure.ts';
import { sendHttp } from '../http.ts';
import { median } from '../statistics.ts';

const SIZES = [10_000, 100_000] as const;
const PAGE = 100;
const READS = 80;
const WARM_UP_READS = 20;

/** A page of a long chat: prompts of one part, answers of reasoning, a tool call and text. */
export const history: Measure = {
  name: 'history',
  title: `A page of ${PAGE} messages (${READS} reads each, newest page and pages in the middle in turn)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { chats } = await fillChats(bench, 'history-home', SIZES);
    await using server = await startBooCode(bench, 'history-home');
    const times = chats.map((): number[] => []);
    for (let read = -WARM_UP_READS; read < READS; read++) {
      for (const [index, { id, size }] of chats.entries()) {
        const before = read % 2 === 0 ? '' : `&before=${Math.floor(size / 2)}`;
        const startedAt = performance.now();
        await sendHttp({ url: `${server.url}/api/chats/${id}/messages?limit=${PAGE}${before}`, token: server.token });
        if (read >= 0) times[index]?.push(performance.now() - startedAt);
      }
    }
    const [small = Number.NaN, large = Number.NaN] = times.map(median);
    const [smallSize, largeSize] = SIZES.map((size) => size.toLocaleString('en'));
    return [
      figure(`page of ${PAGE} of ${smallSize}, p50`, small, 'ms', atMost(10)),
      { ...figure(`page of ${PAGE} of ${largeSize}, p50 (ratio: to the page of ${smallSize})`, large, 'ms', ratioAtMost(1.2)), ratio: large / small },
    ];
  },
};

export interface FilledHome {
  readonly sessionId: SessionId;
  readonly chats: readonly { readonly id: ChatId; readonly size: number }[];
}

/** Makes a home whose one session has chats of these many messages. */
export async function fillChats(bench: Bench, homeName: string, sizes: readonly number[]): Promise<FilledHome> {
  const quiet = { info: () => {}, warn: () => {} };
  const home = join(bench.folder, homeName);
  await using database = await openDatabase({ home, databaseUrl: null, log: quiet, signal: new AbortController().signal, onProblem: () => {} });
  const { sql } = database;
  const [projectId, sessionId] = [ProjectId.parse(crypto.randomUUID()), SessionId.parse(crypto.randomUUID())];
  await sql`insert into projects (id, path, name) values (${projectId}, ${bench.folder}, 'history')`;
  await sql`insert into sessions (id, project_id, title) values (${sessionId}, ${projectId}, 'history')`;
  const chats = [];
  for (const size of sizes) chats.push({ id: await insertChat(sql, sessionId, size), size });
  await sql`analyze`;
  return { sessionId, chats };
}

async function insertChat(sql: Sql, sessionId: SessionId, size: number): Promise<ChatId> {
  const id = ChatId.parse(crypto.randomUUID());
  const tool = {
    type: 'tool',
    callId: 'c',
    step: 0,
    name: 'read',
    kind: 'read',
    title: 'Read src/file.ts',
    input: { path: 'src/file.ts' },
    status: 'completed',
    live: '',
    startedAt: 1,
    endedAt: 2,
  };
  const output = { text: 'a line of the file\n'.repeat(20), bytes: 380, lines: 20, truncated: false, file: null, exitCode: null, diffs: [] };
  await sql`insert into chats (id, session_id, title, agent, access, next_position) values (${id}, ${sessionId}, 'long', 'boocode', 'ask', ${size + 1})`;
  await sql`
    with m as (
      insert into messages (id, chat_id, position, role, status, agent, model, ended_at)
      select gen_random_uuid(), ${id}::uuid, n, case n % 2 when 1 then 'user' else 'assistant' end, 'completed', 'boocode', 'demo', now()
      from generate_series(1, ${size}::int) as n
      returning id, role
    )
    insert into parts (message_id, index, segment, data, text)
    select m.id, p.index, 0, p.data::json, p.text
    from m join (values
      ('user', 0, '{"type":"text"}', ${'What does this do? '.repeat(8)}),
      ('assistant', 0, '{"type":"reasoning"}', ${'I look at the file first. '.repeat(8)}),
      ('assistant', 1, ${JSON.stringify({ ...tool, output })}, ''),
      ('assistant', 2, '{"type":"text"}', ${'It reads the configuration and starts the server. '.repeat(12)})
    ) as p (role, index, data, text) on p.role = m.role`;
  return id;
}
