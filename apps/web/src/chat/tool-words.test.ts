import { expect, it } from 'vitest';
import { aTool } from '../../test/records.ts';
import { groupWords, inputText, toolWords } from './tool-words.ts';

it('toolWords() says what a call does without saying it twice', () => {
  expect(toolWords(aTool({ kind: 'edit', title: 'src/a.ts' }))).toEqual({ verb: 'Edited', object: 'src/a.ts' });
  expect(toolWords(aTool({ kind: 'edit', title: 'Edit src/a.ts', status: 'running' }))).toEqual({ verb: 'Editing', object: 'src/a.ts' });
  expect(toolWords(aTool({ kind: 'read', title: 'List src' }))).toEqual({ verb: 'Listed', object: 'src' });
  expect(toolWords(aTool({ kind: 'execute', title: 'read line' }))).toEqual({ verb: 'Ran', object: 'read line' });
  expect(toolWords(aTool({ kind: 'execute', title: 'ls', status: 'pending' }))).toEqual({ verb: 'Waiting to run', object: 'ls' });
  expect(toolWords(aTool({ kind: 'other', title: '', name: 'lookup' }))).toEqual({ verb: 'Used', object: 'lookup' });
});

it('inputText() shows one argument per line', () => {
  expect(inputText({ path: 'a.ts', limit: 3 })).toBe('path: a.ts\nlimit: 3');
  expect(inputText(null)).toBe('');
});

it('groupWords() counts files once and says what else was done', () => {
  const parts = [aTool({ title: 'a.ts' }), aTool({ title: 'a.ts' }), aTool({ title: 'b.ts' }), aTool({ kind: 'search', title: 'x' })];
  expect(groupWords(parts)).toEqual({ verb: 'Explored', object: '2 files, 1 search' });
  expect(groupWords([aTool({ kind: 'execute' }), aTool({ kind: 'execute' })])).toEqual({ verb: 'Ran', object: '2 commands' });
});
