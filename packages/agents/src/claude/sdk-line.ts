import { BooError } from '@boocode/contracts/error-code.ts';
import { type AgentHost, type AgentLaunch, AgentProcess } from '../agent-process.ts';
import type { OpenOptions } from '../backend.ts';
import type { AgentLine, LineHandlers } from '../stream-json/agent-line.ts';
import { mapMcpServers } from '../stream-json/dialect.ts';
import type { ToolAnswer } from '../stream-json/map-permission.ts';
import type { ClaudeQuery, ClaudeQueryOptions, ClaudeSdk, SpawnRequest, ToolContext } from './claude-sdk.ts';
import type { ClaudeSessionStore } from './claude-session-store.ts';
import { MessageInput } from './message-input.ts';
import { splitModel, UNASKED_MODE } from './model-choice.ts';
import { SdkProcess } from './sdk-process.ts';

export interface SdkLineOptions {
  readonly sdk: ClaudeSdk;
  readonly host: AgentHost;
  readonly label: string;
  readonly store: ClaudeSessionStore | null;
}

/** A line to Claude through its SDK, which starts the program and speaks to it. */
export class SdkLine implements AgentLine {
  readonly gone: Promise<BooError>;
  readonly #label: string;
  readonly #input = new MessageInput();
  readonly #query: ClaudeQuery;
  readonly #end = new AbortController();
  #process: AgentProcess | null = null;
  #failure: unknown = null;

  constructor({ sdk, host, label, store }: SdkLineOptions, launch: AgentLaunch, options: OpenOptions, resumeToken: string | null, handlers: LineHandlers) {
    this.#label = label;
    const signal = AbortSignal.any([options.signal, this.#end.signal]);
    const spawned = Promise.withResolvers<SdkProcess>();
    const spawnClaudeCodeProcess = (asked: SpawnRequest): SdkProcess => {
      const process = new SdkProcess(startAgent(host, launch, label, asked, { ...options, signal }));
      void process.started.then((started) => (this.#process = started));
      spawned.resolve(process);
      return process;
    };
    const canUseTool = (name: string, input: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
      const { toolUseID, decisionReason, blockedPath } = context;
      return handlers.onToolRequest(
        { tool_name: name, input, tool_use_id: toolUseID, decision_reason: decisionReason, blocked_path: blockedPath },
        context.signal,
      );
    };
    const own = queryOptions(launch, options, resumeToken, store);
    this.#query = sdk.query({ prompt: this.#input, options: { ...own, canUseTool, spawnClaudeCodeProcess } });
    this.gone = this.#read(handlers).then(async () => {
      this.#input.end();
      this.#end.abort();
      const process = this.#process;
      if (process !== null && this.#failure === null) return process.crash();
      await process?.[Symbol.asyncDispose]();
      return new BooError('agent_crashed', `Cannot go on with ${this.#label}: ${this.#reason()}; send the message again to start it anew`);
    });
  }

  get pid(): number | null {
    return this.#process?.child.pid ?? null;
  }

  get lastWords(): string {
    return this.#process?.lastWords ?? '';
  }

  async greet(): Promise<object> {
    const ended = this.gone.then((reason) => {
      throw this.#failure ?? reason;
    });
    return Promise.race([this.#query.initializationResult?.() ?? Promise.resolve({}), ended]);
  }

  async offerServers(): Promise<readonly string[]> {
    return []; // it was started with them
  }

  setMode(mode: string): Promise<unknown> {
    return this.#query.setPermissionMode(mode);
  }

  setModel(model: string): Promise<unknown> {
    return this.#query.setModel(splitModel(model).name);
  }

  interrupt(): Promise<unknown> {
    return this.#query.interrupt();
  }

  send(message: object): void {
    this.#input.push(message);
  }

  watchTurn(): () => Promise<void> {
    return this.#process?.watchTurn() ?? (async () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#input.end();
    this.#end.abort();
    await this.#process?.[Symbol.asyncDispose]();
    await this.gone;
  }

  async #read(handlers: LineHandlers): Promise<void> {
    try {
      for await (const message of this.#query) if (typeof message === 'object' && message !== null) handlers.onMessage(message);
    } catch (error) {
      this.#failure = error;
    }
  }

  #reason(): string {
    const said = this.#failure instanceof Error ? this.#failure.message : 'it ended';
    return `${said}${this.lastWords}`;
  }
}

function startAgent(host: AgentHost, launch: AgentLaunch, name: string, asked: SpawnRequest, { cwd, access, signal }: OpenOptions): Promise<AgentProcess> {
  const env = Object.fromEntries(Object.entries(asked.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  const started = { ...launch, command: asked.command, args: asked.args, env };
  return AgentProcess.start(host, started, { name, cwd, signal, view: { isReadOnly: access === 'read-only' } });
}

function queryOptions(
  launch: AgentLaunch,
  options: OpenOptions,
  resumeToken: string | null,
  store: ClaudeSessionStore | null,
): Omit<ClaudeQueryOptions, 'canUseTool' | 'spawnClaudeCodeProcess'> {
  const { name, betas } = splitModel(launch.model);
  return {
    cwd: options.cwd,
    env: launch.env,
    includePartialMessages: true,
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    mcpServers: mapMcpServers(options.mcpServers),
    mcpServersDelivery: 'initialize',
    ...(name === undefined ? {} : { model: name }),
    ...(betas.length === 0 ? {} : { betas }),
    ...(resumeToken === null ? {} : { resume: resumeToken }),
    ...(launch.mode === UNASKED_MODE ? { allowDangerouslySkipPermissions: true } : {}),
    ...(options.isTrusted ? {} : { settingSources: ['user'], strictMcpConfig: true }),
    ...(store === null ? {} : { sessionStore: store }),
  };
}
