import { BooError } from '@boocode/contracts/error-code.ts';
import type { Project } from '@boocode/contracts/project.ts';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, sep } from 'node:path';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import { insertProject } from './project-store.ts';

export interface ProjectDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  /** BOOCODE_HOME: never a project. */
  readonly home: string;
}

/** Makes a folder a project, or finds the project that it is. Rejects with a sentence for what cannot be one. */
export async function openProject(deps: ProjectDeps, path: string, name: string | null): Promise<Project> {
  const folder = await realFolder(path, 'add the project');
  const home = await realpath(deps.home);
  if (folder === home || folder.startsWith(home + sep)) {
    throw new BooError('invalid_request', `Cannot add the project "${path}": it lies in BooCode's own folder; choose a folder of your own`);
  }
  const { project, isNew } = await insertProject(deps.sql, { path: folder, name: name ?? (basename(folder) || folder) });
  if (isNew) deps.hub.publish('user', { type: 'project_updated', project });
  return project;
}

/** The real path of a folder that can be read, or a BooError that says what is wrong with it. */
export async function realFolder(path: string, verb: string): Promise<string> {
  const cannot = (reason: string): BooError => new BooError('invalid_request', `Cannot ${verb} "${path}": ${reason}`);
  if (!isAbsolute(path)) throw cannot('it must be an absolute path, for instance /home/me/project');
  if (path.includes('\0')) throw cannot('a path cannot contain a NUL character');
  try {
    const folder = await realpath(path);
    if (!(await stat(folder)).isDirectory()) throw cannot('it is not a folder; name the folder that holds it');
    await access(folder, constants.R_OK | constants.X_OK);
    return folder;
  } catch (error) {
    if (error instanceof BooError) throw error;
    throw cannot(folderFault(error));
  }
}

function folderFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'there is no such folder; check the spelling';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read; change its permissions or run BooCode as its owner';
  return 'it cannot be opened';
}
