import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An agent that tests drive for real, in exactly this version. */
export interface Agent {
  /** As an argument of `npm run agents:install`. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  readonly command: string;
}

export const AGENTS: readonly Agent[] = [
  { name: 'goose', package: '@aaif/goose-acp', version: '1.50.0', command: 'goose' },
  { name: 'opencode', package: 'opencode-ai', version: '1.18.33', command: 'opencode' },
  { name: 'qwen', package: '@qwen-code/qwen-code', version: '0.24.4', command: 'qwen' },
  { name: 'qwen-0.15', package: '@qwen-code/qwen-code', version: '0.15.10', command: 'qwen' },
  { name: 'claude', package: '@anthropic-ai/claude-code', version: '2.1.330', command: 'claude' },
];

/** Where they all lie. */
export function agentsFolder(): string {
  return process.env['BOOCODE_AGENTS_DIR'] ?? join(homedir(), '.cache', 'boocode', 'agents');
}

export function folderOf({ command, version }: Agent): string {
  return join(agentsFolder(), `${command}-${version}`);
}

export function agentProgram({ command }: Agent, folder: string): string {
  return join(folder, 'node_modules', '.bin', command);
}

/** Which of them the tests find, and which they leave out, in one line. */
export function describeAgents(): string {
  const isThere = (agent: Agent): boolean => existsSync(agentProgram(agent, folderOf(agent)));
  const [there, missing] = [AGENTS.filter(isThere), AGENTS.filter((agent) => !isThere(agent))];
  const names = (agents: readonly Agent[]): string => agents.map(({ command, version }) => `${command} ${version}`).join(', ');
  const tested = there.length === 0 ? 'none' : names(there);
  return `real agents tested: ${tested}${missing.length === 0 ? '' : `; not installed, so left out: ${names(missing)} (npm run agents:install)`}`;
}
