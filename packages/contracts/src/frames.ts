import * as z from 'zod/mini';
import { AgentEvent } from './agent-event.ts';
import { AgentInfo, ChatAgent } from './agent-info.ts';
import { ChangesCheck } from './change.ts';
import { AgentStatus, Chat, Session } from './chat.ts';
import { ChatId, MessageId, ProjectId, SessionId } from './ids.ts';
import { Layout } from './layout.ts';
import { Message } from './message.ts';
import { Permission } from './permission.ts';
import { Project } from './project.ts';
import { ModelServer, ProviderSnapshot } from './provider.ts';
import { Task } from './task.ts';

/** Raised when a frame changes in a way that an older client would misread; sent in `hello`. */
export const PROTOCOL_VERSION = 1;

/** `chat:<id>` carries one chat; `user` carries what every screen shows: sessions, tasks, questions, providers. */
export const Channel = z.union([z.literal('user'), z.templateLiteral(['chat:', z.string()])]);
export type Channel = z.infer<typeof Channel>;

export function chatChannel(id: ChatId): Channel {
  return `chat:${id}`;
}

/** Every frame of a channel. `seq` grows within a channel, also across restarts of the server; a snapshot holds all up to its `seq`. */
const numbered = { channel: Channel, seq: z.int() };

/** A chat as it stands: its newest messages (older ones are paged), the unended tasks, the open questions. */
export const ChatSnapshotFrame = z.object({
  type: z.literal('chat_snapshot'),
  ...numbered,
  chat: Chat,
  messages: z.array(Message),
  hasOlder: z.boolean(),
  tasks: z.array(Task),
  permissions: z.array(Permission),
  /** What the agents that have worked in it say of themselves. */
  agents: z.array(ChatAgent),
});

/** What the user channel starts with. */
export const UserSnapshotFrame = z.object({
  type: z.literal('user_snapshot'),
  ...numbered,
  projects: z.array(Project),
  sessions: z.array(Session),
  permissions: z.array(Permission),
  /** Failed and interrupted tasks that nobody has settled, newest first. */
  failed: z.array(Task),
  notices: z.array(z.object({ code: z.string(), text: z.string() })),
});

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.int(), version: z.string() }),
  /** The channel cannot be continued from the client's seq: forget it; a snapshot follows. */
  z.object({ type: z.literal('resync'), channel: Channel, reason: z.string() }),
  z.object({ type: z.literal('error'), channel: z.nullable(Channel), code: z.string(), message: z.string() }),
  ChatSnapshotFrame,
  UserSnapshotFrame,
  // a chat's channel
  z.object({ type: z.literal('message_added'), ...numbered, message: Message }),
  z.object({ type: z.literal('message_updated'), ...numbered, message: Message }),
  z.object({ type: z.literal('message_removed'), ...numbered, messageId: MessageId }),
  /** A turn's event, to be folded into the message by `applyEvent`. */
  z.object({ type: z.literal('chat_event'), ...numbered, chatId: ChatId, messageId: MessageId, event: AgentEvent }),
  /** The message as stored, after its ending. */
  z.object({ type: z.literal('message_complete'), ...numbered, message: Message }),
  z.object({ type: z.literal('chat_updated'), ...numbered, chat: Chat }),
  z.object({ type: z.literal('agent_info_updated'), ...numbered, chatId: ChatId, agent: z.string(), info: AgentInfo }),
  /** Messages that a restore has taken back: they are shown no more. Those that come back are added again. */
  z.object({ type: z.literal('messages_hidden'), ...numbered, chatId: ChatId, messageIds: z.array(MessageId) }),
  // both channels
  z.object({ type: z.literal('task_updated'), ...numbered, task: Task }),
  z.object({ type: z.literal('permission_requested'), ...numbered, permission: Permission }),
  z.object({ type: z.literal('permission_resolved'), ...numbered, permission: Permission }),
  z.object({ type: z.literal('agent_status_updated'), ...numbered, sessionId: SessionId, chatId: ChatId, agent: z.string(), status: AgentStatus }),
  /** The pending changes of a session are different now: read them again. */
  z.object({ type: z.literal('changes_updated'), ...numbered, sessionId: SessionId, pending: z.int() }),
  /** The checkpoints of a session are others now: read them again. */
  z.object({ type: z.literal('checkpoints_updated'), ...numbered, sessionId: SessionId }),
  // the user channel
  z.object({ type: z.literal('check_updated'), ...numbered, check: ChangesCheck }),
  z.object({ type: z.literal('project_updated'), ...numbered, project: Project }),
  z.object({ type: z.literal('project_removed'), ...numbered, projectId: ProjectId }),
  z.object({ type: z.literal('session_updated'), ...numbered, session: Session }),
  z.object({ type: z.literal('session_removed'), ...numbered, sessionId: SessionId }),
  /** The panes of a session were arranged anew, by this window or another. */
  z.object({ type: z.literal('layout_updated'), ...numbered, sessionId: SessionId, layout: Layout, version: z.int() }),
  z.object({ type: z.literal('provider_snapshot_updated'), ...numbered, providers: z.array(ProviderSnapshot), servers: z.array(ModelServer) }),
  /** A banner: something is wrong with the server itself (null text = it is over). */
  z.object({ type: z.literal('server_notice'), ...numbered, code: z.string(), text: z.nullable(z.string()) }),
]);

/** Everything the server may send over the socket. Add an arm here first. */
export type ServerFrame = z.infer<typeof ServerFrame>;

/** A frame before its channel numbered it. */
export type Unnumbered = ServerFrame extends infer F ? (F extends { seq: number } ? Omit<F, 'seq' | 'channel'> : never) : never;

/** What a client may send. `after`: the last seq it saw; without it, or when it is too old, a snapshot comes first. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), channel: Channel, after: z.optional(z.int()) }),
  z.strictObject({ type: z.literal('unsubscribe'), channel: Channel }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Decodes a frame; an unknown or malformed one becomes `null`, never an exception. */
export function decodeFrame(text: string): ServerFrame | null {
  const parsed = ServerFrame.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

export function decodeClientFrame(text: string): ClientFrame | null {
  const parsed = ClientFrame.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the caller treats it like any malformed frame
  }
}
