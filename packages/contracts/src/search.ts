import * as z from 'zod/mini';
import { ChatId, MessageId, ProjectId, SessionId } from './ids.ts';
import { Timestamp } from './time.ts';

/** A piece of text around a hit; what was searched for is marked. */
export const Snippet = z.array(z.object({ text: z.string(), marked: z.boolean() }));
export type Snippet = z.infer<typeof Snippet>;

/** A message that holds all words of a search (in its texts or the titles of its tool calls). `position` is where to load the chat around. */
export const SearchHit = z.object({
  projectId: ProjectId,
  sessionId: SessionId,
  sessionTitle: z.string(),
  chatId: ChatId,
  chatTitle: z.string(),
  messageId: MessageId,
  position: z.int(),
  role: z.enum(['user', 'assistant']),
  snippet: Snippet,
  createdAt: Timestamp,
});
export type SearchHit = z.infer<typeof SearchHit>;

/** A message of a chat that holds a text, and how often. */
export const ChatMatch = z.object({ messageId: MessageId, position: z.int(), count: z.int() });
export type ChatMatch = z.infer<typeof ChatMatch>;

/** A prompt of a chat, for the composer's history. */
export const PastPrompt = z.object({ messageId: MessageId, text: z.string(), createdAt: Timestamp });
export type PastPrompt = z.infer<typeof PastPrompt>;
