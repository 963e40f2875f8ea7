import { describe, expect, it } from 'vitest';
import { MixedOutput } from './mixed-output.ts';

function read(chunks: readonly Buffer[], isTerminal = false) {
  const heard = { text: '', messages: [] as string[] };
  const output = new MixedOutput({ onMessage: ({ type }) => heard.messages.push(type), onText: (text) => (heard.text += text) }, isTerminal);
  for (const chunk of chunks) output.push(chunk);
  output.end();
  return heard;
}

const MESSAGES = Buffer.from('Starting é...\n{"level":"info"}\n{"type":"system","subtype":"init"}\nnoise\n{"type":"result","subtype":"success"}');
const TEXT = Buffer.from('\u001B[32mHello\u001B[0m é 👩‍💻\n10%\r100%\n\n  {"a": 1}\n{"type":"other"}\nlast');

describe('MixedOutput', () => {
  it('finds messages behind a banner, wherever the output is cut', () => {
    for (let cut = 0; cut <= MESSAGES.length; cut += 1) {
      expect(read([MESSAGES.subarray(0, cut), MESSAGES.subarray(cut)])).toEqual({ text: '', messages: ['system', 'result'] });
    }
  });

  it('gives text that holds no message, cleaned, wherever it is cut', () => {
    const whole = { text: 'Hello é 👩‍💻\n100%\n\n  {"a": 1}\n{"type":"other"}\nlast', messages: [] };
    for (let cut = 0; cut <= TEXT.length; cut += 1) expect(read([TEXT.subarray(0, cut), TEXT.subarray(cut)])).toEqual(whole);
  });

  it('takes everything for text where it is written for a terminal', () => {
    expect(read([MESSAGES], true).messages).toEqual([]);
    expect(read([MESSAGES], true).text).toContain('"type":"system"');
  });

  it('gives a long text before its end', () => {
    const said: string[] = [];
    const output = new MixedOutput({ onMessage: () => {}, onText: (text) => said.push(text) }, false);
    output.push(Buffer.from('line\n'.repeat(10_000)));
    expect(said.join('')).toBe('line\n'.repeat(10_000));
  });
});
