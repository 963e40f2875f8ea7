import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { AgentLaunch } from '../agent-process.ts';
import type { McpServer } from '../backend.ts';

/** A family of command lines that speak lines of JSON. */
export type StreamJsonDialect = 'claude' | 'qwen';

interface Invocation {
  /** The agent's own name of the model; null: as it likes. */
  readonly model: string | null;
  readonly mode: string | null;
  readonly resumeToken: string | null;
  readonly mcpServers: readonly McpServer[];
}

interface DialectFacts {
  readonly args: (invocation: Invocation) => string[];
  /** Whether it is told of MCP servers when it runs: then what they are given as secrets stands on no command line. */
  readonly takesServersLater: boolean;
  readonly forgetsAfterFailure: boolean;
  /** Whether the usage of a result is that of its turn alone. */
  readonly isUsageOfTurn: boolean;
  readonly modes: AgentInfo['modes'];
  /** What it says when it does not know the conversation that it shall resume. */
  readonly unknownSession: RegExp;
  /** What must be chosen when the program starts and cannot be changed later. */
  readonly startChoice: (launch: AgentLaunch) => string;
}

const QWEN_ARGS = ['--output-format', 'stream-json', '--input-format', 'stream-json', '--include-partial-messages'];
const CLAUDE_ARGS = ['-p', ...QWEN_ARGS, '--verbose', '--permission-prompt-tool', 'stdio'];
const MODE_UNASKED = 'bypassPermissions';

export const DIALECTS: Readonly<Record<StreamJsonDialect, DialectFacts>> = {
  claude: {
    args: ({ model, mode, resumeToken }) => [
      ...CLAUDE_ARGS,
      ...(mode === MODE_UNASKED ? ['--allow-dangerously-skip-permissions'] : []),
      ...flag('--model', model),
      ...flag('--resume', resumeToken),
    ],
    takesServersLater: true,
    forgetsAfterFailure: false,
    isUsageOfTurn: true,
    modes: [
      { id: 'default', label: 'Default', description: 'Asks before edits and commands' },
      { id: 'acceptEdits', label: 'Accept edits', description: 'Edits without asking, asks before commands' },
      { id: 'plan', label: 'Plan', description: 'Reads and plans, changes nothing' },
      { id: MODE_UNASKED, label: 'Bypass permissions', description: 'Asks for nothing' },
    ],
    unknownSession: /no conversation found/i,
    startChoice: ({ mode }) => (mode === MODE_UNASKED ? MODE_UNASKED : ''),
  },
  qwen: {
    args: ({ model, resumeToken, mcpServers }) => [
      ...QWEN_ARGS,
      ...flag('--model', model),
      ...flag('--resume', resumeToken),
      ...flag('--mcp-config', mcpConfig(mcpServers)),
    ],
    takesServersLater: false,
    forgetsAfterFailure: true, // 0.24: of a conversation in which a request failed, only what came before it can be resumed
    isUsageOfTurn: false,
    modes: [
      { id: 'default', label: 'Default', description: 'Asks before edits and commands' },
      { id: 'auto-edit', label: 'Auto edit', description: 'Edits without asking, asks before commands' },
      { id: 'plan', label: 'Plan', description: 'Reads and plans, changes nothing' },
      { id: 'yolo', label: 'Yolo', description: 'Asks for nothing' },
    ],
    unknownSession: /no saved session found/i,
    startChoice: () => '',
  },
};

function flag(name: string, value: string | null): string[] {
  return value === null ? [] : [name, value];
}

function mcpConfig(servers: readonly McpServer[]): string | null {
  return servers.length === 0 ? null : JSON.stringify({ mcpServers: mapMcpServers(servers) });
}

/** Servers by their names, as claude and qwen write them. */
export function mapMcpServers(servers: readonly McpServer[]): Record<string, object> {
  return Object.fromEntries(servers.map(({ name, ...server }) => [name, server]));
}
