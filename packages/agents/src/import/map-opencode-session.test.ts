import { expect, it } from 'vitest';
import { mapOpencodeSession } from './map-opencode-session.ts';

it('mapOpencodeSession() leaves out the tags of the context plugin, and nothing else', () => {
  const message = (id: string, role: string) => ({ id, time_created: 1, data: JSON.stringify({ role }) });
  const text = (message_id: string, said: string) => ({ message_id, time_created: 1, data: JSON.stringify({ type: 'text', text: said }) });
  const parts = [text('m1', 'Why <b>?<dcp-message-id>m0001</dcp-message-id>'), text('m2', '<dcp-message-id>m0002</dcp-message-id>\nBecause a < b.')];
  expect(mapOpencodeSession([message('m1', 'user'), message('m2', 'assistant')], parts, '/w')).toEqual([
    { type: 'prompt', at: 1, text: 'Why <b>?' },
    { type: 'event', at: 1, model: null, event: { type: 'text', delta: 'Because a < b.' } },
  ]);
});
