import { EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { expect, it } from 'vitest';
import { aChat, aMessage, aText, uuid } from '../../test/records.ts';
import { chatToText, textToChat } from './chat-cache.ts';

const messages = Array.from({ length: 50 }, (_, index) => aMessage({ id: uuid(100 + index), position: index, parts: [aText(`${index}`)] }));
const state = { ...EMPTY_CHAT, seq: 9, chat: aChat(), messages };

it('chatToText() keeps the newest messages, and textToChat() gives them back to be followed by a snapshot', () => {
  const kept = textToChat(chatToText(state) ?? '');
  expect([kept?.seq, kept?.messages.length, kept?.hasOlder, kept?.messages.at(-1)?.position]).toEqual([0, 30, true, 49]);
});

it('chatToText() keeps nothing unread and nothing huge; textToChat() nothing of another form', () => {
  expect(chatToText(EMPTY_CHAT)).toBeNull();
  expect(chatToText({ ...state, messages: [aMessage({ parts: [aText('x'.repeat(600_000))] })] })).toBeNull();
  expect(textToChat('{"chat":null}')).toBeNull();
});
