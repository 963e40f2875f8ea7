import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { usageError } from '../command/exit-error.ts';

/** The project of a folder. @throws ExitError (2) when the folder is none. */
export async function findProject(api: ApiClient, cwd: string, folder: string): Promise<Project> {
  const path = resolve(cwd, folder);
  const real = await realpath(path).catch(() => path); // a folder that is gone may still be a project
  const { items } = await api.listProjects({ query: { limit: 500 } });
  const project = items.find((one) => one.path === real || one.path === path);
  if (project === undefined) throw usageError(`Cannot find the project "${path}": BooCode does not know this folder; see \`boocode projects\``);
  return project;
}
