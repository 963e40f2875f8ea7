import type { CostGroup, CostItem, CostSlice } from '@boocode/contracts/cost.ts';
import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import { moment } from '../db/moment.ts';

export interface CostFilter {
  readonly groupBy: CostGroup;
  /** Moments or days, ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
  readonly projectId: ProjectId | null;
  /** An IANA name: where a day begins. */
  readonly timezone: string;
}

/** What started tasks used, by group. What nobody told stays null and is not counted as nothing. */
export async function readCosts(sql: Sql, filter: CostFilter): Promise<CostItem[]> {
  const rows = await sql<CostItem[]>`
    select key, label, ${sums(sql)} from (${startedTasks(sql, filter)}) used
    group by key, label
    order by ${filter.groupBy === 'day' ? sql`key` : sql`coalesce(sum(tokens_in), 0) + coalesce(sum(tokens_out), 0) desc, label`}`;
  return rows.map((row) => ({ ...row }));
}

/** The same for each day. */
export async function readCostDays(sql: Sql, filter: CostFilter): Promise<CostSlice[]> {
  const rows = await sql<CostSlice[]>`
    select day, key, label, ${sums(sql)} from (${startedTasks(sql, filter)}) used
    group by day, key, label
    order by day, coalesce(sum(tokens_in), 0) + coalesce(sum(tokens_out), 0) desc, label`;
  return rows.map((row) => ({ ...row }));
}

function sums(sql: Sql) {
  return sql`count(*)::int as tasks, sum(tokens_in)::float8 as "tokensIn", sum(tokens_out)::float8 as "tokensOut", sum(cost) as cost`;
}

function startedTasks(sql: Sql, filter: CostFilter) {
  const { from, to, projectId, timezone } = filter;
  return sql`
    select t.tokens_in, t.tokens_out, t.cost, to_char(t.created_at at time zone ${timezone}, 'YYYY-MM-DD') as day, ${groupColumns(sql, filter)}
    from tasks t join projects p on p.id = t.project_id
    where t.started_at is not null and (${projectId}::uuid is null or t.project_id = ${projectId})
      and (${from}::text is null or t.created_at >= ${moment(sql, from, 'from', timezone)})
      and (${to}::text is null or t.created_at < ${moment(sql, to, 'to', timezone)})`;
}

function groupColumns(sql: Sql, { groupBy, timezone }: CostFilter) {
  switch (groupBy) {
    case 'project':
      return sql`p.id::text as key, p.name as label`;
    case 'agent':
      return sql`t.agent as key, t.agent as label`;
    case 'model':
      return sql`coalesce(t.model, '') as key, coalesce(t.model, 'no model named') as label`;
    case 'day':
      return sql`to_char(t.created_at at time zone ${timezone}, 'YYYY-MM-DD') as key, to_char(t.created_at at time zone ${timezone}, 'YYYY-MM-DD') as label`;
  }
}
