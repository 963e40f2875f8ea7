import { expect, it } from 'vitest';
import { escapeHtml, markHtml } from './mark-html.ts';

it('markHtml() counts what is seen, not tags and not entities', () => {
  expect(markHtml('a &lt; <span class="k">b</span>c', [[2, 3]])).toBe('a <mark>&lt;</mark> <span class="k">b</span>c');
});

it('markHtml() closes a mark at the end of a span and opens it again behind it', () => {
  expect(markHtml('x<span class="k">yz</span>w', [[0, 2]])).toBe('<mark>x</mark><span class="k"><mark>y</mark>z</span>w');
});

it('markHtml() of escaped text keeps the text', () => {
  expect(markHtml(escapeHtml('if (a && b < "c")'), [[4, 8]])).toBe('if (<mark>a &amp;&amp;</mark> b &lt; &quot;c&quot;)');
});
