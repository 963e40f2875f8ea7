import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit } from './apply-edit.ts';

function edit(text: string, oldText: string, newText: string, isForAll = false) {
  return applyEdit(text, { oldText, newText, isForAll });
}

function textOf(text: string, oldText: string, newText: string): string | null {
  const outcome = edit(text, oldText, newText);
  return outcome.type === 'edited' ? outcome.text : null;
}

const SOURCE = [
  'export function first(value: number): number {',
  '  const doubled = value * 2;',
  '  return doubled;',
  '}',
  '',
  'export function second(value: number): number {',
  '  const tripled = value * 3;',
  '  if (tripled > 100) {',
  '    report(tripled);',
  '  }',
  '  return tripled;',
  '}',
  '',
].join('\n');

describe('applyEdit() letter by letter', () => {
  it('replaces the one exact place', () => {
    expect(edit('a\nb\nc\n', 'b', 'B')).toEqual({
      type: 'edited',
      text: 'a\nB\nc\n',
      lines: [2],
      stage: 'exact',
      explanation: 'Changed line 2: found letter by letter.',
    });
  });

  it('replaces a part of a line', () => {
    expect(textOf('const path = "C:\\new\\table";\n', '\\new', '\\old\\names')).toBe('const path = "C:\\old\\names\\table";\n');
  });

  it('refuses more than one place and shows them', () => {
    expect(edit('x = 1\ny\nx = 1\n', 'x = 1', 'x = 2')).toEqual({
      type: 'ambiguous',
      stage: 'exact',
      candidates: [
        { line: 1, excerpt: 'x = 1\ny\nx = 1' },
        { line: 3, excerpt: 'x = 1' },
      ],
    });
  });

  it('refuses places that overlap', () => {
    expect(edit('aaa', 'aa', 'b').type).toBe('ambiguous');
  });

  it('refuses more than one place that is alike but for white space', () => {
    expect(edit('if (a) {\n  go();\n}\nif (b) {\n    go();\n}\n', '\tgo();', '\tstop();')).toMatchObject({
      type: 'ambiguous',
      candidates: [{ line: 2 }, { line: 5 }],
    });
  });

  it('replaces all when asked, also several in one line', () => {
    expect(edit('x x\ny\nx', 'x', 'z', true)).toMatchObject({ text: 'z z\ny\nz', lines: [1, 3] });
  });

  it('replaces all where only indentation differs', () => {
    expect(edit('  call(one);\n    call(one);\n', '\tcall(one);', '\tcall(two);', true)).toMatchObject({ text: '  call(two);\n    call(two);\n' });
  });

  it('keeps Windows line endings, the byte order mark and the missing final newline', () => {
    expect(textOf('\uFEFFa\r\nb\r\nc', 'a\nb', 'a\nnew\nb')).toBe('\uFEFFa\r\nnew\r\nb\r\nc');
  });

  it('leaves the odd line endings of a mixed file alone, also of lines within the passage that stay', () => {
    expect(textOf('a\r\nb\nc\r\nd\r\n', 'c', 'C\nC')).toBe('a\r\nb\nC\r\nC\r\nd\r\n');
    expect(textOf('a\r\nb\nc\r\nd\r\n', 'b\nc', 'b\nC')).toBe('a\r\nb\nC\r\nd\r\n');
  });

  it('keeps lines apart when only the old text ends with a line break', () => {
    expect(textOf('one\ntwo\nthree\n', 'two\n', 'TWO')).toBe('one\nTWO\nthree\n');
  });

  it('takes whole lines away at the end of a file without a final newline', () => {
    expect(textOf('one\ntwo', '\ntwo', '')).toBe('one');
  });

  it('does not change anything when old and new text are the same, or the old one is empty or longer than the file', () => {
    expect(edit('a\n', 'a', 'a').type).toBe('refused');
    expect(edit('a\n', '', 'a').type).toBe('refused');
    expect(edit('a\n', 'a\nb\nc\nd\ne\n', 'a').type).toBe('absent');
    expect(edit('', 'a', 'b').type).toBe('absent');
  });
});

