import * as z from 'zod/mini';
import { ChatId, SessionId } from './ids.ts';
import { Timestamp } from './time.ts';

/** Agents whose own storage of past conversations can be read. */
export const ImportAgent = z.enum(['claude', 'qwen', 'opencode', 'goose']);
export type ImportAgent = z.infer<typeof ImportAgent>;

/** A conversation in an agent's own storage that was had in a project's folder. */
export const PastSessionItem = z.object({
  agent: ImportAgent,
  externalId: z.string(),
  title: z.string(),
  updatedAt: Timestamp,
  /** How often the person spoke in it. */
  messages: z.int(),
  /** The chat that it is already; null where it is none yet. */
  alreadyImported: z.nullable(ChatId),
  /** Whether the agent remembers it in turns that work in the project's folder. Elsewhere, and where not, it is told what has happened. */
  canContinue: z.boolean(),
});
export type PastSessionItem = z.infer<typeof PastSessionItem>;

/** What was left out of the list, and why. */
export const ImportProblem = z.object({ agent: ImportAgent, message: z.string() });
export type ImportProblem = z.infer<typeof ImportProblem>;

export const ImportList = z.object({ items: z.array(PastSessionItem), problems: z.array(ImportProblem) });
export type ImportList = z.infer<typeof ImportList>;

export const ImportSession = z.strictObject({ agent: ImportAgent, externalId: z.string().check(z.minLength(1), z.maxLength(200)) });
export type ImportSession = z.infer<typeof ImportSession>;

/** Where the conversation is now. */
export const Imported = z.object({ sessionId: SessionId, chatId: ChatId });
export type Imported = z.infer<typeof Imported>;
