import { expect, it } from 'vitest';
import { parseDifference } from './collect-changes.ts';
import { mapGitFailure } from './git-failure.ts';
import { decidePathRefusal } from './repo-path-policy.ts';
import { decideMergedStyle, inStyle, isBinary, isLfsPointer, plainText, styleOf } from './text-style-policy.ts';

it('decidePathRefusal() lets odd names through and nothing that leads elsewhere', () => {
  const refused = ['', '/a', '..', 'a/..', './a', 'a//b', 'a/', '.git', 'a/.git/x', '.GIT/x', '.g\u200cit/x', 'git~1', '.git /x', '.git::$INDEX', 'a\0b'];
  expect(refused.filter((path) => decidePathRefusal(path) === null)).toEqual([]);
  const fine = ['a', '-a', ' ', '...', '.gitignore', '.github/x', 'a/.gitmodules', 'new\nline', 'git', '.gitx/y', 'ü/日本'];
  expect(fine.filter((path) => decidePathRefusal(path) !== null)).toEqual([]);
});

it('text styles: read, taken off and put on again', () => {
  for (const text of ['', 'a', 'a\n', 'a\r\nb\r\n', '\ufeffa\r\n', '\ufeffa\nb', 'lone\rreturn\n']) {
    const content = Buffer.from(text);
    expect(inStyle(plainText(content), styleOf(content)).toString()).toBe(text);
  }
  expect(styleOf(Buffer.from('a\r\nb\n')).eol).toBe('mixed');
  const style = (eol: 'lf' | 'crlf' | 'none' | 'mixed', bom = false) => ({ eol, bom });
  expect(decideMergedStyle(style('lf'), style('crlf'), style('lf'))).toEqual(style('crlf'));
  expect(decideMergedStyle(style('lf'), style('lf'), style('crlf', true))).toEqual(style('crlf', true));
  expect(decideMergedStyle(style('none'), style('none'), style('lf'))).toEqual(style('lf'));
  expect(decideMergedStyle(style('lf'), style('mixed'), style('lf'))).toBeNull();
  expect([isBinary(Buffer.from('a\0b')), isBinary(Buffer.from('ab'))]).toEqual([true, false]);
  expect(isLfsPointer(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'))).toBe(true);
});

it('mapGitFailure() knows the common reasons', () => {
  const map = (stderr: string) => mapGitFailure({ what: 'do it', stderr, code: 128, signal: null });
  expect(map('fatal: write error: No space left on device\n')).toMatchObject({
    code: 'storage_full',
    message: 'Cannot do it: the disk is full; free some space and try again',
  });
  expect(map("warning: x\nfatal: Unable to create '/p/.git/index.lock': File exists.\n").message).toBe(
    'Cannot do it: git said "Unable to create \'/p/.git/index.lock\': File exists."; wait for the other git process to end, or remove its lock file if none is running',
  );
  expect(map('').message).toContain('git said "exit status 128"');
});

it('parseDifference() reads names that look like headers', () => {
  const zero = '0'.repeat(40);
  const id = 'a'.repeat(40);
  const records = [`:000000 100644 ${zero} ${id} A`, ':100644 x', `:100644 100644 ${id} ${id} R100`, 'old', ':new', '1\t0\t:100644 x', '0\t0\t', 'old', ':new'];
  const output = Buffer.from(records.map((record) => `${record}\0`).join(''));
  expect(parseDifference(output).changes.map(({ change }) => [change.path, change.oldPath, change.kind, change.additions])).toEqual([
    [':100644 x', null, 'added', 1],
    [':new', 'old', 'renamed', 0],
  ]);
});
