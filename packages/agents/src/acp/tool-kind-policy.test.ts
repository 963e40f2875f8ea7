import { expect, it } from 'vitest';
import { decideToolKind, findCommand, findPath } from './tool-kind-policy.ts';

it.each([
  [{ kind: 'read', name: null, input: { command: 'rm -rf /' } }, 'execute'], // what would run a command is never anything else
  [{ kind: 'edit', name: 'write_file', input: { file_path: 'a' } }, 'edit'],
  [{ kind: null, name: 'shell', input: {} }, 'execute'],
  [{ kind: 'other', name: 'developer__text_editor', input: {} }, 'edit'],
  [{ kind: 'other', name: 'WriteFile', input: {} }, 'edit'],
  [{ kind: null, name: 'run_shell_command', input: {} }, 'execute'],
  [{ kind: null, name: 'grep_search', input: {} }, 'search'],
  [{ kind: null, name: 'read_many_files', input: {} }, 'read'],
  [{ kind: null, name: 'todo_write', input: {} }, 'think'],
  [{ kind: null, name: 'task', input: {} }, 'task'],
  [{ kind: 'switch_mode', name: 'exit_plan_mode', input: {} }, 'other'],
  [{ kind: null, name: null, input: 'text' }, 'other'],
] as const)('decideToolKind(%j) is %s', (call, kind) => {
  expect(decideToolKind(call)).toBe(kind);
});

it('findCommand() and findPath() know the usual names', () => {
  expect(findCommand({ cmd: 'ls' })).toBe('ls');
  expect(findCommand({ command: ['git', 'log'] })).toBe('git log');
  expect(findCommand({ command: 'git', args: ['log'] })).toBe('git log');
  expect(findCommand({ command: '' })).toBe(null);
  expect(findCommand(null)).toBe(null);
  expect(findPath({ filePath: 'a.txt' })).toBe('a.txt');
  expect(findPath({ content: 'a.txt' })).toBe(null);
});
