import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';

export interface Approval {
  readonly path: string;
  readonly hash: string;
  readonly content: string;
  readonly approvedAt: string;
}

export async function findApproval(sql: Sql, projectId: ProjectId, path: string): Promise<Approval | null> {
  const [row] = await sql<{ path: string; hash: string; content: string; approved_at: Date }[]>`
    select path, hash, content, approved_at from trusted_content where project_id = ${projectId} and path = ${path}`;
  return row === undefined ? null : { path: row.path, hash: row.hash, content: row.content, approvedAt: row.approved_at.toISOString() };
}

export async function upsertApproval(sql: Sql, projectId: ProjectId, approval: Omit<Approval, 'approvedAt'>): Promise<void> {
  await sql`
    insert into trusted_content (project_id, path, hash, content) values (${projectId}, ${approval.path}, ${approval.hash}, ${approval.content})
    on conflict (project_id, path) do update set hash = excluded.hash, content = excluded.content, approved_at = now()`;
}