describe('applyEdit() with white space that differs', () => {
  it('ignores it at line ends', () => {
    expect(textOf('one  \ntwo\t\nthree\n', 'one\ntwo\n', 'ONE\nTWO\n')).toBe('ONE\nTWO\nthree\n');
  });

  it('indents the new text as the file does', () => {
    const text = 'class A {\n\trun() {\n\t\tif (x) {\n\t\t\tgo();\n\t\t}\n\t}\n}\n';
    const outcome = edit(text, '    if (x) {\n      go();\n    }', '    if (x) {\n      stop();\n      go();\n    }');
    expect(outcome).toMatchObject({ text: 'class A {\n\trun() {\n\t\tif (x) {\n\t\t\tstop();\n\t\t\tgo();\n\t\t}\n\t}\n}\n', stage: 'indentation' });
  });

  it('finds the step of an indentation that it has not seen', () => {
    const text = 'def run():\n    if x:\n        go()\n    done()\n';
    expect(textOf(text, 'if x:\n  go()\ndone()', 'if x:\n  go()\n  if y:\n    stop()\ndone()')).toBe(
      'def run():\n    if x:\n        go()\n        if y:\n            stop()\n    done()\n',
    );
  });

  it('does not ignore an indentation that would mean two things', () => {
    expect(edit('if a:\n    b()\n        c()\n', 'if a:\n  b()\n  c()', 'x').type).toBe('refused');
  });

  it('refuses new lines of Python whose indentation was clipped', () => {
    const text = 'class A:\n    def run(self):\n        first()\n        second()\n';
    expect(edit(text, 'def run(self):\nfirst()\nsecond()', 'def run(self):\nfirst()\nbetween()\nsecond()').type).toBe('refused');
  });

  it('refuses a single line without its indentation and new lines of which the same is not known', () => {
    expect(edit('notify:\n  email:\n    failure: always\n', 'failure: always', 'success: never\nfailure: never').type).toBe('refused');
    expect(edit('import (\n\t"fmt"\n)\n', '"fmt"', '\t"os"').type).toBe('refused');
  });

  it('does not take a text for the end of a deeper indentation', () => {
    expect(textOf('a:\n        one: 1\n', '    one: 1', '    one: 1\n    two: 2')).toBe('a:\n        one: 1\n        two: 2\n');
  });

  it('writes the tabs of a file that has tabs alone', () => {
    expect(textOf('function a() {\n\tb();\n\tc();\n\td();\n}\nmain();\n', 'main();\n', 'if (x) {\n    main();\n}\n')).toBe(
      'function a() {\n\tb();\n\tc();\n\td();\n}\nif (x) {\n\tmain();\n}\n',
    );
  });

  it('keeps blank lines that the old text has lost where the change is elsewhere', () => {
    expect(
      textOf(
        SOURCE,
        '  return doubled;\n}\nexport function second(value: number): number {\n  const tripled = value * 3;',
        '  return doubled;\n}\nexport function second(value: number): number {\n  const tripled = value * 4;',
      ),
    ).toBe(SOURCE.replace('* 3', '* 4'));
  });
});

describe('applyEdit() with other characters', () => {
  it('keeps the quotes of the file and writes new lines with them', () => {
    expect(textOf("say('a');\nsay('b');\n", 'say(\u2018a\u2019);', 'say(\u2018a\u2019);\nsay(\u2018c\u2019);')).toBe("say('a');\nsay('c');\nsay('b');\n");
  });

  it('makes a change of quotes alone', () => {
    expect(textOf('\ttitle: \u201CHello\u201D\n', '    title: \u201CHello\u201D\n', '    title: "Hello"\n')).toBe('\ttitle: "Hello"\n');
  });

  it('refuses a new line whose quotes could be either', () => {
    expect(edit('He said \u201Cyes\u201D and left.\nThe end of it.\n', 'He said "yes" and left.', 'He said "yes" and left.\nShe said "no".').type).toBe(
      'refused',
    );
  });

  it('finds decomposed letters, special spaces and what has no width', () => {
    expect(textOf('// caf\u00E9 one\nx\n', '// cafe\u0301\u00A0o\u200Bne', '// tea')).toBe('// tea\nx\n');
  });
});

