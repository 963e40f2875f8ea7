import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dcpTagStripper, stripDcpTags } from './strip-dcp-tags.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['Hello<dcp-message-id>m0001</dcp-message-id> world', 'Hello world'],
  ['<dcp-message-id>m0001</dcp-message-id>\nHello', 'Hello'],
  ['a\n<dcp-message-id priority="low">m0002</dcp-message-id>\r\nb', 'a\nb'],
  ['a <dcp-message-id id="m1"/> b', 'a  b'],
  ['a<dcp-message-id/>\nb', 'a\nb'],
  ['end <dcp-message-id>m0001</dcp-message-id>', 'end '],
  ['</dcp-message-id>tail', 'tail'],
  ['<dcp-message-id>m1</dcp-message-id><dcp-message-id>m2</dcp-message-id>x', 'x'],
  ['Map<string, List<number>> a < b && c > d <b>bold</b>', 'Map<string, List<number>> a < b && c > d <b>bold</b>'],
  ['```html\n<dcp>no</dcp>\n<div>\n```\n', '```html\n<dcp>no</dcp>\n<div>\n```\n'],
  ['<dcp-message-identity>x</dcp-message-identity>', '<dcp-message-identity>x</dcp-message-identity>'],
  ['about <dcp-message-id and more', 'about <dcp-message-id and more'],
  ['about <dcp-message-id> without an end', 'about <dcp-message-id> without an end'],
  ['<dcp-message-id>m<b>1</b></dcp-message-id>', '<dcp-message-id>m<b>1</b>'],
  [`x<dcp-message-id>${'long '.repeat(100)}</dcp-message-id>`, `x<dcp-message-id>${'long '.repeat(100)}`],
  ['<<dcp-message-id>m1</dcp-message-id>>', '<>'],
];

function strip(pieces: readonly string[]): string {
  const stripper = dcpTagStripper();
  return pieces.map((piece) => stripper.push(piece)).join('') + stripper.flush();
}

describe('stripDcpTags()', () => {
  it.each(CASES)('makes %j into %j', (text, expected) => {
    expect(stripDcpTags(text)).toBe(expected);
  });

  it('leaves every text without such a tag as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '/', 'dcp', '-', '\n', 'é', '𝔸', ' ', '<div>', '</b>') }), (text) => {
        expect(stripDcpTags(text)).toBe(text);
      }),
    );
  });
});

describe('dcpTagStripper()', () => {
  it.each(CASES)('gives the same for %j in two pieces, wherever it is cut', (text) => {
    for (let at = 0; at <= text.length; at += 1) expect(strip([text.slice(0, at), text.slice(at)])).toBe(stripDcpTags(text));
    expect(strip([...text])).toBe(stripDcpTags(text));
  });

  it('gives the same however a text is cut', () => {
    const unit = fc.constantFrom(
      '<dcp-message-id>',
      '</dcp-message-id>',
      '<dcp-message-id a="1">',
      '<dcp-message-id/>',
      '<dcp',
      'm0001',
      '\n',
      '\r',
      '<',
      '>',
      ' ',
      'x'.repeat(97),
      'x',
      '</',
    );
    fc.assert(
      fc.property(fc.array(unit), fc.array(fc.nat(200)), (units, cuts) => {
        const text = units.join('');
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        expect(strip(places.slice(1).map((place, index) => text.slice(places[index], place)))).toBe(stripDcpTags(text));
      }),
    );
  });

  it('holds back no more than what may become a tag', () => {
    const stripper = dcpTagStripper();
    expect(stripper.push('a < b <div')).toBe('a < b <div');
    expect(stripper.push(' x <dcp-mess')).toBe(' x ');
    expect(stripper.push('y')).toBe('<dcp-messy');
    expect(stripper.push('<dcp-message-id>m1')).toBe('');
    expect(stripper.flush()).toBe('<dcp-message-id>m1');
  });
});
