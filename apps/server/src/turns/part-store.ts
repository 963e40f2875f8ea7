import type { Sql } from 'postgres';
import type { PartRow } from './map-part-rows.ts';

export interface OwnedPartRow extends PartRow {
  readonly taskId: string;
  readonly messageId: string;
  readonly fence: number;
}

/** Writes rows of any number of turns at once. Returns the tasks that still are this runner's: rows of others are left out. */
export async function writeParts(sql: Sql, rows: readonly OwnedPartRow[]): Promise<Set<string>> {
  const kept = await sql<{ task_id: string }[]>`
    with r as (
      select * from unnest(
        ${rows.map((row) => row.taskId)}::uuid[], ${rows.map((row) => row.messageId)}::uuid[], ${rows.map((row) => row.fence)}::bigint[],
        ${rows.map((row) => row.index)}::int[], ${rows.map((row) => row.segment)}::int[],
        ${rows.map((row) => row.data)}::text[], ${rows.map((row) => row.text)}::text[]
      ) as r (task_id, message_id, fence, index, segment, data, text)
    ), owned as (
      select r.* from r join tasks t on t.id = r.task_id and t.fence = r.fence and t.state in ('running', 'blocked')
    ), written as (
      insert into parts (message_id, index, segment, data, text)
      select message_id, index, segment, data::json, text from owned
      on conflict (message_id, index, segment) do update set data = excluded.data, text = excluded.text
    )
    select distinct task_id from owned`;
  return new Set(kept.map((row) => row.task_id));
}