describe('applyEdit() with what was copied along', () => {
  const old = '  const tripled = value * 3;\n  if (tripled > 100) {';
  const now = '  const tripled = value * 4;\n  if (tripled > 100) {';
  const wanted = SOURCE.replace('* 3', '* 4');
  const perLine = (text: string, change: (line: string, index: number) => string): string => text.split('\n').map(change).join('\n');

  it.each([
    ['code fence', (text: string) => `\`\`\`ts\n${text}\n\`\`\``],
    ['line numbers and a bar', (text: string) => perLine(text, (line, index) => `${index + 7}| ${line}`)],
    ['line numbers and a tab', (text: string) => perLine(text, (line, index) => `    ${index + 7}\t${line}`)],
    ['line numbers and a colon', (text: string) => perLine(text, (line, index) => `  ${index + 7}: ${line}`)],
    ['JSON escapes', (text: string) => JSON.stringify(text).slice(1, -1)],
    ['HTML entities', (text: string) => text.replaceAll('>', '&gt;')],
    ['a fence around line numbers', (text: string) => `\`\`\`\n${perLine(text, (line, index) => `${index + 7}| ${line}`)}\n\`\`\``],
  ])('takes away %s', (_name, drift) => {
    expect(textOf(SOURCE, drift(old), drift(now))).toBe(wanted);
  });

  it('takes away diff markers', () => {
    expect(textOf(SOURCE, '-  const tripled = value * 3;\n   if (tripled > 100) {', '+  const tripled = value * 4;\n   if (tripled > 100) {')).toBe(wanted);
    expect(textOf(SOURCE, '   return doubled;\n }', '+  log(doubled);\n   return doubled;\n }')).toBe(
      SOURCE.replace('  return doubled;', '  log(doubled);\n  return doubled;'),
    );
  });

  it('does not unescape what the file really has', () => {
    const text = 'const path = "C:\\\\new\\\\table";\nconst line = `a\\n`;\n';
    expect(textOf(text, '  const path = "C:\\\\new\\\\table";', '  const path = "C:\\\\next\\\\row";')).toBe(
      'const path = "C:\\\\next\\\\row";\nconst line = `a\\n`;\n',
    );
    expect(textOf('<p>a &amp; b</p>\n', '  <p>a &amp; b</p>', '  <p>a &amp; c</p>')).toBe('<p>a &amp; c</p>\n');
  });

  it('refuses escapes that can be read in two ways', () => {
    expect(edit('say("x");\n', 'say(\\"x\\");', 'say(\\"x\\n\\");').type).toBe('refused');
  });

  it('refuses line numbers that point at another line that is like it', () => {
    expect(edit('pre code {\n  a: 1\n}\npre code2 {\n  a: 1\n  b: 2\n}\n', '4| pre code {\n5|   a: 1', '4| pre code {\n5|   a: 2').type).not.toBe('edited');
  });
});

describe('applyEdit() with a middle left out', () => {
  it('changes what is written down and keeps what is not', () => {
    expect(
      textOf(
        SOURCE,
        'export function second(value: number): number {\n  ...\n  return tripled;',
        'export function second(value: number): number {\n  ...\n  return tripled + 1;',
      ),
    ).toBe(SOURCE.replace('return tripled', 'return tripled + 1'));
  });

  it('takes a new text that is written out for all of it', () => {
    const now = SOURCE.split('\n').slice(5, 12).join('\n').replace('100', '200');
    expect(textOf(SOURCE, 'export function second(value: number): number {\n  // ... existing code ...\n  return tripled;\n}', now)).toBe(
      SOURCE.replace('100', '200'),
    );
  });

  it('refuses when what changes is there twice, and when the new text forgets the middle', () => {
    const twice = `${SOURCE}${SOURCE.replaceAll('second', 'third')}`;
    expect(
      edit(
        twice,
        'export function second(value: number): number {\n...\n  return tripled;\n}',
        'export function second(value: number): number {\n...\n  return 0;\n}',
      ).type,
    ).not.toBe('edited');
    expect(edit(SOURCE, 'export function second(value: number): number {\n...\n  return tripled;\n}', '').type).not.toBe('edited');
  });

  it('knows a file that really has such a line', () => {
    const text = 'first: 1\n...\nsecond: 2\nthird: 3\n';
    expect(textOf(text, 'first: 1 \n...\nsecond: 2', 'first: 1 \n...\nsecond: 20')).toBe('first: 1\n...\nsecond: 20\nthird: 3\n');
  });
});

