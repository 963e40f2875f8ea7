import type { BooError } from '@boocode/contracts/error-code.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { AgentLaunch, PlanLaunch } from '../agent-process.ts';
import type { OpenOptions } from '../backend.ts';
import type { ToolAnswer, ToolRequest } from './map-permission.ts';

export interface LineHandlers {
  /** A message of the stream, as it came. */
  readonly onMessage: (value: object) => void;
  /** Rejects when the signal aborts. */
  readonly onToolRequest: (request: ToolRequest, signal: AbortSignal) => Promise<ToolAnswer>;
}

/** A running agent that takes messages and answers with a stream of messages. Disposing it ends the agent. */
export interface AgentLine extends AsyncDisposable {
  readonly pid: number | null;
  /** The end of what it said besides the stream, as a part of a sentence. */
  readonly lastWords: string;
  /** Resolves with why, when the agent is gone, whoever ended it. Never rejects. */
  readonly gone: Promise<BooError>;
  /** Resolves with what it can do, when it is ready. */
  greet(): Promise<object>;
  /** Tells it of the project's MCP servers, where it was not started with them; resolves with what went wrong. Never rejects. */
  offerServers(): Promise<readonly string[]>;
  setMode(mode: string): Promise<unknown>;
  setModel(model: string): Promise<unknown>;
  interrupt(): Promise<unknown>;
  send(message: object): void;
  /** Remembers what lives below the agent now; the returned function ends what was born since. */
  watchTurn(): () => Promise<void>;
}

/** An agent of which each conversation is one line. */
export interface LineAgent {
  readonly name: string;
  readonly label: string;
  readonly plan: PlanLaunch;
  /** Whether the usage of a result is that of its turn alone. */
  readonly isUsageOfTurn: boolean;
  /** Whether a conversation in which a turn has failed cannot be resumed as it was. */
  readonly forgetsAfterFailure: boolean;
  readonly modes: AgentInfo['modes'];
  /** What it says when it does not know the conversation that it shall resume. */
  readonly unknownSession: RegExp;
  /** Of a launch what must be chosen when the program starts and cannot be changed later. */
  readonly startChoice: (launch: AgentLaunch) => string;
  readonly start: (launch: AgentLaunch, options: OpenOptions, resumeToken: string | null, handlers: LineHandlers) => Promise<AgentLine>;
}
