import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendMarkdown, type Block, EMPTY_MARKDOWN, splitMarkdown } from './markdown-blocks.ts';

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
    const end = Math.min(text.length, at + (sizes[turn % sizes.length] ?? 1));
    state = appendMarkdown(state, text.slice(at, end));
    at = end;
  }
  return state;
}

function raws(blocks: readonly Block[]): readonly string[] {
  return blocks.map((block) => block.raw);
}

describe('appendMarkdown()', () => {
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
        const before = appendMarkdown(EMPTY_MARKDOWN, text);
        const after = appendMarkdown(before, more);
        expect(after.closed.slice(0, before.closed.length)).toEqual(before.closed);
        before.closed.forEach((block, index) => expect(after.closed[index]).toBe(block));
      }),
    );
  });

  it('lexes only what is open, however long the document is', () => {
    const text = 'A paragraph of an answer.\n\n'.repeat(5_000);
    const before = appendMarkdown(EMPTY_MARKDOWN, text);
    expect(appendMarkdown(before, 'x').lexed - before.lexed).toBeLessThan(200);
  });
});

describe('splitMarkdown()', () => {
  it('gives fenced code its language and its text', () => {
    expect(splitMarkdown('```ts title\nconst a = 1;\n```\n')).toMatchObject([{ kind: 'code', language: 'ts', code: 'const a = 1;' }]);
  });
});

describe('a long open block', () => {
  const cost = (lines: (index: number) => string, count: number, head = '') => {
    let text = head;
    let state = appendMarkdown(EMPTY_MARKDOWN, text);
    const lexed: number[] = [];
    for (let index = 0; index < count; index++) {
      text += lines(index);
      const before = state.lexed;
      state = appendMarkdown(state, lines(index));
      lexed.push(state.lexed - before);
    }
    return { text, state, lexed };
  };
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

  it('costs the same per delta at 5,000 deltas as at 500 when it is code', () => {
    const { text, state, lexed } = cost((index) => `const value${index} = ${index};\n`, 5_000, '```ts\n');
    expect(sum(lexed.slice(4_900))).toBeLessThanOrEqual(sum(lexed.slice(400, 500)) * 1.5);
    expect(state.open).toMatchObject([{ kind: 'code', language: 'ts', code: text.slice(6) }]);
    const after = appendMarkdown(state, '```\nAfter.');
    expect(raws([...after.closed, ...after.open])).toEqual(raws(splitMarkdown(`${text}\`\`\`\nAfter.`)));
  });

  it('costs the same per delta at 5,000 deltas as at 500 when it is many blocks', () => {
    const { state, lexed } = cost((index) => (index % 6 === 5 ? 'end of it.\n\n' : `word${index} `), 5_000);
    expect(sum(lexed.slice(4_500))).toBeLessThanOrEqual(sum(lexed.slice(400, 900)) * 1.5);
    expect(state.closed.length).toBeGreaterThan(800);
  });

  it('is lexed a bounded number of times when it is one list', () => {
    const { text, state, lexed } = cost((index) => `- item ${index}\n`, 3_000);
    expect(sum(lexed)).toBeLessThan(text.length * 80);
    expect(raws([...state.closed, ...state.open]).join('')).toBe(text);
  });
});
