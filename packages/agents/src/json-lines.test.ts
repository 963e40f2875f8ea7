import { expect, it } from 'vitest';
import { JsonLines } from './json-lines.ts';

const TEXT = ['starting up...', '{"a":"\u00e9 \u{1F469}\u200D\u{1F4BB} \u2028"}', '', '{not json}', '[1]', '  {"b":2}\r', '{"last":true}'].join('\n');

function read(chunks: readonly Buffer[]) {
  const objects: object[] = [];
  const noise: string[] = [];
  const lines = new JsonLines({ onObject: (value) => objects.push(value), onNoise: (line) => noise.push(line) });
  for (const chunk of chunks) lines.push(chunk);
  lines.end();
  return { objects, noise };
}

it('JsonLines reads the same whatever byte the input is split at', () => {
  const bytes = Buffer.from(TEXT);
  const whole = { objects: [{ a: '\u00e9 \u{1F469}\u200D\u{1F4BB} \u2028' }, { b: 2 }, { last: true }], noise: ['starting up...', '{not json}', '[1]'] };
  for (let at = 0; at <= bytes.length; at += 1) expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  expect(read([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
});

it('JsonLines reads a line of many chunks', () => {
  const text = JSON.stringify({ long: 'x'.repeat(1_000_000) });
  const chunks = text.match(/[^]{1,1000}/g) ?? [];
  expect(read(chunks.map((chunk) => Buffer.from(chunk))).objects).toEqual([JSON.parse(text)]);
});
