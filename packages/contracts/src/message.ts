import * as z from 'zod/mini';
import { Activity, Usage } from './agent-event.ts';
import { Failure } from './error-code.ts';
import { ChatId, MessageId, TaskId } from './ids.ts';
import { Timestamp } from './time.ts';
import { MessageStatus, Part } from './turn-state.ts';

/** Who and what made a message; on a user message, what was asked for. */
export const MessageMetadata = z.object({
  agent: z.nullable(z.string()),
  model: z.nullable(z.string()),
  mode: z.nullable(z.string()),
});
export type MessageMetadata = z.infer<typeof MessageMetadata>;

/** One message of a chat. `position` orders the chat; a prompt and its answer have neighbouring positions. */
export const Message = z.object({
  id: MessageId,
  chatId: ChatId,
  taskId: z.nullable(TaskId),
  position: z.int(),
  role: z.enum(['user', 'assistant']),
  status: MessageStatus,
  metadata: MessageMetadata,
  parts: z.array(Part),
  usage: z.nullable(Usage),
  activity: z.nullable(Activity),
  failure: z.nullable(Failure),
  createdAt: Timestamp,
  endedAt: z.nullable(Timestamp),
});
export type Message = z.infer<typeof Message>;

export const Attachment = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  mediaType: z.string().check(z.minLength(1), z.maxLength(255)),
  text: z.string().check(z.maxLength(1_000_000)),
});
export type Attachment = z.infer<typeof Attachment>;
