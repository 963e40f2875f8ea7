import { acpBackend } from '@boocode/agents/acp/acp-backend.ts';
import type { ClaudeSdk } from '@boocode/agents/claude/claude-sdk.ts';
import { claudeSdkBackend } from '@boocode/agents/claude/claude-sdk-backend.ts';
import type { ClaudeSessionStore } from '@boocode/agents/claude/claude-session-store.ts';
import type { AgentHost, PlanLaunch } from '@boocode/agents/agent-process.ts';
import type { AgentBackend } from '@boocode/agents/backend.ts';
import type { AgentForm, AgentProvider } from '@boocode/agents/providers/agent-provider.ts';
import { opencodeBackend } from '@boocode/agents/opencode/opencode-backend.ts';
import { commandBackend } from '@boocode/agents/stream-json/command-backend.ts';
import { streamJsonBackend } from '@boocode/agents/stream-json/stream-json-backend.ts';

interface MadeBackend {
  readonly backend: AgentBackend;
  /** Ends what it keeps running for all conversations. */
  readonly end: () => Promise<void>;
}

export interface BackendParts {
  readonly host: AgentHost;
  readonly plan: (form: AgentForm) => PlanLaunch;
  /** Where the worktrees of all projects are. */
  readonly worktreesDir: string;
  readonly claudeStore: ClaudeSessionStore;
  readonly loadClaudeSdk: () => Promise<ClaudeSdk>;
}

/** The way to reach an agent, by its transport. `plan` works out how each form of it is started. */
export function makeBackend(provider: AgentProvider, parts: BackendParts): MadeBackend {
  return makeForm(provider, provider, provider.fallback, parts);
}

const NOTHING_TO_END = async (): Promise<void> => {};

function makeForm(provider: AgentProvider, form: AgentForm, fallback: AgentForm | null, parts: BackendParts): MadeBackend {
  const { id: name, label, dialect } = provider;
  const { host, plan, worktreesDir } = parts;
  const common = { name, label, host, plan: plan(form) };
  switch (form.transport) {
    case 'acp': {
      const other = fallback === null ? null : makeForm(provider, fallback, null, parts);
      return { backend: acpBackend({ ...common, fallback: other?.backend ?? null }), end: async () => other?.end() };
    }
    case 'stream-json':
      return { backend: dialect === null ? commandBackend({ ...common, isTerminal: false }) : streamJsonBackend({ ...common, dialect }), end: NOTHING_TO_END };
    case 'pty':
      return { backend: commandBackend({ ...common, isTerminal: true }), end: NOTHING_TO_END };
    case 'opencode': {
      const backend = opencodeBackend({ ...common, worktreesDir });
      return { backend, end: async () => backend[Symbol.asyncDispose]() };
    }
    case 'claude-sdk':
      return { backend: claudeSdkBackend({ ...common, store: parts.claudeStore, loadSdk: parts.loadClaudeSdk }), end: NOTHING_TO_END };
  }
}
