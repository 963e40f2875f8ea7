import * as z from 'zod/mini';
import { listOf, maybe, orElse } from '../acp/lenient.ts';

const Count = orElse(z.number(), 0);
const Tokens = orElse(
  z.object({
    input: Count,
    output: Count,
    reasoning: Count,
    cache: orElse(z.object({ read: Count, write: Count }), { read: 0, write: 0 }),
  }),
  { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
);

const Fields = orElse(z.record(z.string(), z.unknown()), {});

const WireError = z.object({ name: orElse(z.string(), 'UnknownError'), data: Fields });
export type WireError = z.infer<typeof WireError>;

/** What is used of a message's head. */
export const WireMessage = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.string(),
  parentID: maybe(z.string()),
  time: orElse(z.object({ completed: maybe(z.number()) }), { completed: null }),
  finish: maybe(z.string()),
  error: maybe(WireError),
  /** The answer is a summary of the conversation, for opencode itself. */
  summary: orElse(z.optional(z.unknown()), null),
});
export type WireMessage = z.infer<typeof WireMessage>;

const ToolState = z.object({
  status: z.string(),
  input: Fields,
  title: maybe(z.string()),
  output: maybe(z.string()),
  error: maybe(z.string()),
  metadata: Fields,
});
export type ToolState = z.infer<typeof ToolState>;

/** What is used of all kinds of parts; what a kind does not have is null. */
export const WirePart = z.object({
  id: z.string(),
  sessionID: z.string(),
  messageID: z.string(),
  type: z.string(),
  text: maybe(z.string()),
  time: orElse(z.optional(z.nullable(z.object({ end: maybe(z.number()) }))), null),
  tool: maybe(z.string()),
  callID: maybe(z.string()),
  state: maybe(ToolState),
  tokens: maybe(Tokens),
  cost: maybe(z.number()),
});
export type WirePart = z.infer<typeof WirePart>;

export const WireMessages = listOf(z.object({ info: WireMessage, parts: listOf(WirePart) }));
export type WireMessages = z.infer<typeof WireMessages>;

export const WireStatus = z.object({ type: z.string(), attempt: maybe(z.number()), message: maybe(z.string()) });
export type WireStatus = z.infer<typeof WireStatus>;
export const WireStatuses = orElse(z.record(z.string(), orElse(z.nullable(WireStatus), null)), {});

const WireRule = z.object({ permission: z.string(), pattern: z.string(), action: z.string() });
export type WireRule = z.infer<typeof WireRule>;

export const WireSession = z.object({
  id: z.string(),
  directory: orElse(z.string(), ''),
  parentID: maybe(z.string()),
  title: maybe(z.string()),
  permission: listOf(WireRule),
});
export type WireSession = z.infer<typeof WireSession>;

const AskingCall = maybe(z.object({ callID: maybe(z.string()) }));

export const WirePermission = z.object({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: listOf(z.string()),
  metadata: Fields,
  tool: AskingCall,
});
export type WirePermission = z.infer<typeof WirePermission>;

const WireQuestionItem = z.object({
  question: orElse(z.string(), ''),
  header: maybe(z.string()),
  options: listOf(z.object({ label: z.string(), description: maybe(z.string()) })),
});
export type WireQuestionItem = z.infer<typeof WireQuestionItem>;

export const WireQuestion = z.object({ id: z.string(), sessionID: z.string(), questions: listOf(WireQuestionItem), tool: AskingCall });
export type WireQuestion = z.infer<typeof WireQuestion>;

export const WireAgents = listOf(z.object({ name: z.string(), description: maybe(z.string()), mode: maybe(z.string()), hidden: orElse(z.boolean(), false) }));

export const WireCommands = listOf(z.object({ name: z.string(), description: maybe(z.string()), hints: listOf(z.string()) }));

export const WireProviders = orElse(
  z.object({
    providers: listOf(
      z.object({
        id: z.string(),
        name: maybe(z.string()),
        models: orElse(
          z.record(z.string(), orElse(z.nullable(z.object({ name: maybe(z.string()), limit: maybe(z.object({ context: maybe(z.number()) })) })), null)),
          {},
        ),
      }),
    ),
  }),
  { providers: [] },
);
export type WireProviders = z.infer<typeof WireProviders>;