describe('applyEdit() with a slip of the pen', () => {
  const around = (line: string): string => `export function second(value: number): number {\n${line}\n  if (tripled > 100) {\n    report(tripled);`;
  const now = (line: string): string => around(line).replace('100', '200');
  const wanted = SOURCE.replace('100', '200');

  it('keeps the line as the file has it', () => {
    expect(textOf(SOURCE, around('  const tripled = valeu * 3;').replace('value: number', 'value: number'), now('  const tripled = valeu * 3;'))).not.toBe(
      null,
    );
    expect(edit(SOURCE, around('  cosnt tripled = value * 3;'), now('  cosnt tripled = value * 3;'))).toMatchObject({ text: wanted, stage: 'similar' });
  });

  it('keeps a line that was left out, and drops one that was doubled', () => {
    expect(
      textOf(
        SOURCE,
        'export function second(value: number): number {\n  if (tripled > 100) {\n    report(tripled);',
        'export function second(value: number): number {\n  if (tripled > 100) {\n    report(tripled + 1);',
      ),
    ).toBe(SOURCE.replace('report(tripled)', 'report(tripled + 1)'));
    const line = '  const tripled = value * 3;';
    expect(textOf(SOURCE, around(`${line}\n${line}`), now(`${line}\n${line}`))).toBe(wanted);
  });

  it('puts neighbours back that were swapped', () => {
    const swap = (text: string): string => text.replace('  if (tripled > 100) {\n    report(tripled);', '    report(tripled);\n  if (tripled > 100) {');
    const old = SOURCE.split('\n').slice(5, 11).join('\n');
    expect(textOf(SOURCE, swap(old), swap(old.replace('return tripled', 'return 0')))).toBe(SOURCE.replace('return tripled', 'return 0'));
  });

  it('refuses a line that was left out beside the change', () => {
    expect(
      edit(
        SOURCE,
        'export function second(value: number): number {\n  if (tripled > 100) {\n    report(tripled);',
        'export function second(value: number): number {\n  start();\n  if (tripled > 100) {\n    report(tripled);',
      ).type,
    ).toBe('refused');
  });

  it.each([
    ['another number', '  const tripled = value * 4;'],
    ['another name', '  const trebled = value * 3;'],
    ['another call', '  const tripled = other * 3;'],
    ['another operator', '  const tripled = value + 3;'],
  ])('refuses %s: the line may be another one', (_name, line) => {
    expect(edit(SOURCE, around(line), now(line)).type).not.toBe('edited');
  });

  it('refuses when the changed line is another in the file', () => {
    expect(
      edit('timeout: 3000\nretries: 2\nname: service\n', 'timeout: 5000\nretries: 2\nname: service', 'timeout: 4000\nretries: 2\nname: service').type,
    ).not.toBe('edited');
  });

  it('refuses a near twin when the text itself is not there', () => {
    expect(
      edit(
        '.index-decor {\n    background-color: #eeaa77;\n}\n',
        '.functions-decor {\n    background-color: #eeaa77;',
        '.functions-decor {\n    background-color: #000000;',
      ).type,
    ).not.toBe('edited');
    expect(
      edit(
        'function getUser(id) {\n  return users.find((user) => user.id === id);\n}\n',
        'function setUser(id) {\n  return users.find((user) => user.id === id);\n}',
        'function setUser(id) {\n}',
      ).type,
    ).not.toBe('edited');
  });

  it('refuses between two twins that are equally near', () => {
    const twin = (name: string, size: number): string => `case '${name}':\n  return measure(${size}, context, options);\n`;
    expect(edit(twin('alpha', 1) + twin('gamma', 2), twin('alpha', 2), twin('alpha', 3)).type).not.toBe('edited');
  });

  it('shows the nearest text when it is absent, and why it is not it', () => {
    expect(edit(SOURCE, around('  const tripled = value * 4;'), now('  const tripled = value * 4;'))).toEqual({
      type: 'absent',
      nearest: { line: 6, excerpt: SOURCE.split('\n').slice(5, 9).join('\n') },
      reason: 'the file has "const tripled = value * 3;" where oldText has "const tripled = value * 4;"',
    });
  });
});

