import { ACCESS_LEVELS } from '@boocode/contracts/access.ts';
import { expect, it } from 'vitest';
import { decideAccess, notPlainReason } from './access-policy.ts';

const file = (path: string, isExecutable = false) => ({ path, isExecutable });

it('decideAccess() follows its table', () => {
  const rows = ACCESS_LEVELS.map((access) => [
    access,
    decideAccess({ type: 'none' }, null, access).type,
    decideAccess({ type: 'edit', path: 'src/a.ts' }, file('src/a.ts'), access).type,
    decideAccess({ type: 'edit', path: '.github/x.yml' }, file('.github/x.yml'), access).type,
    decideAccess({ type: 'execute', command: 'ls' }, null, access).type,
  ]);
  expect(rows).toEqual([
    ['read-only', 'allow', 'refuse', 'refuse', 'refuse'],
    ['ask', 'allow', 'allow', 'ask', 'ask'],
    ['edits', 'allow', 'allow', 'allow', 'ask'],
    ['full', 'allow', 'allow', 'allow', 'allow'],
  ]);
});

it.each([
  '.env',
  '.github/workflows/ci.yml',
  'a/.vscode/tasks.json',
  '.gitattributes',
  'package.json',
  'sub/package.json',
  'Makefile',
  'vite.config.ts',
  'rules.mk',
])('notPlainReason() finds a reason for %s', (path) => expect(notPlainReason(file(path))).not.toBeNull());

it.each(['README.md', 'src/a.ts', 'docs/hooks.md', 'src/config.ts', 'src/hooks/use-chat.ts', 'lib/makefile-parser.ts'])(
  'notPlainReason() takes %s for a plain file',
  (path) => {
    expect(notPlainReason(file(path))).toBeNull();
  },
);

it('notPlainReason() finds executable files', () => {
  expect(notPlainReason(file('run', true))).not.toBeNull();
});
