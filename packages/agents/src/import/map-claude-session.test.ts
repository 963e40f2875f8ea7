import { expect, it } from 'vitest';
import { foldPast } from './fold-past.ts';
import { mapClaudeSession } from './map-claude-session.ts';

let clock = 0;

function record(type: 'user' | 'assistant', uuid: string, parentUuid: string | null, content: unknown, more: object = {}): object {
  const timestamp = new Date(Date.UTC(2026, 0, 1, 12, 0, clock++)).toISOString();
  return { type, uuid, parentUuid, timestamp, cwd: '/home/ada/notes', message: { role: type, content, model: 'claude-x' }, ...more };
}

const text = (value: string) => [{ type: 'text', text: value }];
const told = (records: readonly object[]) =>
  foldPast(mapClaudeSession(records).entries).map(({ role, status, parts }) => [role, status, parts.map((part) => ('text' in part ? part.text : part.type))]);

it('follows the branch that was gone on with, and keeps results that stand beside it', () => {
  const calls = ['x', 'y'].map((id) => ({ type: 'tool_use', id, name: 'Bash', input: { command: id } }));
  const result = (id: string) => [{ type: 'tool_result', tool_use_id: id, content: `result of ${id}` }];
  const records = [
    record('user', '1', null, 'first'),
    record('assistant', '2', '1', text('one')),
    record('user', '3', '2', 'a branch that was left'),
    record('assistant', '4', '3', text('nobody sees this')),
    record('user', '5', '2', 'second'),
    record('assistant', '6', '5', calls.slice(0, 1)),
    record('assistant', '7', '6', calls.slice(1)),
    record('user', '8', '6', result('x')),
    record('user', '9', '7', result('y')),
    record('assistant', '10', '9', text('two')),
    record('assistant', '11', '10', text('of a sub-agent'), { isSidechain: true }),
  ];
  expect(told(records)).toEqual([
    ['user', 'completed', ['first']],
    ['assistant', 'completed', ['one']],
    ['user', 'completed', ['second']],
    ['assistant', 'completed', ['tool', 'tool', 'two']],
  ]);
  const answer = foldPast(mapClaudeSession(records).entries).at(-1);
  expect(answer?.parts.map((part) => (part.type === 'tool' ? [part.title, part.status, part.step, part.output?.text] : null))).toEqual([
    ['x', 'completed', 0, 'result of x'],
    ['y', 'completed', 0, 'result of y'],
    null,
  ]);
});

it('shows everything before a parent that is not in the file', () => {
  expect(told([record('user', '1', null, 'first'), record('assistant', '2', '1', text('one')), record('user', '3', 'gone', 'second')])).toEqual([
    ['user', 'completed', ['first']],
    ['assistant', 'completed', ['one']],
    ['user', 'completed', ['second']],
  ]);
});

it('tells what the person said from what the program wrote in their name', () => {
  const records = [
    record('user', '1', null, '<command-name>/review</command-name>\n<command-args>the parser</command-args>'),
    record('assistant', '2', '1', [{ type: 'tool_use', id: 'x', name: 'Bash', input: { command: 'sleep 9' } }]),
    record('user', '3', '2', text('[Request interrupted by user for tool use]')),
    record('user', '4', '3', 'Caveat: what follows is local', { isMeta: true }),
    record('user', '5', '4', '<local-command-stdout>42</local-command-stdout>'),
    record('user', '6', '5', 'Summary of all that was said', { isCompactSummary: true }),
    record('user', '7', '6', 'go on<system-reminder>be quick</system-reminder>'),
    record('assistant', '8', '7', text('API Error: 500'), { isApiErrorMessage: true }),
  ];
  expect(told(records)).toEqual([
    ['user', 'completed', ['/review the parser']],
    ['assistant', 'cancelled', ['tool']],
    ['assistant', 'completed', ['The agent shortened its memory of the conversation here.']],
    ['user', 'completed', ['go on']],
    ['assistant', 'failed', []],
  ]);
  const messages = foldPast(mapClaudeSession(records).entries);
  expect(messages[1]?.parts).toMatchObject([{ type: 'tool', status: 'cancelled' }]);
  expect(messages.at(-1)?.failure).toEqual({ code: 'model_server_error', message: 'API Error: 500' });
});

it('reads nothing from records that are none', () => {
  expect(
    mapClaudeSession([
      {},
      { type: 7 },
      { type: 'user', uuid: 'u', message: 'text' },
      { type: 'assistant', uuid: 'a', message: { content: [null, { type: 'new' }] } },
    ]),
  ).toEqual({
    title: null,
    entries: [],
  });
});
