import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { createApiClient } from '@boocode/contracts/api-client.ts';
import { Message } from '@boocode/contracts/message.ts';
import { Task, type TaskState } from '@boocode/contracts/task.ts';
import { applyEvent } from '@boocode/contracts/turn-state.ts';
import type { Context } from '../command/context.ts';
import { Terminal } from '../terminal/terminal.ts';
import { HumanView } from './human-view.ts';

const AT = '2026-01-02T03:04:05.000Z';

it('on a terminal what goes on is shown below the transcript, and never in the middle of a line', () => {
  const { view, screen, statuses, task, play } = setUp();
  view.begin(task('pending'), 'demo model');
  view.show({ task: { ...task('pending'), waitsFor: 'another turn of this chat' }, answer: null, permissions: [] });
  play({ type: 'activity', activity: { phase: 'waiting_for_model', detail: null } });
  play({ type: 'text', delta: 'Half a line that is' });
  play({ type: 'activity', activity: { phase: 'generating', detail: null } });
  view.connectionLost();
  play({ type: 'text', delta: ' then whole.' });
  play({ type: 'tool', callId: 'a', at: 5, name: 'read', kind: 'read', title: 'Read a.ts', status: 'running' });
  play({ type: 'tool', callId: 'a', at: 9, status: 'failed' });
  const answer = play({ type: 'ended', outcome: 'completed', failure: null });
  view.end({ task: task('completed'), answer, permissions: [] }, []);
  expect(screen()).toBe(`Task 3f2a9c1b · boocode · demo model ·
access ask

Waiting: another turn of this chat
Half a line that
The connection is lost: waiting for the
server to come back
is then whole.

✗ Read a.ts                         4 ms

Completed in 2.5 s
`);
  expect(statuses()).toEqual(['· waiting for its turn', '· waiting for the model', '· Read a.ts', '· writing']);
});

function setUp() {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let written = '';
  output.on('data', (text: string) => (written += text));
  const out = new Terminal(Object.assign(output, { isTTY: true, columns: 40 }), { NO_COLOR: '1' });
  const context: Context = {
    env: {},
    cwd: '/',
    version: '0',
    out,
    err: out,
    input,
    output,
    isInteractive: true,
    onInterrupt: () => undefined,
    interrupt: () => undefined,
    leave: () => undefined,
  };
  const api = createApiClient({ baseUrl: '', token: () => null });
  const view = new HumanView(context, { api, url: '', token: null, pid: null, version: '0' });
  let answer = makeAnswer();
  const play = (event: AgentEvent): Message => {
    const { parts, ...rest } = applyEvent(answer, event);
    answer = { ...answer, ...rest, parts: [...parts] };
    view.show({ task: makeTask('running'), answer, permissions: [] });
    return answer;
  };
  // a status line is written at the beginning of a line, and wiped the same way
  // oxlint-disable-next-line no-control-regex
  const status = /\r([^\r\n\u001b]*)\u001b\[K/g;
  const statuses = () => [...written.matchAll(status)].flatMap(([, text]) => (text === undefined || text === '' ? [] : [text]));
  return { view, screen: () => written.replaceAll(status, ''), statuses, task: makeTask, play };
}

function makeTask(state: TaskState): Task {
  const other = randomUUID();
  const ids = {
    id: '3f2a9c1b-0000-4000-8000-000000000001',
    projectId: other,
    sessionId: other,
    chatId: other,
    parentTaskId: null,
    messageId: other,
    answerId: other,
  };
  const asked = { state, agent: 'boocode', model: null, mode: null, access: 'ask', priority: 0, input: 'x' };
  const result = { outputSummary: null, error: null, tokensIn: null, tokensOut: null, cost: null, waitsFor: null, settled: false };
  return Task.parse({ ...ids, ...asked, ...result, createdAt: AT, startedAt: AT, endedAt: '2026-01-02T03:04:07.500Z' });
}

function makeAnswer(): Message {
  const [id, metadata] = [randomUUID(), { agent: 'boocode', model: 'demo', mode: null }];
  const rest = { taskId: null, position: 1, role: 'assistant', status: 'streaming', usage: null, activity: null, failure: null, createdAt: AT, endedAt: null };
  return Message.parse({ id, chatId: id, metadata, parts: [], ...rest });
}
