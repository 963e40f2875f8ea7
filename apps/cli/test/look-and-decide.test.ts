import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FakeServer } from './fixtures/fake-server.ts';
import { Cli, type CliResult, runCli } from './fixtures/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 }); // many programs are started

let server: FakeServer;
const nowhere = mkdtempSync(join(tmpdir(), 'boocode-nowhere-'));

beforeAll(async () => {
  server = await FakeServer.start();
  server.addTask('completed', 'Mend the parser: it must not stop at an empty line, and the test for it must say so', 'aaaaaaaa-0000-4000-8000-000000000001');
  server.addTask('failed', 'Say hello', 'aaaaaaaa-1111-4000-8000-000000000001');
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(nowhere, { recursive: true });
});

const run = (...args: string[]) => runCli(args, server.env);

function failure({ status, stdout, stderr }: CliResult): string {
  expect(stdout).toBe('');
  expect(stderr.trimEnd()).not.toContain('\n');
  return `${status}: ${stderr.trimEnd()}`;
}

it('listings are aligned columns that fit the width, or JSON', async () => {
  const [tasks, json, failed, inbox, sessions, projects, models, agents] = await Promise.all([
    run('ls'),
    run('ls', '--json'),
    run('ls', '--state', 'failed'),
    run('inbox'),
    run('sessions'),
    run('projects'),
    run('models'),
    run('agents'),
  ]);
  const lines = tasks.stdout.trimEnd().split('\n');
  expect(
    lines.map((line) =>
      line
        .slice(8)
        .replace(/ \d+ d /, ' AGE ')
        .replace(/ +/g, ' '),
    ),
  ).toEqual([
    ' STATE AGENT AGE TASK',
    ' failed boocode AGE Say hello',
    expect.stringMatching(/^ completed boocode AGE Mend the parser: it must not stop .*…$/) as string,
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  expect((JSON.parse(json.stdout) as unknown[]).length).toBe(2);
  expect(failed.stdout).not.toContain('completed');
  expect(inbox.stdout).toContain('Cannot reach the model server: refused;');
  expect(sessions.stdout).toContain('A session');
  expect(projects.stdout).toContain('/srv/app');
  expect(models.stdout).toMatch(/^demo +demo +32,768 +demo, default$/m);
  expect(agents).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^goose +unavailable +0 +"goose" is not installed: npm inst/m) as string,
  });
});

it('agents are added from the catalogue', async () => {
  const [catalogue, added, refreshed] = await Promise.all([run('agents', 'catalogue'), run('agents', 'add', 'other'), run('agents', 'refresh')]);
  expect(catalogue.stdout).toMatch(/^other +Other +2026-11-22 +npm install -g other-acp@1.0.0$/m);
  expect(added).toMatchObject({ status: 0, stdout: 'Added goose; `boocode agents` shows whether it is installed\n' });
  expect(refreshed.status).toBe(0);
  expect(server.requests.filter(({ name }) => name === 'addProvider').map(({ body }) => body)).toEqual([{ fromCatalogue: 'other' }]);
});

