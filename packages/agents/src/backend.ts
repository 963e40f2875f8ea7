import type { Access } from '@boocode/contracts/access.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/** One way to reach an agent: native loop, ACP over stdio, `opencode serve`, Claude SDK, PTY. */
export interface AgentBackend {
  readonly name: string;
  /** Starts or resumes a conversation. Rejects with `agent_unavailable` if the agent cannot start. */
  open(options: OpenOptions): Promise<AgentSession>;
}

export interface OpenOptions {
  /** The worktree (or, for a read-only turn, the project's folder). */
  readonly cwd: string;
  /** Further absolute folders that may be read. */
  readonly allowedReadPaths: readonly string[];
  readonly model: string | null;
  readonly resumeToken: string | null;
  /** A folder of this chat, outside the worktree, for outputs too long for the transcript. */
  readonly outputDir: string;
  /** Aborting it ends the agent. */
  readonly signal: AbortSignal;
}

/** A live conversation. Disposing it ends the agent; aborting a prompt does not. */
export interface AgentSession extends AsyncDisposable {
  readonly resumeToken: string | null;
  /** Settles when the agent is gone, whoever ended it. Never rejects. */
  readonly closed: Promise<void>;
  /** Whether a prompt that runs can be told more: it then asks for it by `takeSteered`. What another agent is not told waits for the next turn. */
  readonly canSteer?: boolean;
  /** Never throws once iterated: failures and cancellation arrive as the final `ended` event. */
  prompt(prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent>;
}

export interface Prompt {
  readonly text: string;
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

/** Asks a person. Resolves when somebody answered; rejects with an AbortError when the signal aborts. */
export type AskPermission = (request: PermissionRequest, signal: AbortSignal) => Promise<PermissionAnswer>;

export interface PermissionAnswer {
  readonly allowed: boolean;
  readonly note: string | null;
}
