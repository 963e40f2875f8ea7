import { BooError } from '@boocode/contracts/error-code.ts';
import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { Project, RepositoryState } from '@boocode/contracts/project.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { openProject, type ProjectDeps, realFolder } from './open-project.ts';
import { deleteProject, findProject, listProjects, updateProject } from './project-store.ts';

export interface ProjectRouteDeps extends ProjectDeps {
  readonly inspect: (path: string) => Promise<RepositoryState>;
  readonly startGit: (path: string) => Promise<RepositoryState>;
  /** Removes the history that BooCode keeps of a folder without git, unless a worktree is left of it. */
  readonly forgetHistory: (path: string) => Promise<void>;
  /** Whether a turn of the project has not ended. */
  readonly isBusy: (id: ProjectId) => Promise<boolean>;
  /** Closes the project's terminals. */
  readonly endTerminals: (id: ProjectId) => Promise<void>;
}

export function projectHandlers(deps: ProjectRouteDeps): Partial<Handlers> {
  const { sql, hub } = deps;
  return {
    createProject: ({ body }) => openProject(deps, body.path, body.name ?? null),
    listProjects: async ({ query }) => pageOfAll(await listProjects(sql), query),
    getProject: ({ params }) => getProject(sql, params.id),
    patchProject: async ({ params, body }) => {
      const paths =
        body.allowed_read_paths === undefined
          ? {}
          : { allowed_read_paths: await Promise.all(body.allowed_read_paths.map((path) => realFolder(path, 'allow reading'))) };
      const project = await updateProject(sql, params.id, { ...body, ...paths });
      if (project === null) throw noProject(params.id);
      hub.publish('user', { type: 'project_updated', project });
      return project;
    },
    deleteProject: async ({ params }) => {
      if (await deps.isBusy(params.id)) throw new BooError('conflict', 'Cannot forget the project: a task of it still runs; cancel it first');
      const { path } = await getProject(sql, params.id);
      if (!(await deleteProject(sql, params.id))) throw noProject(params.id);
      await deps.endTerminals(params.id);
      await deps.forgetHistory(path);
      hub.publish('user', { type: 'project_removed', projectId: params.id });
      return { ok: true };
    },
    getRepository: async ({ params }) => deps.inspect((await getProject(sql, params.id)).path),
    startRepository: async ({ params }) => deps.startGit((await getProject(sql, params.id)).path),
  };
}

/** The project, or `not_found`. */
export async function getProject(sql: Sql, id: ProjectId): Promise<Project> {
  const project = await findProject(sql, id);
  if (project === null) throw noProject(id);
  return project;
}

function noProject(id: string): BooError {
  return new BooError('not_found', `Cannot find project ${id}: there is none with this id; \`boocode projects\` lists what there is`);
}
