import { ProjectId, PermissionRuleId } from '@boocode/contracts/ids.ts';
import { PermissionRequest, type PermissionRule } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Sql } from 'postgres';
import type { Queries } from '../db/queries.ts';

interface RuleRow {
  readonly id: string;
  readonly project_id: string;
  readonly agent: string;
  readonly kind: string;
  readonly subject: string;
  readonly created_at: Date;
}

type Asked = Pick<PermissionRequest, 'kind' | 'subject'>;

/** Whether a person has allowed exactly this for good. */
export async function isAlwaysAllowed(sql: Sql, { projectId, agent }: Pick<Task, 'projectId' | 'agent'>, { kind, subject }: Asked): Promise<boolean> {
  const rows = await sql`select from permission_rules where project_id = ${projectId} and agent = ${agent} and kind = ${kind} and subject = ${subject}`;
  return rows.length > 0;
}

/** The same rule twice is one. */
export async function insertRule(sql: Queries, { projectId, agent }: { projectId: ProjectId; agent: string }, { kind, subject }: Asked): Promise<void> {
  await sql`
    insert into permission_rules (id, project_id, agent, kind, subject) values (${crypto.randomUUID()}, ${projectId}, ${agent}, ${kind}, ${subject})
    on conflict do nothing`;
}

/** Newest first. */
export async function listRules(sql: Sql, projectId: ProjectId | null): Promise<PermissionRule[]> {
  const rows = await sql<RuleRow[]>`
    select * from permission_rules where ${projectId}::uuid is null or project_id = ${projectId} order by created_at desc, id`;
  return rows.map((row) => ({
    id: PermissionRuleId.parse(row.id),
    projectId: ProjectId.parse(row.project_id),
    agent: row.agent,
    kind: PermissionRequest.shape.kind.parse(row.kind),
    subject: row.subject,
    createdAt: row.created_at.toISOString(),
  }));
}

export async function deleteRule(sql: Sql, id: PermissionRuleId): Promise<boolean> {
  const result = await sql`delete from permission_rules where id = ${id}`;
  return result.count === 1;
}
