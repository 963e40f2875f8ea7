import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { McpServer } from '@boocode/agents/backend.ts';
import { type ParseError, parse } from 'jsonc-parser';
import * as z from 'zod/mini';

/** A project's own MCP servers, relative to its folder. They have no effect until they are trusted. */
export const PROJECT_MCP = '.boocode/mcp.json';
const OWN_MCP = 'mcp.json';

const Texts = z.record(z.string(), z.string());
const Entry = z.union([
  z.object({ command: z.string().check(z.minLength(1)), args: z._default(z.array(z.string()), []), env: z._default(Texts, {}) }),
  z.object({ type: z._default(z.enum(['http', 'sse']), 'http'), url: z.url(), headers: z._default(Texts, {}) }),
]);
const McpFile = z.object({ mcpServers: z._default(z.record(z.string(), z.unknown()), {}) });

export interface McpServers {
  readonly servers: readonly McpServer[];
  /** What could not be used, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads the MCP servers for agents that work in `folder`: the person's own (`mcp.json` in BOOCODE_HOME), and above them the project's where it is trusted.
 * Never rejects: a file that is broken is told, and the rest is used.
 */
export async function readMcpServers(where: { home: string; folder: string; isTrusted: boolean; env: NodeJS.ProcessEnv }): Promise<McpServers> {
  const own = await readMcpFile(join(where.home, OWN_MCP), where.env);
  const project = where.isTrusted ? await readMcpFile(join(where.folder, PROJECT_MCP), where.env) : { servers: [], problems: [] };
  const names = new Set(project.servers.map(({ name }) => name));
  return { servers: [...own.servers.filter(({ name }) => !names.has(name)), ...project.servers], problems: [...own.problems, ...project.problems] };
}

async function readMcpFile(path: string, env: NodeJS.ProcessEnv): Promise<McpServers> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? { servers: [], problems: [] } : parseMcpFile(text, path, env);
}

/** `{env:NAME}` is replaced in every text; an unset one is empty, and told. */
export function parseMcpFile(text: string, name: string, env: NodeJS.ProcessEnv): McpServers {
  const errors: ParseError[] = [];
  const parsed = McpFile.safeParse(parse(text, errors, { allowTrailingComma: true }));
  if (errors.length > 0 || !parsed.success) return { servers: [], problems: [`${name} is not a JSON object with "mcpServers"; none of its servers is used`] };
  const servers: McpServer[] = [];
  const problems: string[] = [];
  for (const [id, raw] of Object.entries(parsed.data.mcpServers)) {
    const entry = Entry.safeParse(raw);
    if (!entry.success) {
      problems.push(`${name}: the server "${id}" needs a "command" or a "url"; it is left out`);
      continue;
    }
    const fill = (value: string): string =>
      value.replace(/\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, variable: string) => {
        if ((env[variable] ?? '') === '')
          problems.push(`${name}: the server "${id}" names the environment variable ${variable}, which is not set; it counts as empty`);
        return env[variable] ?? '';
      });
    const fillAll = (texts: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, fill(value)]));
    const { data } = entry;
    if ('command' in data) servers.push({ name: id, type: 'stdio', command: fill(data.command), args: data.args.map(fill), env: fillAll(data.env) });
    else servers.push({ name: id, type: data.type, url: fill(data.url), headers: fillAll(data.headers) });
  }
  return { servers, problems };
}
