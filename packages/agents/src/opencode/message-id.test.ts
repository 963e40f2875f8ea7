import { expect, it } from 'vitest';
import { newMessageId } from './message-id.ts';

it('newMessageId() makes ids of the form that opencode makes, which sort by time', () => {
  expect(newMessageId(1_795_363_263_934)).toMatch(/^msg_203fd55be000[0-9A-Za-z]{14}$/); // opencode's own of that moment: msg_203fd55be001...
  const ids = [1_795_363_263_934, 1_795_363_263_935, 1_795_363_264_000].map(newMessageId);
  expect(ids.toSorted()).toEqual(ids);
});
