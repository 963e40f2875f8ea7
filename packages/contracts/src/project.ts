import * as z from 'zod/mini';
import { ProjectId } from './ids.ts';
import { Timestamp } from './time.ts';

/**
 * What git has to say about a project's folder; decides whether agents can edit there, with a sentence for the person.
 * `shadow`: there is no git, and BooCode keeps its own history outside the folder.
 */
export const RepositoryState = z.object({
  kind: z.enum(['ready', 'no_commit', 'shadow', 'no_repository', 'bare', 'refused', 'missing']),
  /** The branch checked out in the project's folder; null when detached or without a repository. */
  branch: z.nullable(z.string()),
  head: z.nullable(z.string()),
  /** The project's folder inside its repository ('' = it is the top). */
  prefix: z.string(),
  message: z.nullable(z.string()),
});
export type RepositoryState = z.infer<typeof RepositoryState>;

/** A folder that people work on. `allowed_read_paths`: further absolute folders its agents may read (snake case: a public name). */
export const Project = z.object({
  id: ProjectId,
  path: z.string(),
  name: z.string(),
  allowed_read_paths: z.array(z.string()),
  createdAt: Timestamp,
});
export type Project = z.infer<typeof Project>;

export const CreateProject = z.strictObject({
  path: z.string().check(z.minLength(1), z.maxLength(4096)),
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
});
export type CreateProject = z.infer<typeof CreateProject>;

export const PatchProject = z.strictObject({
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  allowed_read_paths: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(4096))).check(z.maxLength(100))),
});
export type PatchProject = z.infer<typeof PatchProject>;