/** What of the event stream is used. */
export type OpencodeEvent =
  | { readonly type: 'session'; readonly sessionId: string; readonly session: WireSession }
  | { readonly type: 'message'; readonly sessionId: string; readonly message: WireMessage }
  | { readonly type: 'part'; readonly sessionId: string; readonly part: WirePart }
  | { readonly type: 'delta'; readonly sessionId: string; readonly partId: string; readonly delta: string }
  | { readonly type: 'status'; readonly sessionId: string; readonly status: WireStatus }
  | { readonly type: 'error'; readonly sessionId: string; readonly error: WireError }
  | { readonly type: 'permission'; readonly sessionId: string; readonly request: WirePermission }
  | { readonly type: 'question'; readonly sessionId: string; readonly request: WireQuestion }
  | { readonly type: 'answered'; readonly sessionId: string; readonly requestId: string }
  | { readonly type: 'todo'; readonly sessionId: string; readonly todos: readonly { readonly content: string; readonly status: string }[] };

const Envelope = z.object({ payload: z.object({ type: z.string(), properties: z.unknown() }) });
const OfSession = z.object({ sessionID: z.string() });
const Todos = listOf(z.object({ content: z.string(), status: orElse(z.string(), 'pending') }));

/** Reads one event of the stream; null for what is not used or cannot be understood. */
export function parseOpencodeEvent(data: string): OpencodeEvent | null {
  const envelope = Envelope.safeParse(parseJson(data));
  if (!envelope.success) return null;
  const { type, properties } = envelope.data.payload;
  try {
    return mapPayload(type, properties);
  } catch (error) {
    if (error instanceof z.core.$ZodError) return null; // of another shape than we know
    throw error;
  }
}

function mapPayload(type: string, properties: unknown): OpencodeEvent | null {
  switch (type) {
    case 'session.created':
    case 'session.updated': {
      const session = z.parse(z.object({ info: WireSession }), properties).info;
      return { type: 'session', sessionId: session.id, session };
    }
    case 'message.updated': {
      const message = z.parse(z.object({ info: WireMessage }), properties).info;
      return { type: 'message', sessionId: message.sessionID, message };
    }
    case 'message.part.updated': {
      const part = z.parse(z.object({ part: WirePart }), properties).part;
      return { type: 'part', sessionId: part.sessionID, part };
    }
    case 'message.part.delta': {
      const { sessionID, partID, field, delta } = z.parse(z.extend(OfSession, { partID: z.string(), field: z.string(), delta: z.string() }), properties);
      return field === 'text' ? { type: 'delta', sessionId: sessionID, partId: partID, delta } : null;
    }
    case 'session.status': {
      const { sessionID, status } = z.parse(z.extend(OfSession, { status: WireStatus }), properties);
      return { type: 'status', sessionId: sessionID, status };
    }
    case 'session.idle':
      return { type: 'status', sessionId: z.parse(OfSession, properties).sessionID, status: { type: 'idle', attempt: null, message: null } };
    case 'session.error': {
      const { sessionID, error } = z.parse(z.extend(OfSession, { error: WireError }), properties);
      return { type: 'error', sessionId: sessionID, error };
    }
    case 'permission.asked': {
      const request = z.parse(WirePermission, properties);
      return { type: 'permission', sessionId: request.sessionID, request };
    }
    case 'question.asked': {
      const request = z.parse(WireQuestion, properties);
      return { type: 'question', sessionId: request.sessionID, request };
    }
    case 'permission.replied':
    case 'question.replied':
    case 'question.rejected': {
      const { sessionID, requestID } = z.parse(z.extend(OfSession, { requestID: z.string() }), properties);
      return { type: 'answered', sessionId: sessionID, requestId: requestID };
    }
    case 'todo.updated': {
      const { sessionID, todos } = z.parse(z.extend(OfSession, { todos: Todos }), properties);
      return { type: 'todo', sessionId: sessionID, todos };
    }
    default:
      return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not an event of ours
  }
}
