import type { ClaudeSessionEntry, ClaudeSessionKey, ClaudeSessionStore } from '@boocode/agents/claude/claude-session-store.ts';
import type { Sql } from 'postgres';

/** The transcripts of Claude's SDK in our database. An entry with a uuid that comes again takes the place of the first; order is that of the first coming. */
export function claudeSessionStore(sql: Sql): ClaudeSessionStore {
  return {
    append: (key, entries) => appendEntries(sql, key, entries),
    load: (key) => loadEntries(sql, key),
    listSubkeys: (key) => listSubpaths(sql, key),
  };
}

async function appendEntries(sql: Sql, { projectKey, sessionId, subpath = '' }: ClaudeSessionKey, entries: readonly ClaudeSessionEntry[]): Promise<void> {
  await sql.begin(async (transaction) => {
    for (const entry of entries) {
      await transaction`
        insert into claude_session_entries (project_key, session_id, subpath, uuid, entry)
        values (${projectKey}, ${sessionId}, ${subpath}, ${entry.uuid ?? null}, ${JSON.stringify(entry)}::text::json)
        on conflict (project_key, session_id, subpath, uuid) where uuid is not null do update set entry = excluded.entry`;
    }
  });
}

async function loadEntries(sql: Sql, { projectKey, sessionId, subpath = '' }: ClaudeSessionKey): Promise<ClaudeSessionEntry[] | null> {
  const rows = await sql<{ entry: ClaudeSessionEntry }[]>`
    select entry from claude_session_entries
    where project_key = ${projectKey} and session_id = ${sessionId} and subpath = ${subpath}
    order by seq`;
  return rows.length === 0 ? null : rows.map(({ entry }) => entry);
}

async function listSubpaths(sql: Sql, { projectKey, sessionId }: Omit<ClaudeSessionKey, 'subpath'>): Promise<string[]> {
  const rows = await sql<{ subpath: string }[]>`
    select distinct subpath from claude_session_entries
    where project_key = ${projectKey} and session_id = ${sessionId} and subpath <> ''
    order by subpath`;
  return rows.map(({ subpath }) => subpath);
}
