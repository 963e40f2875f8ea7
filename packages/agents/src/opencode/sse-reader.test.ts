import { describe, expect, it } from 'vitest';
import { sseReader } from './sse-reader.ts';

const STREAM = ': hello\r\n\r\ndata: {"a":1}\n\nevent: x\nid: 7\ndata: one\ndata:two\r\n\r\n\n\ndata: é \u{1F469} \u2028\n\ndata: last, not ended\n';
const EVENTS = ['{"a":1}', 'one\ntwo', 'é \u{1F469} \u2028'];

describe('sseReader()', () => {
  const bytes = new TextEncoder().encode(STREAM);

  it('gives the data of each whole event', () => {
    expect(sseReader()(bytes)).toEqual(EVENTS);
  });

  it('gives the same when the stream is cut at any byte', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const read = sseReader();
      expect([...read(bytes.subarray(0, at)), ...read(bytes.subarray(at))]).toEqual(EVENTS);
    }
    const read = sseReader();
    expect([...bytes].flatMap((byte) => read(Uint8Array.of(byte)))).toEqual(EVENTS);
  });
});
