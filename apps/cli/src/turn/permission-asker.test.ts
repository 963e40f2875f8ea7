import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createApiClient } from '@boocode/contracts/api-client.ts';
import { Permission } from '@boocode/contracts/permission.ts';
import type { Context } from '../command/context.ts';
import { Terminal } from '../terminal/terminal.ts';
import { PermissionAsker } from './permission-asker.ts';

const OPTIONS = [
  { id: 'o1', label: 'Allow', kind: 'allow_once' },
  { id: 'o2', label: 'Allow always', kind: 'allow_always' },
  { id: 'o3', label: 'Deny', kind: 'reject_once' },
] as const;

it.each([
  ['y\n', { optionId: 'o1' }],
  ['what?\nALWAYS\n', { optionId: 'o2' }],
  ['n use npm ci\n', { optionId: 'o3', note: 'use npm ci' }],
])('typed %j, the question is answered with %j', async (typed, answer) => {
  const { asker, input, screen, answers, done } = setUp();
  asker.consider([question()]);
  input.write(typed);
  await done;
  expect(answers).toEqual([answer]);
  expect(screen()).toContain('? Run this command?\n    npm test\n');
  expect(screen()).toContain('  y Allow · a Allow always · n Deny > ');
});

it('a question that somebody else answered is withdrawn, and not asked again', async () => {
  const { asker, screen, answers, done } = setUp();
  const asked = question();
  asker.consider([asked]);
  await turnOfLoop();
  asker.consider([]);
  await done;
  asker.consider([asked]);
  expect(answers).toEqual([]);
  expect(asker.isAsking).toBe(false);
  expect(screen().split('Run this command?')).toHaveLength(2);
  expect(screen()).toContain('(no longer open)');
});

function question(): Permission {
  const id = () => randomUUID();
  return Permission.parse({
    id: id(),
    projectId: id(),
    sessionId: id(),
    chatId: id(),
    taskId: id(),
    agent: 'boocode',
    callId: null,
    kind: 'execute',
    title: 'Run this command?',
    subject: 'npm test',
    reason: null,
    options: OPTIONS,
    state: 'open',
    answer: null,
    note: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    answeredAt: null,
  });
}

function setUp() {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let screen = '';
  output.on('data', (text: string) => (screen += text));
  const answers: unknown[] = [];
  const answerAll: typeof fetch = (_url, init) => {
    answers.push(typeof init?.body === 'string' ? JSON.parse(init.body) : null);
    return Promise.resolve(new Response(JSON.stringify({ ...question(), state: 'allowed' })));
  };
  const api = createApiClient({ baseUrl: '', token: () => null, fetch: answerAll });
  const out = new Terminal(Object.assign(output, { isTTY: true, columns: 60 }), { NO_COLOR: '1' });
  const { promise: done, resolve } = Promise.withResolvers<void>();
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
  const connection = { api, url: '', token: null, pid: null, version: '0' };
  return { asker: new PermissionAsker(context, () => connection, resolve), input, screen: () => screen.replaceAll('\r', ''), answers, done };
}
