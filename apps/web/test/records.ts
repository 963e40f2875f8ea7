import { Chat, Session } from '@boocode/contracts/chat.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import { Message } from '@boocode/contracts/message.ts';
import { Permission } from '@boocode/contracts/permission.ts';
import { Task } from '@boocode/contracts/task.ts';
import type { Part, ToolPart } from '@boocode/contracts/turn-state.ts';

/** A readable id: `uuid(7)` always is the same one. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const AT = '2026-01-31T12:00:00.000Z';

export function aChat(fields: Record<string, unknown> = {}): Chat {
  return Chat.parse({
    id: uuid(3),
    sessionId: uuid(2),
    projectId: uuid(1),
    title: 'Chat',
    agent: 'boocode',
    model: null,
    mode: null,
    access: 'ask',
    status: 'idle',
    createdAt: AT,
    updatedAt: AT,
    ...fields,
  });
}

export function aSession(fields: Record<string, unknown> = {}): Session {
  return Session.parse({
    id: uuid(2),
    projectId: uuid(1),
    title: 'Session',
    status: 'idle',
    pendingChanges: 0,
    chats: [aChat()],
    createdAt: AT,
    updatedAt: AT,
    ...fields,
  });
}

export function aTask(fields: Record<string, unknown> = {}): Task {
  return Task.parse({
    id: uuid(10),
    projectId: uuid(1),
    sessionId: uuid(2),
    chatId: uuid(3),
    parentTaskId: null,
    messageId: uuid(20),
    answerId: uuid(21),
    state: 'running',
    agent: 'boocode',
    model: null,
    mode: null,
    access: 'ask',
    priority: 0,
    input: 'do it',
    outputSummary: null,
    error: null,
    tokensIn: null,
    tokensOut: null,
    cost: null,
    createdAt: AT,
    startedAt: null,
    endedAt: null,
    waitsFor: null,
    settled: false,
    ...fields,
  });
}

export function aMessage(fields: Record<string, unknown> = {}): Message {
  return Message.parse({
    id: uuid(21),
    chatId: uuid(3),
    taskId: uuid(10),
    position: 1,
    role: 'assistant',
    status: 'completed',
    metadata: { agent: 'boocode', model: 'm', mode: null },
    parts: [],
    usage: null,
    activity: null,
    failure: null,
    createdAt: AT,
    endedAt: null,
    ...fields,
  });
}

export function aPermission(fields: Record<string, unknown> = {}): Permission {
  return Permission.parse({
    id: uuid(30),
    projectId: uuid(1),
    sessionId: uuid(2),
    chatId: uuid(3),
    taskId: uuid(10),
    agent: 'boocode',
    callId: null,
    kind: 'execute',
    title: 'Run this command?',
    subject: 'ls',
    reason: null,
    options: [],
    state: 'open',
    answer: null,
    note: null,
    createdAt: AT,
    answeredAt: null,
    ...fields,
  });
}

export function aText(text: string): Part {
  return { type: 'text', text };
}

export function aTool(fields: Partial<ToolPart> = {}): ToolPart {
  return {
    type: 'tool',
    callId: 'c1',
    step: 0,
    name: 'read',
    kind: 'read',
    title: 'a.ts',
    input: {},
    status: 'completed',
    live: '',
    output: null,
    startedAt: 1,
    endedAt: 2,
    ...fields,
  };
}

/** The frames of the user channel, numbered from 1 in the order given. */
export function userFrames(...frames: readonly Record<string, unknown>[]): readonly ServerFrame[] {
  return frames.map((frame, index) => ({ channel: 'user', seq: index + 1, ...frame }) as ServerFrame);
}
