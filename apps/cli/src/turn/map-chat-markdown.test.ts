import type { Message } from '@boocode/contracts/message.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { expect, it } from 'vitest';
import { mapChatMarkdown } from './map-chat-markdown.ts';

function message(role: 'user' | 'assistant', parts: Part[], patch: Partial<Message> = {}): Message {
  const ids = { id: 'm', chatId: 'c' } as unknown as Pick<Message, 'id' | 'chatId'>;
  const metadata = { agent: 'boocode', model: 'demo', mode: null };
  const rest = {
    taskId: null,
    position: 1,
    status: 'completed',
    usage: null,
    activity: null,
    failure: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    endedAt: null,
  } as const;
  return { ...ids, ...rest, role, metadata, parts, ...patch };
}

const tool = (title: string, status: 'completed' | 'failed'): Part => ({
  type: 'tool',
  callId: title,
  step: 0,
  name: 'read',
  kind: 'read',
  title,
  input: null,
  status,
  live: '',
  output: null,
  startedAt: 0,
  endedAt: 1,
});

it('mapChatMarkdown() gives what was said as it was said, and each call in one line', () => {
  const text = mapChatMarkdown('Mend it: Chat 1', [
    message('user', [{ type: 'text', text: 'Mend **it**\n' }]),
    message('assistant', [
      { type: 'reasoning', text: 'hm' },
      tool('Read `a`', 'completed'),
      tool('Read b', 'failed'),
      { type: 'steered', text: 'and c', messageId: 'x' },
      { type: 'text', text: 'Done.' },
    ]),
    message('assistant', [], { status: 'failed', failure: { code: 'internal', message: 'Cannot go on' } }),
    message('assistant', [], { status: 'waiting' }),
  ]);
  expect(text).toBe(`# Mend it: Chat 1

## You

_2026-01-02 03:04 UTC_

Mend **it**

## boocode · demo

_2026-01-02 03:04 UTC_

- \`\` Read \`a\` \`\`
- \`Read b\` (failed)

**You, meanwhile:** and c

Done.

## boocode · demo

_2026-01-02 03:04 UTC_

> Failed: Cannot go on
`);
});
