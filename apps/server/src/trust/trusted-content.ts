import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { TrustItem } from '@boocode/contracts/trust.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { getProject } from '../projects/project-routes.ts';
import { parseProjectConfig, PROJECT_CONFIG } from './project-config.ts';
import { findApproval, upsertApproval } from './trust-store.ts';

/** What a repository may bring that runs or steers programs. */
const TRUSTED_PATHS = [PROJECT_CONFIG] as const;
const MAX_BYTES = 256 * 1024;

/** The repository's file and whether a person approved exactly what it says now; null when there is no such file. */
export async function readTrusted(sql: Sql, project: Project, path: string): Promise<TrustItem | null> {
  const content = await readContent(join(project.path, path));
  if (content === null) return null;
  const hash = createHash('sha256').update(content).digest('hex');
  const approval = await findApproval(sql, project.id, path);
  return {
    projectId: project.id,
    path,
    hash,
    content,
    script: parseProjectConfig(content).setup ?? null,
    approvedContent: approval === null || approval.hash === hash ? null : approval.content,
    trusted: approval?.hash === hash,
    approvedAt: approval?.approvedAt ?? null,
  };
}

export function trustHandlers({ sql }: { readonly sql: Sql }): Partial<Handlers> {
  return {
    listTrust: async ({ params, query }) => {
      const project = await getProject(sql, params.id);
      const items = await Promise.all(TRUSTED_PATHS.map((path) => readTrusted(sql, project, path)));
      return pageOfAll(
        items.filter((item) => item !== null),
        query,
      );
    },
    approveTrust: async ({ params, body }) => {
      const project = await getProject(sql, params.id);
      const item = TRUSTED_PATHS.some((path) => path === body.path) ? await readTrusted(sql, project, body.path) : null;
      if (item === null) throw new BooError('not_found', `Cannot trust "${body.path}": the project has no such file`);
      if (item.hash !== body.hash) throw new BooError('conflict', `Cannot trust "${body.path}": it has changed since you saw it; look at it again`);
      await upsertApproval(sql, project.id, item);
      return { ...item, trusted: true, approvedContent: null, approvedAt: new Date().toISOString() };
    },
  };
}

/** A link is not followed: what was approved must be what the repository holds. */
async function readContent(path: string): Promise<string | null> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return null; // not there, or nothing that could be read
  }
  try {
    const { size } = await file.stat();
    return size > MAX_BYTES ? null : await file.readFile('utf8');
  } catch {
    return null; // a folder, or unreadable: nothing of it has an effect
  } finally {
    await file.close();
  }
}
