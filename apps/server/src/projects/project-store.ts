import { ProjectId } from '@boocode/contracts/ids.ts';
import type { PatchProject, Project } from '@boocode/contracts/project.ts';
import type { Sql } from 'postgres';

export interface ProjectRow {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly allowed_read_paths: string[];
  /** Text within JSON. */
  readonly created_at: Date | string;
}

/** Adds a folder; the same folder gives the same project. `path` is absolute and real. */
export async function insertProject(sql: Sql, project: { readonly path: string; readonly name: string }): Promise<{ project: Project; isNew: boolean }> {
  const id = crypto.randomUUID();
  const [row] = await sql<[ProjectRow]>`
    insert into projects (id, path, name) values (${id}, ${project.path}, ${project.name})
    on conflict (path) do update set name = projects.name
    returning *`;
  return { project: toProject(row), isNew: row.id === id };
}

export async function findProject(sql: Sql, id: ProjectId): Promise<Project | null> {
  const [row] = await sql<ProjectRow[]>`select * from projects where id = ${id}`;
  return row === undefined ? null : toProject(row);
}

/** By name. */
export async function listProjects(sql: Sql): Promise<Project[]> {
  const rows = await sql<ProjectRow[]>`select * from projects order by lower(name), id`;
  return rows.map(toProject);
}

export async function updateProject(sql: Sql, id: ProjectId, patch: PatchProject): Promise<Project | null> {
  const [row] = await sql<ProjectRow[]>`
    update projects set
      name = coalesce(${patch.name ?? null}, name),
      allowed_read_paths = coalesce(${patch.allowed_read_paths ?? null}::text[], allowed_read_paths)
    where id = ${id}
    returning *`;
  return row === undefined ? null : toProject(row);
}

export async function deleteProject(sql: Sql, id: ProjectId): Promise<boolean> {
  const result = await sql`delete from projects where id = ${id}`;
  return result.count === 1;
}

export function toProject(row: ProjectRow): Project {
  return {
    id: ProjectId.parse(row.id),
    path: row.path,
    name: row.name,
    allowed_read_paths: row.allowed_read_paths,
    createdAt: new Date(row.created_at).toISOString(),
  };
}