describe('applyEdit() of an edit that was made before', () => {
  it('says so', () => {
    expect(edit('a\nnew line\n', 'old line', 'new line')).toEqual({ type: 'already_applied', line: 2 });
    expect(edit('import a\nimport b\n', 'import a\n', 'import a\nimport b\n')).toEqual({ type: 'already_applied', line: 1 });
    expect(edit('import a  \nimport b\nimport c\n', 'import a\n', 'import a\nimport b\n').type).toBe('already_applied');
  });

  it('is not misled by a kept line that is there anyway', () => {
    expect(textOf('keep this line\n  drop this line\n', 'keep this line\ndrop this line', 'keep this line')).toBe('keep this line\n');
  });
});

describe('applyEdit() always', () => {
  const line = fc.stringMatching(/^[a-c \t]{0,6}$/);
  const ending = fc.constantFrom('\n', '\r\n');
  const lines = fc.array(fc.tuple(line, ending), { maxLength: 8 });
  const join = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([text, end]) => text + end).join('');

  it('leaves everything outside the replaced passage as it is', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(edit(`${join(before)}THE PLACE${join(after)}`, 'THE PLACE', 'DONE')).toMatchObject({
          type: 'edited',
          text: `${join(before)}DONE${join(after)}`,
        });
      }),
    );
  });

  it('replaces what is there once, as String.replace() does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '{', '\n'), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(40), fc.nat(12), fc.stringMatching(/^[x-z ]{1,8}$/), (file, start, length, newText) => {
        const oldText = file.slice(start, start + length);
        fc.pre(
          oldText.trim() !== '' &&
            !oldText.endsWith('\n') &&
            file.indexOf(oldText) === file.lastIndexOf(oldText) &&
            !/^\s/.test(newText) &&
            !/(?:^|\n)\s+$/.test(file.slice(0, start)),
        );
        expect(textOf(file, oldText, newText)).toBe(file.replace(oldText, () => newText));
      }),
      { numRuns: 500 },
    );
  });

  it('never makes the same edit twice', () => {
    const word = fc.stringMatching(/^[a-e]{3,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 6, maxLength: 12 }),
        fc.array(fc.stringMatching(/^[p-z]{4,8}$/), { minLength: 1, maxLength: 3 }),
        fc.nat(5),
        (file, added, at) => {
          const text = `${file.join('\n')}\n`;
          const [oldText, newText] = [file.slice(at, at + 2).join('\n'), [file[at]!, ...added, ...file.slice(at + 1, at + 2)].join('\n')];
          const once = textOf(text, oldText, newText);
          fc.pre(once !== null);
          expect(edit(once ?? '', oldText, newText).type).toBe('already_applied');
        },
      ),
    );
  });

  it('gives the same result for any line ending of the file and of the edit', () => {
    const dos = (text: string): string => text.replaceAll('\n', '\r\n');
    const [old, now] = ['  const doubled = value * 2;\n  return doubled;\n', '  return value * 2;\n'];
    const wanted = SOURCE.replace(old, now);
    for (const change of [(text: string) => text, dos]) {
      expect(textOf(SOURCE, change(old), change(now))).toBe(wanted);
      expect(textOf(dos(SOURCE), change(old), change(now))).toBe(dos(wanted));
    }
  });
});

