import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import type { ClaudeSessionStore } from './claude-session-store.ts';

/** The part of the Claude Agent SDK that is used here. It is never a dependency: a person installs it. */
export interface ClaudeSdk {
  query(asked: { readonly prompt: AsyncIterable<object>; readonly options: ClaudeQueryOptions }): ClaudeQuery;
}

export interface ClaudeQuery extends AsyncIterable<unknown> {
  interrupt(): Promise<unknown>;
  setPermissionMode(mode: string): Promise<unknown>;
  setModel(model?: string): Promise<unknown>;
  initializationResult?(): Promise<object>;
}

export interface ClaudeQueryOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly betas?: readonly string[];
  readonly resume?: string;
  readonly includePartialMessages: boolean;
  readonly allowDangerouslySkipPermissions?: boolean;
  /** Absent: all of them. */
  readonly settingSources?: readonly string[];
  readonly strictMcpConfig?: boolean;
  readonly systemPrompt: { readonly type: 'preset'; readonly preset: 'claude_code' };
  readonly mcpServers: Readonly<Record<string, object>>;
  /** Not on the command line, which others on the machine can read. */
  readonly mcpServersDelivery: 'initialize';
  readonly sessionStore?: ClaudeSessionStore;
  readonly canUseTool: (name: string, input: Record<string, unknown>, context: ToolContext) => Promise<object>;
  readonly spawnClaudeCodeProcess: (spawned: SpawnRequest) => object;
}

export interface ToolContext {
  readonly signal: AbortSignal;
  readonly toolUseID?: string;
  readonly decisionReason?: string;
  readonly blockedPath?: string;
}

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const PACKAGE = '@anthropic-ai/claude-agent-sdk';
const SdkModule = z.looseObject({ query: z.custom<ClaudeSdk['query']>((value) => typeof value === 'function') });

/** Loads the SDK from the first of these `node_modules` folders that holds it. Rejects with `agent_unavailable` and how to install it. */
export async function loadClaudeSdk(moduleFolders: readonly string[]): Promise<ClaudeSdk> {
  for (const folder of moduleFolders) {
    const file = join(folder, PACKAGE, 'sdk.mjs');
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return SdkModule.parse(await import(pathToFileURL(file).href));
  }
  throw new BooError('agent_unavailable', `Cannot start Claude through its SDK: it is not installed; run "npm install -g ${PACKAGE}", or switch the SDK off`);
}
