import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, EMPTY_MARKDOWN, growMarkdown, splitMarkdown } from './markdown-blocks.ts';

const PIECES = [
  '# Title\n\n',
  'A paragraph with **bold** and `code`.\n\n',
  'line one\nline two\n',
  '- one\n- two\n\n- three\n',
  '1. first\n2. second\n   more\n\n',
  '```ts\nconst a = 1;\n\nconst b = 2;\n```\n',
  '~~~\nplain\n~~~\n\n',
  '| a | b |\n|---|---|\n| 1 | 2 |\n\n',
  '> quoted\n> more\n\n',
  'Setext\n======\n\n',
  '---\n\n',
  '\n\n\n',
  '\tindented\n\n',
  'windows\r\nlines\r\n\r\n',
  '<b>html</b>\n\n',
  '- [ ] open\n- [x] done\n\n',
  'ends without a break',
];

const documents = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 }).map((pieces) => pieces.join(''));
const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });

function grow(text: string, sizes: readonly number[]) {
  let state = EMPTY_MARKDOWN;
  for (let at = 0, turn = 0; at < text.length; turn++) {
    at = Math.min(text.length, at + (sizes[turn % sizes.length] ?? 1));
    state = growMarkdown(state, text.slice(0, at));
  }
  return state;
}

function raws(blocks: readonly Block[]): readonly string[] {
  return blocks.map((block) => block.raw);
}

describe('growMarkdown()', () => {
  it('splits a document in any pieces exactly as in one', () => {
    fc.assert(
      fc.property(documents, cuts, (text, sizes) => {
        const state = grow(text, sizes);
        expect(raws([...state.closed, ...state.open])).toEqual(raws(splitMarkdown(text)));
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every character in exactly one block', () => {
    fc.assert(
      fc.property(documents, cuts, (text, sizes) => {
        const state = grow(text, sizes);
        expect(raws([...state.closed, ...state.open]).join('').length).toBe(text.length);
        expect(raws(state.closed).join('').length).toBe(state.closedLength);
      }),
    );
  });

  it('keeps closed blocks as they are while text is appended', () => {
    fc.assert(
      fc.property(documents, documents, (text, more) => {
        const before = growMarkdown(EMPTY_MARKDOWN, text);
        const after = growMarkdown(before, text + more);
        expect(after.closed.slice(0, before.closed.length)).toEqual(before.closed);
        before.closed.forEach((block, index) => expect(after.closed[index]).toBe(block));
      }),
    );
  });

  it('starts again when the text was replaced', () => {
    const before = growMarkdown(EMPTY_MARKDOWN, 'one\n\ntwo\n\nthree\n\nfour\n\n');
    expect(raws(growMarkdown(before, 'other').open)).toEqual(['other']);
  });

  it('lexes only what is open, however long the document is', () => {
    const text = 'A paragraph of an answer.\n\n'.repeat(5_000);
    const state = growMarkdown(growMarkdown(EMPTY_MARKDOWN, text), `${text}x`);
    expect(state.text.length - state.closedLength).toBeLessThan(200);
  });
});

describe('splitMarkdown()', () => {
  it('gives fenced code its language and its text', () => {
    expect(splitMarkdown('```ts title\nconst a = 1;\n```\n')).toMatchObject([{ kind: 'code', language: 'ts', code: 'const a = 1;' }]);
  });
});
