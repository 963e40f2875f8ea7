import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import type { BooCode } from './boocode.ts';

interface SeededChat {
  readonly sessionId: string;
  readonly chatId: string;
}

/** A session whose chat holds `count` messages: "Question 0" is the first, and the answer to "Question 40" alone speaks of a sunken bell. */
export async function seedChat(boocode: BooCode, path: string, count: number): Promise<SeededChat> {
  const project = await boocode.post<{ id: string }>('/api/projects', { path });
  const session = await boocode.post<{ id: string; chats: { id: string }[] }>('/api/sessions', { projectId: project.id, title: 'A long talk' });
  const chatId = session.chats[0]?.id ?? '';
  const sql = postgres({ ...(await findDatabase(boocode.home)), max: 1, onnotice: () => undefined });
  try {
    await sql`
      insert into messages (id, chat_id, position, role, status, agent, model, created_at, ended_at)
      select gen_random_uuid(), ${chatId}, i + 1, case i % 2 when 0 then 'user' else 'assistant' end, 'completed',
        case i % 2 when 0 then null else 'boocode' end, case i % 2 when 0 then null else 'demo/a-model-with-a-rather-long-name' end, now(), now()
      from generate_series(0, ${count - 1}::int) i`;
    await sql`
      insert into parts (message_id, index, segment, data, text)
      select id, 0, 0, '{"type":"text"}', case role
        when 'user' then 'Question ' || (position - 1) / 2
        else 'Answer ' || (position - 2) / 2 || '.' || case when position = 82 then ' It speaks of a sunken bell.' else '' end
          || repeat(e'\n\nA paragraph with **bold** words and \`code\` in it, as answers have them.', (position % 5)::int)
          || case when position % 10 = 0 then e'\n\n\`\`\`ts\nconst value = ' || position || e';\n\`\`\`' else '' end
        end
      from messages where chat_id = ${chatId}`;
    await sql`select insert_message_words(m) from messages m where chat_id = ${chatId}`; // as if each had ended after its parts were written
    await sql`update chats set next_position = ${count + 1} where id = ${chatId}`;
  } finally {
    await sql.end();
  }
  return { sessionId: session.id, chatId };
}

async function findDatabase(home: string) {
  const data = join(home, 'postgres');
  const { password } = JSON.parse(await readFile(join(data, 'boocode.json'), 'utf8')) as { password: string };
  const [, , , port = '', socketFolder = ''] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  return { host: socketFolder, port: Number(port), user: 'boocode', password, database: 'postgres' };
}
