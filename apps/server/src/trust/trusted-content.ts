import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { TrustItem } from '@boocode/contracts/trust.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { getProject } from '../projects/project-routes.ts';
import { PROJECT_MCP } from '../projects/mcp-servers.ts';
import { parseProjectConfig, PROJECT_CONFIG } from './project-config.ts';
import { readBrought } from './read-brought.ts';
import { findApproval, upsertApproval } from './trust-store.ts';

/** What a repository may bring that runs or steers programs. */
const AGENT_PATHS = [
  PROJECT_MCP,
  '.mcp.json',
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.qwen/settings.json',
  'opencode.json',
  'opencode.jsonc',
  '.opencode',
] as const;
const TRUSTED_PATHS = [PROJECT_CONFIG, ...AGENT_PATHS] as const;

/**
 * Whether what the folder brings for agents (their settings, plugins, hooks, servers) may have an effect: none of it is there, or a person approved exactly what
 * is there now. `folder` is where the agent works: an agent may have changed it since.
 */
export async function isTrustedFor(sql: Sql, project: Project, folder: string): Promise<boolean> {
  const items = await Promise.all(AGENT_PATHS.map((path) => readTrusted(sql, { ...project, path: folder }, path)));
  return items.every((item) => item === null || item.trusted);
}

/** The repository's file and whether a person approved exactly what it says now; null when there is no such file. */
export async function readTrusted(sql: Sql, project: Project, path: string): Promise<TrustItem | null> {
  const brought = await readBrought(join(project.path, path));
  if (brought === null) return null;
  const { content } = brought;
  if (!brought.isWhole) return { projectId: project.id, path, hash: '', content, script: null, approvedContent: null, trusted: false, approvedAt: null };
  const hash = createHash('sha256').update(content).digest('hex');
  const approval = await findApproval(sql, project.id, path);
  return {
    projectId: project.id,
    path,
    hash,
    content,
    script: path === PROJECT_CONFIG ? scriptsOf(content) : null,
    approvedContent: approval === null || approval.hash === hash ? null : approval.content,
    trusted: approval?.hash === hash,
    approvedAt: approval?.approvedAt ?? null,
  };
}

/** What would run in each worktree: before the work, and before it goes. */
function scriptsOf(content: string): string | null {
  const { setup, teardown } = parseProjectConfig(content);
  const scripts = [...(setup === undefined ? [] : [setup]), ...(teardown === undefined ? [] : [`# before a worktree goes\n${teardown}`])];
  return scripts.length === 0 ? null : scripts.join('\n');
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
      if (item.hash === '') throw new BooError('conflict', `Cannot trust "${body.path}": ${item.content}`);
      if (item.hash !== body.hash) throw new BooError('conflict', `Cannot trust "${body.path}": it has changed since you saw it; look at it again`);
      await upsertApproval(sql, project.id, item);
      return { ...item, trusted: true, approvedContent: null, approvedAt: new Date().toISOString() };
    },
  };
}
