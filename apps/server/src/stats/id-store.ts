import type { Sql } from 'postgres';

export const ID_KINDS = ['project', 'session', 'chat', 'task', 'permission', 'change', 'checkpoint', 'worktree'] as const;
export type IdKind = (typeof ID_KINDS)[number];

const LIMIT = 20;

/** What ids begin with these characters. */
export async function findIds(sql: Sql, prefix: string): Promise<{ kind: IdKind; id: string }[]> {
  const like = `${prefix.replaceAll(/[\\%_]/g, '')}%`;
  const rows = await sql<{ kind: string; id: string }[]>`
    select kind, id from (
      select 'project' as kind, id::text from projects
      union all select 'session', id::text from sessions where deleted_at is null
      union all select 'chat', id::text from chats where closed_at is null
      union all select 'task', id::text from tasks
      union all select 'permission', id::text from permissions
      union all select 'change', id::text from changes
      union all select 'checkpoint', id::text from checkpoints where state = 'kept'
      union all select 'worktree', id::text from worktrees
    ) ids where id like ${like} order by kind, id limit ${LIMIT}`;
  return rows.flatMap((row) => ID_KINDS.filter((kind) => kind === row.kind).map((kind) => ({ kind, id: row.id })));
}
