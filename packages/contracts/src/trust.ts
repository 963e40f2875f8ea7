import * as z from 'zod/mini';
import { ProjectId } from './ids.ts';
import { Timestamp } from './time.ts';

/** Something a repository brings that would run or steer programs. It has no effect until a person approved exactly this content. */
export const TrustItem = z.object({
  projectId: ProjectId,
  /** Where it comes from, relative to the project, for instance `.boocode/project.json`. */
  path: z.string(),
  hash: z.string(),
  content: z.string(),
  /** The shell scripts that would run in each worktree, when it is set up and before it goes; null = nothing would run. */
  script: z.nullable(z.string()),
  /** The content approved before, when it changed; null = never approved. */
  approvedContent: z.nullable(z.string()),
  trusted: z.boolean(),
  approvedAt: z.nullable(Timestamp),
});
export type TrustItem = z.infer<typeof TrustItem>;

export const ApproveTrust = z.strictObject({ path: z.string(), hash: z.string() });
export type ApproveTrust = z.infer<typeof ApproveTrust>;
