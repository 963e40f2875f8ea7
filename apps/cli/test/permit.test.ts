import { PermissionRuleId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FakeServer, makePermission } from './fixtures/fake-server.ts';
import { runCli } from './fixtures/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 }); // many programs are started

let server: FakeServer;
const run = (...args: string[]) => runCli(args, server.env);

beforeAll(async () => {
  server = await FakeServer.start();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function ask(fields: Partial<ReturnType<typeof makePermission>>) {
  const permission = { ...makePermission(server, server.addTask('blocked', 'Mend it'), 'npm test'), agent: 'goose', ...fields };
  server.permissions = [permission];
  return permission.id.slice(0, 8);
}

const LEAVE = [
  { id: 'yes', label: 'Allow', kind: 'allow_once' },
  { id: 'boocode:always', label: 'Always allow in this project', kind: 'allow_always' },
  { id: 'no', label: 'Deny', kind: 'reject_once' },
] as const;
const ANSWERS = [
  { id: 'answer-0', label: 'Five seconds', kind: 'allow_once' },
  { id: 'answer-1', label: 'Thirty seconds', kind: 'allow_once' },
  { id: 'reject', label: 'No answer', kind: 'reject_once' },
] as const;

it('`permit` lists who asks for what kind of thing, with the answers; `--always` and a note are told', async () => {
  const id = ask({ options: [...LEAVE] });
  const { stdout } = await run('permit');
  expect(stdout).toMatch(/^ID +TASK +AGENT +KIND +AGE +QUESTION\n/);
  expect(stdout).toMatch(new RegExp(`${id} +\\w+ +goose +execute .*Run this command\\? npm test`));
  expect(stdout.replace(/\s+/g, ' ')).toContain('1 Allow · 2 Always allow in this project · 3 Deny');
  expect(await run('permit', 'allow', id, '--always', '--note', 'but only here')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Always allowed: Run this command\?/) as string,
  });
  expect(server.permissions[0]).toMatchObject({ state: 'allowed', answer: 'boocode:always', note: 'but only here' });
});

it('a question with several answers is answered by number or words, and "allow" does not guess', async () => {
  const id = ask({ kind: 'question', title: 'Which bound?', subject: 'How long?', options: [...ANSWERS] });
  const refused = await run('permit', 'allow', id);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain(`it offers 1 Five seconds · 2 Thirty seconds · 3 No answer; use \`boocode permit answer ${id} NUMBER\``);
  expect(await run('permit', 'answer', id, 'thirty', '--json')).toMatchObject({ status: 0, stdout: expect.stringContaining('"answer-1"') as string });
  expect(server.permissions[0]).toMatchObject({ state: 'allowed', answer: 'answer-1', note: null });
  const other = ask({ kind: 'question', options: [...ANSWERS] });
  expect((await run('permit', 'answer', other, '1', '--note', 'ten seconds')).stdout).toMatch(/^Answered "Five seconds"/);
  expect(server.permissions[0]).toMatchObject({ answer: 'answer-0', note: 'ten seconds' });
});

it('`permit rules` lists what is always allowed, and `permit rules rm` takes one of it back', async () => {
  expect(await run('permit', 'rules')).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining('Nothing is always allowed') as string });
  const rule = (id: string, subject: string) => ({
    id: PermissionRuleId.parse(id),
    projectId: server.projectId,
    agent: 'goose',
    kind: 'execute' as const,
    subject,
    createdAt: '2026-01-02T03:04:05.000Z',
  });
  server.rules = [rule('bbbbbbbb-0000-4000-8000-000000000001', 'npm test'), rule('bbbbbbbb-1111-4000-8000-000000000001', 'git push')];
  expect((await run('permit', 'rules')).stdout).toMatch(/bbbbbbbb +app +goose +execute .* npm test\n/);
  expect(JSON.parse((await run('permit', 'rules', '--project', '/srv/app', '--json')).stdout)).toEqual(server.rules);
  expect(await run('permit', 'rules', 'rm', 'bbbb')).toMatchObject({ status: 2, stderr: expect.stringContaining('type more of it') as string });
  expect((await run('permit', 'rules', 'rm', 'bbbbbbbb-1')).stdout).toBe('Removed: goose asks again before git push\n');
  expect(server.rules.map(({ subject }) => subject)).toEqual(['npm test']);
});
