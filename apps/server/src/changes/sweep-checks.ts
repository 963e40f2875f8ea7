import { inspectRepository } from '@boocode/git/repository.ts';
import { sweepScratchTrees } from '@boocode/git/scratch-tree.ts';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listProjects } from '../projects/project-store.ts';
import { CHECK_PREFIX } from './change-checks.ts';
import type { ChangeDeps } from './change-deps.ts';

/** At the start: takes away what a killed server left of its checks. Never rejects. */
export async function sweepChecks(deps: Pick<ChangeDeps, 'sql' | 'git' | 'log' | 'worktreesDir'>): Promise<void> {
  const left = (await readdir(deps.worktreesDir).catch(() => [])).filter((name) => name.startsWith(CHECK_PREFIX));
  if (left.length === 0) return;
  for (const project of await listProjects(deps.sql)) {
    try {
      const { tree } = await inspectRepository(deps.git, project.path);
      if (tree === null) continue;
      await sweepScratchTrees(deps.git, { project: tree, folder: deps.worktreesDir, prefix: CHECK_PREFIX });
    } catch (error) {
      deps.log.warn({ err: error, project: project.id }, 'cannot look for checks that were cut off');
    }
  }
  for (const name of left) await rm(join(deps.worktreesDir, name), { recursive: true, force: true });
}