it('messages are found, costs are added up, a chat is printed', async () => {
  const [search, costs, byDay, wrong, chat] = await Promise.all([
    run('search', 'parser'),
    run('costs'),
    run('costs', '--by', 'day', '--json'),
    run('costs', '--by', 'moon'),
    run('export', server.chatId),
  ]);
  expect(search.stdout).toMatch(/^[0-9a-f]{8} +A session +you +\d+ d +mend the parser$/m);
  expect(costs.stdout).toMatch(/^by project +3 +1,234 +5 +\$0\.50$/m);
  expect(costs.stdout).toMatch(/^local +1 +not told +not told +no price$/m);
  expect(JSON.parse(byDay.stdout)).toMatchObject([{ label: 'by day' }, { cost: null }]);
  expect(wrong.status).toBe(2);
  expect(chat.stdout).toMatch(/^# A session: /);
});

it('past sessions are listed with what was left out, and one is taken over by agent and id', async () => {
  const [bare, listed, json, taken, wrong, nameless] = await Promise.all([
    run('import'),
    run('import', 'ls', '--project', '/srv/app'),
    run('import', '--json'),
    run('import', 'goose:20260102_1'),
    run('import', 'emacs:1'),
    run('import', 'goose'),
  ]);
  for (const { stdout } of [bare, listed]) expect(stdout).toMatch(/^goose:20260102_1 +3 +\d+ d +Count the ships$/m);
  expect(listed.stdout).toMatch(new RegExp(`^claude:abc +1 +\\d+ d +${server.chatId.slice(0, 8)} +Mend the quay$`, 'm'));
  expect(listed.stderr).toBe('qwen: Cannot import session x of qwen: it has 21 MB, and at most 20 MB are read\n');
  expect(JSON.parse(json.stdout)).toMatchObject([{ agent: 'goose' }, { agent: 'claude', alreadyImported: server.chatId }]);
  const short = server.chatId.slice(0, 8);
  expect(taken).toMatchObject({ status: 0, stdout: `It is chat ${short}: go on with \`boocode send ${short} "..."\`\n`, stderr: '' });
  expect(server.requests.find(({ name }) => name === 'importSession')?.body).toEqual({ agent: 'goose', externalId: '20260102_1' });
  for (const result of [wrong, nameless])
    expect(failure(result)).toMatch(/^2: boocode: Cannot import ".*": a session is named as AGENT:ID, where AGENT is one of claude, qwen, opencode, goose; /);
});

it('an id may be shortened while it is unique, and a wrong one is told apart', async () => {
  const [discarded, unknown, notAnId, wrongKind, ambiguous] = await Promise.all([
    run('discard', 'aaaaaaaa-1'),
    run('attach', '00000000-0000'),
    run('attach', 'xyz'),
    run('attach', server.projectId),
    run('attach', 'AAAAAAAA-'),
  ]);
  expect(discarded).toMatchObject({ status: 0, stdout: 'Task aaaaaaaa is settled\n', stderr: '' });
  expect(failure(unknown)).toBe('2: boocode: Cannot find "00000000-0000": no id begins with it; see `boocode ls`');
  expect(failure(notAnId)).toBe('2: boocode: Cannot use "xyz" as an id: ids are digits and letters a to f; see `boocode ls`');
  expect(failure(wrongKind)).toContain('it is a project, and this needs a task');
  expect(failure(ambiguous)).toBe(
    '2: boocode: Cannot tell which one "AAAAAAAA-" means: task aaaaaaaa-1111-4000-8000-000000000001, task aaaaaaaa-0000-4000-8000-000000000001; type more of it',
  );
});

it('changes are shown, applied and taken back, by path or all; a conflict is exit status 1', async () => {
  server.addChange('src/a.ts');
  server.addChange('src/b.ts');
  server.addChange('README.md');
  const id = 'aaaaaaaa-0';
  expect((await run('changes', id)).stdout).toBe(`3 changed files (+3 -3):
  M src/a.ts                                       +1 -1
  M src/b.ts                                       +1 -1
  M README.md                                      +1 -1
`);
  expect((await run('changes', server.sessionId, '--diff')).stdout.split('\n').slice(0, 6)).toEqual([
    'diff --git a/src/a.ts b/src/a.ts',
    '--- a/src/a.ts',
    '+++ b/src/a.ts',
    '@@ -1 +1 @@',
    '-old',
    '+new',
  ]);
  expect(failure(await run('apply', id, 'src/c.ts'))).toContain('2: boocode: Cannot apply "src/c.ts": there is no such change');
  expect((await run('apply', id, 'src')).stdout).toContain('2 applied\n  M src/a.ts ');
  expect((await run('rewind', id, 'src/a.ts')).stdout).toContain('1 pending\n');
  expect((await run('reject', id, '--note', 'not this way')).stdout).toContain('2 rejected\n');
  expect(server.requests.at(-1)?.body).toMatchObject({ note: 'not this way' });
  expect(await run('apply', id)).toMatchObject({ status: 0, stdout: '', stderr: 'Nothing to apply: no changes are pending.\n' });
  server.addChange('conflict.txt');
  expect(failure(await run('apply', id))).toBe(
    '1: boocode: Cannot apply "conflict.txt": your file has other changes in the same lines; `--dry-run` shows where; name the other files to apply them alone, or take your own edits there back first',
  );
});

it('status and open speak of the server; doctor says what to do about each thing', async () => {
  const [status, open, doctor, doctorElsewhere] = await Promise.all([
    run('status'),
    run('open'),
    run('doctor'),
    runCli(['doctor', '--json'], { BOOCODE_HOME: join(nowhere, 'home') }),
  ]);
  expect(status.stdout).toContain(`runs at ${server.url}`);
  expect(status.stdout).toContain('! config.json has an unknown key "colour": remove it');
  expect(open.stdout).toBe(`${server.url}/#code=abc\n`);
  expect(doctor.stdout).toMatch(/^ok {4}Node: 24\./m);
  expect(doctor.stdout).toMatch(/^ok {4}Database: PostgreSQL 18\.4, embedded$/m);
  expect(doctor.stdout).toMatch(/^warn {2}Problem: config\.json/m);
  expect(Math.max(...doctor.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const checks = JSON.parse(doctorElsewhere.stdout) as { name: string; level: string }[];
  expect(checks.find((check) => check.name === 'Server')?.level).toBe('warn');
});

it('a server out of reach is exit status 3 and one line that says what to do', async () => {
  const elsewhere = { BOOCODE_HOME: nowhere };
  const [none, named, token, stop] = await Promise.all([
    runCli(['ls'], elsewhere),
    runCli(['run', 'x'], { ...elsewhere, BOOCODE_URL: 'http://127.0.0.1:9/' }),
    runCli(['ls'], { BOOCODE_URL: server.url, BOOCODE_TOKEN: 'wrong' }),
    runCli(['stop'], elsewhere),
  ]);
  expect(failure(none)).toBe(`3: boocode: Cannot reach BooCode: no server runs for ${nowhere}; start it with \`boocode serve\``);
  expect(failure(named)).toBe(
    '3: boocode: Cannot reach BooCode at http://127.0.0.1:9: nothing answers there; check BOOCODE_URL, or unset it to use your own server',
  );
  expect(failure(token)).toContain('1: boocode: Cannot talk to the server: it does not accept this token');
  expect(stop).toMatchObject({ status: 0, stdout: 'BooCode is not running\n', stderr: '' });
});

it('a damaged server file means no server', async () => {
  const home = mkdtempSync(join(tmpdir(), 'boocode-damaged-'));
  writeFileSync(join(home, 'token'), 't');
  expect(failure(await runCli(['status'], { BOOCODE_HOME: home }))).toContain('3: boocode: Cannot reach BooCode');
  rmSync(home, { recursive: true });
});

it('a reader that goes away ends the program quietly', async () => {
  const cli = new Cli(['--help'], { env: server.env });
  cli.child.stdout?.destroy();
  const { status, stderr } = await cli.ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('a session and a chat are renamed, deleted and brought back', async () => {
  await using own = await FakeServer.start();
  const boocode = (...args: string[]) => runCli(args, own.env);
  expect((await boocode('rename', own.sessionId, 'Harbor')).stdout).toBe('The session is called "Harbor" now\n');
  expect((await boocode('rename', own.chatId, 'Tides')).stdout).toBe('The chat is called "Tides" now\n');
  expect(failure(await boocode('delete', own.chatId))).toMatch(/^1: .*a turn of it has not ended/);
  expect((await boocode('delete', own.chatId, '--force')).stdout).toBe(`The chat is deleted. Bring it back with:\n  boocode bring-back ${own.chatId}\n`);
  expect(own.deleted).toEqual(new Set([own.chatId]));
  expect((await boocode('bring-back', own.chatId)).stdout).toBe('The chat "Tides" is back\n');
  expect(own.deleted.size).toBe(0);
  expect((await boocode('bring-back', own.sessionId)).stdout).toBe('The session "Harbor" is back\n');
  expect(failure(await boocode('bring-back', 'abc'))).toMatch(/^2: .*its whole id/);
});
