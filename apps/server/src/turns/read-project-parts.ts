import type { Project } from '@boocode/contracts/project.ts';
import type { Sql } from 'postgres';
import { readMcpServers } from '../projects/mcp-servers.ts';
import { isTrustedFor } from '../trust/trusted-content.ts';
import type { ProjectParts } from './turn-deps.ts';

/** What agents that work in `folder` are given of what the project brings. */
export async function readProjectParts(
  { sql, home, env }: { readonly sql: Sql; readonly home: string; readonly env: NodeJS.ProcessEnv },
  project: Project,
  folder: string,
): Promise<ProjectParts> {
  const isTrusted = await isTrustedFor(sql, project, folder);
  const { servers, problems } = await readMcpServers({ home, folder, isTrusted, env });
  const notices = problems.map((text) => ({ code: 'mcp_problem', text }));
  if (isTrusted) return { isTrusted, mcpServers: servers, notices };
  const text = 'This repository brings settings for agents (plugins, hooks, servers) that you have not approved: the agent works without them';
  return { isTrusted, mcpServers: servers, notices: [{ code: 'not_trusted', text }, ...notices] };
}
