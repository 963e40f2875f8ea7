import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { Failure } from '@boocode/contracts/error-code.ts';
import type { ImportAgent, ImportProblem } from '@boocode/contracts/import.ts';
import type { MessageStatus, Part } from '@boocode/contracts/turn-state.ts';

/** What the agents' own programs go by when they look for their storage. */
export interface PastPlaces {
  readonly home: string;
  /** XDG_DATA_HOME, or its default. */
  readonly dataHome: string;
  /** A folder of ours, for copies of databases that are in use. */
  readonly scratch: string;
}

/** A conversation that an agent has kept. Times are milliseconds since the epoch. */
export interface PastSession {
  readonly agent: ImportAgent;
  /** The agent's own id, by which it can be resumed. */
  readonly externalId: string;
  /** Where the agent worked. */
  readonly cwd: string;
  /** A name, or the first prompt. */
  readonly title: string;
  readonly updatedAt: number;
  /** How often the person spoke. */
  readonly prompts: number;
}

export interface PastConversation extends PastSession {
  readonly messages: readonly PastMessage[];
}

export interface PastMessage {
  readonly role: 'user' | 'assistant';
  readonly status: MessageStatus;
  readonly model: string | null;
  readonly parts: readonly Part[];
  readonly failure: Failure | null;
  readonly createdAt: number;
  readonly endedAt: number;
}

export interface PastSessions {
  readonly sessions: readonly PastSession[];
  /** What could not be read, and why. */
  readonly problems: readonly ImportProblem[];
}

/** One agent's storage. Nothing in it is ever written. */
export interface PastSource {
  /** What has been done in a folder or below it, newest first. */
  list(places: PastPlaces, folder: string): Promise<PastSessions>;
  /** Null when there is none with this id in this folder or below it. */
  read(places: PastPlaces, folder: string, externalId: string): Promise<PastConversation | null>;
}

/** A piece of a conversation in the order in which it happened. */
export type PastEntry =
  | { readonly type: 'prompt'; readonly at: number; readonly text: string }
  | { readonly type: 'event'; readonly at: number; readonly model: string | null; readonly event: AgentEvent };

/** Of each agent only so many are looked at, the newest. */
export const MAX_SESSIONS = 200;
/** What is longer is left alone. */
export const MAX_SESSION_BYTES = 20 * 1_024 * 1_024;

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
