import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { Change } from '@boocode/contracts/change.ts';
import { Task } from '@boocode/contracts/task.ts';
import { paintNothing } from '../terminal/terminal.ts';
import { textWidth } from '../terminal/text-width.ts';
import { failureLine, formatSummary } from './turn-summary.ts';

const usage = { inputTokens: 1234, outputTokens: 56, cachedTokens: null, contextUsed: 2345, contextSize: 32_768, cost: null };

it('formatSummary() of a completed turn without changes is one line', () => {
  expect(formatSummary(task({ state: 'completed' }), usage, [], 80, paintNothing)).toBe(
    'Completed in 2.5 s · 1,234 tokens in, 56 out · context 2,345 of 32,768\n',
  );
});

it('formatSummary() of an interrupted turn offers to go on, and shows what waits', () => {
  const ended = task({ state: 'interrupted', error: { code: 'interrupted', message: 'The server ended;\nContinue goes on' } });
  expect(formatSummary(ended, null, [change('src/a.ts'), change('new/日本.ts')], 80, paintNothing)).toBe(`Interrupted after 2.5 s
2 changed files waiting for you (+24 -6):
  M src/a.ts                                      +12 -3
  M new/日本.ts                                   +12 -3
Next:
  boocode continue 3f2a9c1b        go on where it stopped
  boocode retry 3f2a9c1b           the prompt again
  boocode discard 3f2a9c1b         leave it at that
  boocode changes 3f2a9c1b --diff  look at them
  boocode apply 3f2a9c1b           take them into your folder
  boocode reject 3f2a9c1b          throw them away
`);
  expect(failureLine(ended)).toBe('boocode: The server ended; Continue goes on');
});

it('formatSummary() stays within the terminal', () => {
  const many = Array.from({ length: 30 }, (_, index) => change(`some/deep/folder/with/a/very/long/name/file-${index}.ts`));
  for (const width of [24, 36, 48, 60, 80, 120]) {
    const lines = formatSummary(task({ state: 'failed' }), usage, many, width, paintNothing).split('\n');
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
  }
});

function task(patch: Partial<Task>): Task {
  const [id, other, at] = ['3f2a9c1b-0000-4000-8000-000000000001', randomUUID(), '2026-01-02T03:04:05.000Z'];
  return Task.parse({
    id,
    projectId: other,
    sessionId: other,
    chatId: other,
    parentTaskId: null,
    messageId: other,
    answerId: other,
    agent: 'boocode',
    model: null,
    mode: null,
    access: 'ask',
    priority: 0,
    input: 'x',
    outputSummary: null,
    error: null,
    tokensIn: null,
    tokensOut: null,
    cost: null,
    createdAt: at,
    startedAt: at,
    endedAt: '2026-01-02T03:04:07.500Z',
    waitsFor: null,
    settled: false,
    ...patch,
  });
}

function change(path: string): Change {
  const [id, at] = [randomUUID(), '2026-01-02T03:04:05.000Z'];
  const rest = {
    oldPath: null,
    kind: 'modified',
    state: 'pending',
    marked: false,
    hunks: [],
    agent: 'boocode',
    taskId: null,
    binary: false,
    note: null,
    createdAt: at,
    updatedAt: at,
  };
  return Change.parse({ id, sessionId: id, worktreeId: id, path, additions: 12, deletions: 3, ...rest });
}
