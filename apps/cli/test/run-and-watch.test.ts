import { expect, it, vi } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { FakeServer, type Step } from './fixtures/fake-server.ts';
import { Cli, runCli } from './fixtures/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 }); // a program is started in each

const output = { text: 'ok', bytes: 431, lines: 12, truncated: false, file: null, exitCode: null, diffs: [] };
const event = (one: AgentEvent): Step => ({ do: 'event', event: one });
const say = (delta: string) => event({ type: 'text', delta });
const read: readonly Step[] = [
  event({ type: 'tool', callId: 'a', at: 1000, name: 'read', kind: 'read', title: 'Read README.md', status: 'running' }),
  event({ type: 'tool', callId: 'a', at: 1012, status: 'completed', output }),
];
const completed = event({ type: 'ended', outcome: 'completed', failure: null });

const SHORT = /\b[0-9a-f]{8}\b(?!-)/g;

it('run shows the turn line by line and ends with what waits and what to do next', async () => {
  await using server = await FakeServer.start([say('I look '), say('at the README.'), ...read, say('Done.'), { do: 'change', path: 'README.md' }, completed]);
  const { status, stdout, stderr } = await runCli(['run', 'mend it', '--project', '/srv/app'], server.env);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.replace(SHORT, 'IDIDIDID')).toBe(`Task IDIDIDID · boocode · demo model · access ask

I look at the README.

✓ Read README.md                                      12 lines, 431 B      12 ms

Done.

Completed in 2.5 s · 1,234 tokens in, 56 out
1 changed file waiting for you (+1 -1):
  M README.md                                      +1 -1
Next:
  boocode changes IDIDIDID --diff  look at them
  boocode apply IDIDIDID           take them into your folder
  boocode reject IDIDIDID          throw them away
`);
  expect(server.requests.find((request) => request.name === 'createTask')?.body).toEqual({ input: 'mend it', projectPath: '/srv/app' });
});

it('run --json prints the events and ends with the ending', async () => {
  await using server = await FakeServer.start([say('Hello '), say('there.'), ...read, say('All done.'), completed]);
  const { status, stdout } = await runCli(['run', 'x', '--json', '--model', 'demo', '--access', 'full', '--baseline', 'uncommitted'], server.env);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const [task] = server.tasks;
  expect(status).toBe(0);
  expect(lines[0]).toMatchObject({ type: 'task', taskId: task?.id, state: 'pending' });
  expect(
    lines
      .filter((line) => line['type'] === 'text')
      .map((line) => line['delta'])
      .join(''),
  ).toBe('Hello there.All done.');
  expect(lines.at(-1)).toEqual({
    type: 'ended',
    state: 'completed',
    taskId: task?.id,
    sessionId: server.sessionId,
    chatId: server.chatId,
    message: 'All done.',
    usage: null,
  });
});

it('a cut socket costs nothing: the transcript is the same', async () => {
  await using server = await FakeServer.start([say('one '), { do: 'cut' }, say('two '), say('three'), ...read, { do: 'cut' }, say('four'), completed]);
  const { status, stdout } = await runCli(['run', 'x'], server.env);
  expect(status).toBe(0);
  expect(stdout).toContain('\none two three\n\n✓ Read README.md');
  expect(stdout).toContain('\n\nfour\n\nCompleted');
});

it('a restart of the server interrupts the turn, which is said with exit status 1', async () => {
  await using server = await FakeServer.start([say('half a sen'), { do: 'restart' }]);
  const { status, stdout, stderr } = await runCli(['run', 'x'], server.env);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'The connection is lost: waiting for the server to come back\nThe server is back\nboocode: The server stopped in the middle of this turn\n',
  );
  expect(stdout).toContain('half a sen\n\nInterrupted after 2.5 s\nNext:\n  boocode continue ');
});

it('Ctrl-C cancels the turn, waits for its end and exits with 130', async () => {
  await using server = await FakeServer.start([say('working on it\n'), { do: 'wait-for-cancel' }]);
  const cli = new Cli(['run', 'x'], { env: server.env });
  await cli.shows('Task ');
  await server.until(() => server.tasks[0]?.state === 'running');
  await cli.shows('working');
  cli.child.kill('SIGINT');
  const { status, stdout, stderr } = await cli.ended;
  expect(status).toBe(130);
  expect(stderr).toContain('Cancelling');
  expect(stdout).toContain('\nCancelled after 2.5 s');
});

it('a second Ctrl-C leaves at once', async () => {
  await using server = await FakeServer.start([say('working on it\n'), { do: 'ask', subject: 'never answered' }]);
  const cli = new Cli(['run', 'x'], { env: server.env });
  await cli.shows('never answered');
  cli.child.kill('SIGINT');
  await cli.shows('Cancelling');
  cli.child.kill('SIGINT');
  expect((await cli.ended).status).toBe(130);
});

it('off a terminal a question is printed with the commands that answer it, and the turn goes on when one did', async () => {
  await using server = await FakeServer.start([say('I need a command.'), { do: 'ask', subject: 'npm test\u001b[2J' }, say('Thanks.'), completed]);
  const cli = new Cli(['run', 'x'], { env: server.env });
  const shown = await cli.shows('permit deny ');
  const id = server.permissions[0]?.id.slice(0, 8) ?? '';
  expect(shown).toContain(`? Run this command?\n    npm test␛[2J\n  Answer it with: boocode permit allow ${id}\n              or: boocode permit deny ${id}`);
  expect(await runCli(['permit', 'ls'], server.env)).toMatchObject({ status: 0, stdout: expect.stringContaining(id) as string });
  expect(await runCli(['permit', 'allow', id], server.env)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Allowed: Run this command?') as string,
  });
  const { status, stdout } = await cli.ended;
  expect(status).toBe(0);
  expect(stdout).toContain('Thanks.\n\nCompleted');
});

it('attach shows an ended task from its beginning, send waits for its own turn', async () => {
  await using server = await FakeServer.start([
    say('The answer.'),
    event({ type: 'ended', outcome: 'failed', failure: { code: 'model_cut_off', message: 'Cannot go on: the model stopped; retry' } }),
  ]);
  const first = await runCli(['run', 'x'], server.env);
  const attached = await runCli(['attach', server.tasks[0]?.id ?? ''], server.env);
  expect([first.status, attached.status]).toEqual([1, 1]);
  expect(attached.stdout).toBe(first.stdout);
  expect(attached.stderr).toBe('boocode: Cannot go on: the model stopped; retry\n');
  expect(attached.stdout).toContain('The answer.\n\nFailed after 2.5 s · 1,234 tokens in, 56 out\nNext:\n');
  const sent = await runCli(['send', server.chatId, 'and this'], server.env);
  expect(sent.status).toBe(1);
  expect(server.tasks[0]?.input).toBe('and this');
});

it('an agent that the server does not know is refused with those that it does, before a task is made', async () => {
  await using server = await FakeServer.start();
  const { status, stderr } = await runCli(['run', 'x', '--agent', 'gose'], server.env);
  expect([status, stderr]).toEqual([2, 'boocode: Cannot use the agent "gose": there are goose; did you mean goose?\n']);
  expect((await runCli(['send', server.chatId, 'x', '--agent', 'nobody'], server.env)).stderr).toContain('there are goose; see `boocode agents`');
  expect(server.tasks).toEqual([]);
});
