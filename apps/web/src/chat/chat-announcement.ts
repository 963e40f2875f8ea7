import type { ChatState } from '@boocode/contracts/chat-state.ts';

/** What a screen reader should hear about a chat right now: it changes once per turn start, question and end, never per token. */
export function chatAnnouncement(state: ChatState): string {
  const question = state.permissions[0];
  if (question !== undefined) return `${question.agent} asks: ${question.title} ${question.subject.slice(0, 200)}`;
  const last = state.messages.findLast((message) => message.role === 'assistant' && message.status !== 'waiting');
  if (last === undefined) return '';
  const agent = last.metadata.agent ?? 'The agent';
  switch (last.status) {
    case 'streaming':
      return `${agent} is working`;
    case 'completed':
      return `${agent} has finished`;
    case 'cancelled':
      return `${agent} was stopped`;
    case 'failed':
      return `${agent} failed: ${last.failure?.message ?? ''}`;
    case 'interrupted':
      return `The turn of ${agent} was interrupted`;
    case 'waiting':
      return '';
  }
}
