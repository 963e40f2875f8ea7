import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrintedCall, PrintedCallParser } from './printed-call-parser.ts';

function sift(pieces: readonly string[]): { text: string; calls: PrintedCall[] } {
  const parser = new PrintedCallParser((name) => name === 'read' || name === 'edit');
  const all = [...pieces.map((piece) => parser.push(piece)), parser.flush()];
  return { text: all.map((sifted) => sifted.text).join(''), calls: all.flatMap((sifted) => sifted.calls) };
}

const HERMES = '<tool_call>\n{"name": "read", "arguments": {"path": "a </tool_call> b"}}\n</tool_call>';
const INVOKE = '<invoke name="edit">\n<parameter name="path">a.ts</parameter>\n<parameter name="newText">x < y && "z"\n</parameter>\n</invoke>';
const READ_CALL = { name: 'read', input: { path: 'a </tool_call> b' } };
const EDIT_CALL = { name: 'edit', input: { path: 'a.ts', newText: 'x < y && "z"\n' } };

const CASES: readonly (readonly [string, string, { text: string; calls: readonly PrintedCall[] }])[] = [
  ['a Hermes call after text', `I look.\n${HERMES}`, { text: 'I look.\n', calls: [READ_CALL] }],
  ['two Hermes calls', `${HERMES}\n${HERMES}\nDone`, { text: 'Done', calls: [READ_CALL, READ_CALL] }],
  ['an invoke call', `Now:\n${INVOKE}\n`, { text: 'Now:\n', calls: [EDIT_CALL] }],
  ['several invokes in a block', `<function_calls>\n${INVOKE}\n${INVOKE}\n</function_calls>`, { text: '', calls: [EDIT_CALL, EDIT_CALL] }],
  ['a call whose end is missing', '<tool_call>{"name": "read", "arguments": {"path": "b"}}', { text: '', calls: [{ name: 'read', input: { path: 'b' } }] }],
  [
    'an unknown tool',
    '<tool_call>{"name": "fly", "arguments": {}}</tool_call>!',
    { text: '<tool_call>{"name": "fly", "arguments": {}}</tool_call>!', calls: [] },
  ],
  [
    'placeholders',
    '<invoke name="read"><parameter name="path">...</parameter></invoke>',
    { text: '<invoke name="read"><parameter name="path">...</parameter></invoke>', calls: [] },
  ],
  ['a fenced example', `\`\`\`xml\n${HERMES}\n\`\`\`\nend`, { text: `\`\`\`xml\n${HERMES}\n\`\`\`\nend`, calls: [] }],
  ['an example between backticks', 'Write `<tool_call>` and then `</tool_call>`.', { text: 'Write `<tool_call>` and then `</tool_call>`.', calls: [] }],
  ['a call after a fence', `\`\`\`\ncode <tool_call>\n\`\`\`\n${INVOKE}`, { text: '```\ncode <tool_call>\n```\n', calls: [EDIT_CALL] }],
  ['other angle brackets', 'if (a < b) <tool> <invoker x> <', { text: 'if (a < b) <tool> <invoker x> <', calls: [] }],
  ['a call that breaks off', '<tool_call>{"name": "read", "argu', { text: '<tool_call>{"name": "read", "argu', calls: [] }],
  ['broken JSON', '<tool_call>{"name": read}</tool_call> so', { text: '<tool_call>{"name": read}</tool_call> so', calls: [] }],
];

describe('PrintedCallParser', () => {
  it.each(CASES)('%s', (_name, input, expected) => {
    expect(sift([input])).toEqual(expected);
  });

  it.each(CASES)('%s, cut at every position', (_name, input, expected) => {
    for (let at = 1; at < input.length; at += 1) expect(sift([input.slice(0, at), input.slice(at)])).toEqual(expected);
    expect(sift([...input])).toEqual(expected);
  });

  it('gives every text without calls back unchanged, however it is cut', () => {
    const piece = fc.constantFrom(
      '<',
      '<tool_call>',
      '</tool_call>',
      '<invoke ',
      '`',
      '```\n',
      '\n',
      'name="x"',
      '>',
      'a',
      '<function_calls>',
      '{"name": "fly"}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(sift(pieces)).toEqual({ text: pieces.join(''), calls: [] });
      }),
    );
  });

  it('holds nothing back that cannot become a call', () => {
    const parser = new PrintedCallParser(() => true);
    expect(parser.push('a < b')).toEqual({ text: 'a < b', calls: [] });
    expect(parser.push(' <tool')).toEqual({ text: ' ', calls: [] });
    expect(parser.push('box>')).toEqual({ text: '<toolbox>', calls: [] });
  });
});
