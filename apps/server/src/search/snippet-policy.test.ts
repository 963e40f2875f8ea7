import { describe, expect, it } from 'vitest';
import { searchWords, snippetOf } from './snippet-policy.ts';

describe('searchWords()', () => {
  it('cuts at everything that is neither letter nor digit, once each', () => {
    expect(searchWords(`src/Foo-bar.ts "foo" Ünï 東京 \ud800`)).toEqual(['src', 'foo', 'bar', 'ts', 'ünï', '東京']);
    expect(searchWords(' -- ')).toEqual([]);
  });
});

describe('snippetOf()', () => {
  it('shows the text with most of the words around the first of them', () => {
    const long = `${'blah '.repeat(40)}the parser stops\nat an empty line ${'and so on '.repeat(40)}`;
    const snippet = snippetOf(['a parser', long], ['parser', 'empty']);
    expect(snippet.filter((piece) => piece.marked).map((piece) => piece.text)).toEqual(['parser', 'empty']);
    const shown = snippet.map((piece) => piece.text).join('');
    expect(shown).toMatch(/^…blah .*the parser stops at an empty line and so on .*…$/);
    expect(shown.length).toBeLessThan(230);
  });

  it('keeps positions where lower case is longer', () => {
    expect(snippetOf(['İİ Straße'], ['straße'])).toEqual([
      { text: 'İİ ', marked: false },
      { text: 'Straße', marked: true },
    ]);
    expect(snippetOf([], ['x'])).toEqual([]);
  });
});
