import { expect, it } from 'vitest';
import { commandAt, hintFor, matchCommands, putCommand } from './command-token.ts';

const COMMANDS = [
  { name: 'compact', description: 'Sum the chat up', hint: null },
  { name: 'review', description: 'Look at the changes', hint: 'branch or path' },
  { name: 'pr-review', description: 'Look at a pull request', hint: null },
];

it('commandAt() knows a command only at the very beginning, and a path is none', () => {
  expect([commandAt('/', 1), commandAt('/rev', 4), commandAt('/review now', 4)]).toEqual(['', 'rev', 'rev']);
  expect([commandAt('/review now', 11), commandAt('see /rev', 8), commandAt('/etc/hosts', 10), commandAt('', 0)]).toEqual([null, null, null, null]);
});

it('putCommand() replaces the first word alone', () => {
  expect(putCommand('/rev', COMMANDS[1]!)).toEqual({ text: '/review ', caret: 8 });
  expect(putCommand('/rev src', COMMANDS[1]!)).toEqual({ text: '/review src', caret: 8 });
});

it('matchCommands() puts beginnings first, then what holds the letters', () => {
  expect(matchCommands(COMMANDS, '').map(({ name }) => name)).toEqual(['compact', 'review', 'pr-review']);
  expect(matchCommands(COMMANDS, 'REV').map(({ name }) => name)).toEqual(['review', 'pr-review']);
  expect(matchCommands(COMMANDS, 'sum').map(({ name }) => name)).toEqual(['compact']);
  expect(matchCommands(COMMANDS, 'zzz')).toEqual([]);
});

it('hintFor() tells what a command takes until it is written', () => {
  expect([hintFor(COMMANDS, '/review '), hintFor(COMMANDS, '/review src'), hintFor(COMMANDS, '/compact '), hintFor(COMMANDS, 'review ')]).toEqual([
    'branch or path',
    null,
    null,
    null,
  ]);
});
