import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit } from './apply-edit.ts';

function edit(text: string, oldText: string, newText: string, isForAll = false) {
  return applyEdit(text, { oldText, newText, isForAll });
}

describe('applyEdit()', () => {
  it('replaces the one exact place', () => {
    expect(edit('a\nb\nc\n', 'b', 'B')).toEqual({ type: 'edited', text: 'a\nB\nc\n', lines: [2], isTolerant: false });
  });

  it('refuses more than one place and names their lines', () => {
    expect(edit('x = 1\ny\nx = 1\n', 'x = 1', 'x = 2')).toEqual({ type: 'ambiguous', lines: [1, 3] });
  });

  it('refuses more than one place that is alike but for white space', () => {
    expect(edit('if (a) {\n  go();\n}\nif (b) {\n    go();\n}\n', '\tgo();', '\tstop();')).toEqual({ type: 'ambiguous', lines: [2, 5] });
  });

  it('replaces all when asked', () => {
    expect(edit('x\ny\nx', 'x', 'z', true)).toMatchObject({ text: 'z\ny\nz', lines: [1, 3] });
  });

  it('keeps Windows line endings, the byte order mark and the missing final newline', () => {
    expect(edit('\uFEFFa\r\nb\r\nc', 'a\nb', 'a\nnew\nb')).toMatchObject({ text: '\uFEFFa\r\nnew\r\nb\r\nc' });
  });

  it('leaves the odd line endings of a mixed file alone', () => {
    expect(edit('a\r\nb\nc\r\nd\r\n', 'c', 'C\nC')).toMatchObject({ text: 'a\r\nb\nC\r\nC\r\nd\r\n' });
  });

  it('ignores white space at line ends', () => {
    expect(edit('one  \ntwo\t\nthree\n', 'one\ntwo\n', 'ONE\nTWO\n')).toMatchObject({ text: 'ONE\nTWO\nthree\n', isTolerant: true });
  });

  it('indents the new text as the file does', () => {
    const text = 'class A {\n\trun() {\n\t\tif (x) {\n\t\t\tgo();\n\t\t}\n\t}\n}\n';
    const outcome = edit(text, '    if (x) {\n      go();\n    }', '    if (x) {\n      stop();\n      go();\n    }');
    expect(outcome).toMatchObject({ text: 'class A {\n\trun() {\n\t\tif (x) {\n\t\t\tstop();\n\t\t\tgo();\n\t\t}\n\t}\n}\n', isTolerant: true });
  });

  it('does not ignore an indentation that would mean two things', () => {
    expect(edit('if a:\n    b()\n        c()\n', 'if a:\n  b()\n  c()', 'x')).toMatchObject({ type: 'absent' });
  });

  it('says when the new text is already there', () => {
    expect(edit('a\nnew line\n', 'old line', 'new line')).toEqual({ type: 'already_applied', line: 2 });
  });

  it('says when the old text is not there, with a similar line', () => {
    expect(edit('a\nconst value = 1;\nb\n', 'const value = 1;\nmissing', 'x')).toEqual({ type: 'absent', nearLine: 2 });
  });

  it('never changes anything outside the replaced passage', () => {
    const line = fc.stringMatching(/^[a-c \t]{0,6}$/);
    const ending = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, ending), { maxLength: 8 }), fc.array(fc.tuple(line, ending), { maxLength: 8 }), (before, after) => {
        const [head, tail] = [before, after].map((lines) => lines.map(([text, end]) => text + end).join(''));
        const outcome = edit(`${head}THE PLACE${tail}`, 'THE PLACE', 'DONE');
        expect(outcome).toMatchObject({ type: 'edited', text: `${head}DONE${tail}` });
      }),
    );
  });
});
