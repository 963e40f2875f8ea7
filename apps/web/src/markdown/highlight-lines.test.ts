import { expect, it } from 'vitest';
import { splitHighlightedLines } from './highlight-lines.ts';

it('splitHighlightedLines() closes a span at the end of a line and opens it again on the next', () => {
  expect(splitHighlightedLines('a <span class="c">/* one\ntwo <span class="d">x</span>\n*/</span> b')).toEqual([
    'a <span class="c">/* one</span>',
    '<span class="c">two <span class="d">x</span></span>',
    '<span class="c">*/</span> b',
  ]);
});