describe('applyEdit() where something is lost beside the change', () => {
  const join = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
  const file = join('first of all();', '', 'second in line();', 'third and last();');

  it('keeps a blank line beside a line that is replaced, be it lost from the old text or added to it', () => {
    const wanted = file.replace('second in', 'other in');
    expect(textOf(file, 'first of all();\nsecond in line();\nthird and last();', 'first of all();\nother in line();\nthird and last();')).toBe(wanted);
    expect(textOf(file, 'second in line();\n\nthird and last();\n', 'other in line();\n\nthird and last();\n')).not.toBe(file);
  });

  it('refuses to insert beside a blank line that only one of the two has', () => {
    expect(edit(file, 'first of all();\nsecond in line();\nthird and last();', 'first of all();\nnew();\nsecond in line();\nthird and last();').type).toBe(
      'refused',
    );
    expect(edit(file, 'first of all();\n\n\nsecond in line();', 'first of all();\n\nnew();\n\nsecond in line();').type).not.toBe('edited');
  });

  it('takes a line that was doubled once', () => {
    const wanted = file.replace('third', 'fourth');
    const [old, now] = ['second in line();\nsecond in line();\nthird and last();', 'second in line();\nsecond in line();\nfourth and last();'];
    expect(textOf(file, old, now)).toBe(wanted);
    expect(textOf(file, old, now.replace('second in line();\n', ''))).toBe(wanted);
  });

  it('refuses a new line that the file has right before or after the place', () => {
    const curly = join("say('one thing');", "say('another thing');", "say('the end');");
    expect(edit(curly, 'say(\u2018another thing\u2019);', 'say(\u2018one thing\u2019);\nsay(\u2018another word\u2019);').type).toBe('refused');
  });

  it('refuses lines that begin or end within a line when white space differs', () => {
    expect(edit('static int\nsum_of(a, b);\n', '  int\n  sum_of(a, b)', '  long\n  sum_of(a, b)').type).not.toBe('edited');
  });

  it('refuses new lines with quotes that the file has not when a middle is left out', () => {
    const text = join("say('one');", 'two();', 'three();', 'four();', 'five();');
    const now = 'say(\u2018one\u2019);\n...\nfour();\nsay(\u2018new\u2019);\nfive();';
    expect(edit(text, 'say(\u2018one\u2019);\n...\nfour();\nfive();', now).type).toBe('refused');
  });

  it('refuses a decoded text whose last line goes on in the file, and a clipped line whose new form is not clipped', () => {
    const text = join('try {', '  // See the issue', '  // it fails', '}');
    expect(edit(text, '2|   // See the issue\n3|   //', '2|   // See the issue').type).not.toBe('edited');
    expect(textOf('if (x) {\n  go(one);\n}\n', 'go(one); ', '  go(two); ')).not.toBe('if (x) {\n    go(two);\n}\n');
  });

  it('does not take a hyphen for a dash, nor change a new text that is written as the file is', () => {
    const text = join('/* Purple \u2014 a theme */', 'code.hljs {', '  padding: 1em', '}');
    const [old, now] = ['/* Purple - a theme */\ncode.hljs {', '/* Purple - a theme */\ncode.hljs-name {'];
    expect(textOf(text, old, now.replace(' - ', ' \u2014 '))).toBe(text.replace('code.hljs', 'code.hljs-name'));
    expect(edit(text, old, now).type).toBe('refused');
  });

  it('sees twins that stand right after each other', () => {
    const twins = join('with:', '  license-check: true', '  lint: true', 'with:', '  license-check: true', '  lint: true');
    expect(edit(twins, 'with:\n  license-chck: true\n  lint: true', 'with:\n  license-chck: true\n  lint: false').type).not.toBe('edited');
  });

  it('refuses lines that are indented as in the file where others are not', () => {
    expect(edit('  a() {\n    return it;\n  }\n}\n', '    return it;\n}', '    return it;\n}\n\nfunction b() {}').type).toBe('refused');
  });

  it('refuses new lines of a text that has lost all indentation where a block begins', () => {
    expect(edit('  if (x) go(one);\n  stop(two);\n', 'if (x) go(one);\nstop(two);', 'if (x)\ngo(one);\nstop(two);').type).toBe('refused');
  });

  it('refuses a line that the file has in the place of another, though it is there twice', () => {
    const text = join('  check one;', '  fi_x', 'fi', 'mark the end;');
    expect(edit(text, '  check one;\n  fi\nfi\nmark the end;', '  check one;\n  fi\nfi\nmark the end;\nnew line;').type).not.toBe('edited');
  });

  it('replaces a word that was misspelt, and mends the slip in its new form', () => {
    const text = join('function neighbour(value) {', '  return remember(value);', '}');
    const old = 'function neighbour(value) {\n  return remebmer(value);\n}';
    expect(textOf(text, old, old.replace('remebmer', 'forget'))).toBe(text.replace('remember', 'forget'));
    expect(textOf(text, old, old.replace('remebmer', 'remebmer_x'))).toBe(text.replace('remember', 'remember_x'));
  });

  it('takes away spaces that are doubled as in the lines around, and no others', () => {
    const text = join('const one = first(value);', 'const two = second(value);');
    const old = 'const one  =  first(value);\nconst two  =  second(value);';
    expect(textOf(text, old, old.replace('second', 'third'))).toBe(text.replace('second', 'third'));
    const all = 'const  one  =  first(value);';
    expect(edit(text, all, `${all}\n/* a  - b */`).type).toBe('refused');
  });
});
