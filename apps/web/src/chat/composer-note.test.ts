import { EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { expect, it } from 'vitest';
import { aChat, aMessage, aTask } from '../../test/records.ts';
import { composerNote } from './composer-note.ts';

it('composerNote() says when a choice applies, and only where it differs from the turn that runs', () => {
  const task = aTask({ model: 'a', mode: 'plan', access: 'ask' });
  expect(composerNote(aChat({ model: 'a' }), task, EMPTY_CHAT, null)).toBeNull();
  expect(composerNote(aChat({ access: 'full' }), null, EMPTY_CHAT, null)).toBeNull();
  for (const other of [{ access: 'full' }, { model: 'b' }, { mode: 'auto' }, { agent: 'goose' }])
    expect(composerNote(aChat(other), task, EMPTY_CHAT, null)).toMatch(/applies from the next turn/);
});

it('composerNote() says both when a newcomer is chosen while a turn runs, and first of all what hinders', () => {
  const state = { ...EMPTY_CHAT, messages: [aMessage()] };
  expect(composerNote(aChat({ agent: 'goose' }), aTask(), state, null)).toMatch(/next turn\. goose is new in this chat/);
  expect(composerNote(aChat({ agent: 'goose' }), aTask(), state, [])).toBe('goose is not set up here any more. Choose another agent.');
});
