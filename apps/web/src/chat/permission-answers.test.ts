import { expect, it } from 'vitest';
import { permissionAnswers } from './permission-answers.ts';

const option = (id: string, kind: 'allow_once' | 'allow_always' | 'reject_once' | 'reject_always') => ({ id, label: `the ${id}`, kind });
const labels = (answers: readonly { readonly label: string }[]) => answers.map(({ label }) => label);

it('permissionAnswers() calls the plain ways alike for every agent, and keeps the words of the others', () => {
  const { yes, always, no, inWords } = permissionAnswers({
    kind: 'execute',
    options: [option('a', 'allow_once'), option('b', 'allow_once'), option('c', 'allow_always'), option('d', 'reject_once'), option('e', 'reject_always')],
  });
  expect([labels(yes), labels(always), labels(no), inWords]).toEqual([['Allow once', 'the b'], ['the c'], ['Deny', 'the e'], null]);
  expect(labels(permissionAnswers({ kind: 'edit', options: [option('e', 'reject_always')] }).no)).toEqual(['Deny']);
});

it('permissionAnswers() keeps the answers of a question as they are, and words alone are an answer only where there is a choice', () => {
  const { yes, no, inWords } = permissionAnswers({
    kind: 'question',
    options: [option('a', 'allow_once'), option('b', 'allow_once'), option('c', 'reject_once')],
  });
  expect([labels(yes), labels(no), inWords?.id]).toEqual([['the a', 'the b'], ['the c'], 'a']);
  expect(permissionAnswers({ kind: 'question', options: [option('a', 'allow_once'), option('c', 'reject_once')] }).inWords).toBeNull();
  const open = permissionAnswers({ kind: 'question', options: [{ id: 'words', label: 'Answer', kind: 'allow_once' }, option('c', 'reject_once')] });
  expect([labels(open.yes), open.inWords?.id]).toEqual([[], 'words']);
});
