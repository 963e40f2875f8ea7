import type { Access } from '@boocode/contracts/access.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/** One way to reach an agent: native loop, ACP over stdio, `opencode serve`, Claude SDK, PTY. */
export interface AgentBackend {
  /** The agent's id, as tasks name it. */
  readonly name: string;
  /** Whether a conversation is worth keeping between turns: it costs a process to begin one. */
  readonly isWarm: boolean;
  /** Whether it ends a turn in which the model is silent by itself; otherwise that is done from outside. */
  readonly hasOwnClock?: boolean;
  /** Of what a living conversation was opened with. One with another fingerprint cannot go on with these options: it is ended, and opened again with its resume token. */
  fingerprint(options: OpenOptions): Promise<string>;
  /** Starts or resumes a conversation. Rejects with `agent_unavailable` if the agent cannot start. */
  open(options: OpenOptions): Promise<AgentSession>;
}

export interface OpenOptions {
  /** The worktree (or, for a read-only turn, the project's folder). */
  readonly cwd: string;
  /** Further absolute folders that may be read. */
  readonly allowedReadPaths: readonly string[];
  /** The model and the agent's own mode of the next prompt; later prompts may name others. */
  readonly model: string | null;
  readonly mode: string | null;
  /** `read-only`: the agent must not be able to write in `cwd`, where the system can see to that. */
  readonly access: Access;
  /** False: what the repository brings (settings, plugins, hooks, servers) must have no effect, or the agent must not start. */
  readonly isTrusted: boolean;
  /** To be offered to the agent, where it takes any. */
  readonly mcpServers: readonly McpServer[];
  /** What `resumeToken` was of an earlier session of this agent in this chat. */
  readonly resumeToken: string | null;
  /** A folder of this chat, outside the worktree, for outputs too long for the transcript. */
  readonly outputDir: string;
  /** Aborting it ends the agent. */
  readonly signal: AbortSignal;
  /** Where hooks of an agent without a protocol may tell its status; null: nobody listens. */
  readonly notify: { readonly url: string; readonly token: string } | null;
  /** What the agent says of itself, whenever it says it, also between prompts; absent fields are as before. */
  readonly onInfo: (info: Partial<AgentInfo>) => void;
}

/** An MCP server of the project, to be passed on. */
export type McpServer =
  | {
      readonly name: string;
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly name: string; readonly type: 'http' | 'sse'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** A live conversation. Disposing it ends the agent; aborting a prompt does not. */
export interface AgentSession extends AsyncDisposable {
  /** Names the conversation for a later `open`; null while the agent has none to name. May change with every prompt. */
  readonly resumeToken: string | null;
  /** Whether the agent remembers the conversation that the given `resumeToken` named. When not, it is told what has happened. */
  readonly isResumed: boolean;
  /** The process that is the agent, for its memory; null where there is none of its own. */
  readonly pid: number | null;
  /** Whether it works although no prompt runs: sub-agents, commands left in the background. Such a session is not evicted. */
  readonly isBusy: boolean;
  /** Settles when the agent is gone, whoever ended it. Never rejects. */
  readonly closed: Promise<void>;
  /** Whether a prompt that runs can be told more: it then asks for it by `takeSteered`. What another agent is not told waits for the next turn. */
  readonly canSteer?: boolean;
  /** Never throws once iterated: failures and cancellation arrive as the final `ended` event. */
  prompt(prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent>;
}

export interface Prompt {
  readonly text: string;
  readonly model: string | null;
  /** The agent's own mode; null: the one that fits `access`. */
  readonly mode: string | null;
  /** What an agent with a memory of its own missed in this chat, at most 2 KB each: everything before, or what was done since its last turn. */
  readonly brief: Brief;
  readonly attachments: readonly Extract<Part, { type: 'file' }>[];
  /** The chat before this prompt, oldest first, for backends that keep no conversation of their own. */
  readonly history: readonly Message[];
  readonly access: Access;
  /** What a person said about earlier work since the last turn (notes of rejected changes). */
  readonly notes: readonly string[];
  readonly ask: AskPermission;
  /** Called before each effect of a tool has begun and whenever the transcript so far must be durable. Resolves once it is. */
  readonly commit: () => Promise<void>;
  /**
   * What the person has said since the prompt, for a backend that can be steered. To be called between two steps, when all events so far have been read:
   * what it resolves with is durably part of this turn, stands in the transcript here, and must be given to the model next. Never rejects.
   */
  readonly takeSteered?: () => Promise<readonly string[]>;
}

export interface Brief {
  /** For one that remembers nothing; null where nothing came before. */
  readonly whole: string | null;
  /** For one that remembers its own part; null where it missed nothing. */
  readonly since: string | null;
}

/** Asks a person. Resolves when somebody answered; rejects with an AbortError when the signal aborts. */
export type AskPermission = (request: PermissionRequest, signal: AbortSignal) => Promise<PermissionAnswer>;

export interface PermissionAnswer {
  readonly allowed: boolean;
  /** The chosen one of the request's options; null when a rule or the access answered. */
  readonly optionId: string | null;
  readonly note: string | null;
}
