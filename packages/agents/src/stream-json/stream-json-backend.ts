import type { AgentHost, PlanLaunch } from '../agent-process.ts';
import type { AgentBackend } from '../backend.ts';
import { DIALECTS, type StreamJsonDialect } from './dialect.ts';
import { lineBackend } from './line-backend.ts';
import { StdioLine } from './stdio-line.ts';

export interface StreamJsonOptions {
  readonly name: string;
  readonly label: string;
  readonly host: AgentHost;
  /** Without the arguments of the protocol: those are the dialect's. */
  readonly plan: PlanLaunch;
  readonly dialect: StreamJsonDialect;
}

/** An agent that speaks claude's lines of JSON in both directions: one process per chat, asked by messages, which asks for leave over the same pipes. */
export function streamJsonBackend({ name, label, host, plan, dialect }: StreamJsonOptions): AgentBackend {
  const { args, takesServersLater, ...facts } = DIALECTS[dialect];
  return lineBackend({
    name,
    label,
    plan,
    ...facts,
    start: ({ model, mode, ...launch }, options, resumeToken, handlers) => {
      const own = args({ model, mode, resumeToken, mcpServers: options.mcpServers });
      const servers = takesServersLater ? options.mcpServers : [];
      return StdioLine.start(host, { ...launch, model, mode, args: [...launch.args, ...own] }, { label, servers, options, handlers });
    },
  });
}
