import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env as inherited } from 'node:process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { identifyProcess, isAlive } from '@boocode/processes/process-table.ts';
import { createTestDatabase, type TestDatabase } from '@boocode/server/db/testing.ts';
import { makeSampleRepository } from '../src/demo/sample-repository.ts';
import { Cli, runCli } from './fixtures/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 }); // a real server is started, killed and started again

const home = mkdtempSync(join(tmpdir(), 'boocode-cli-'));
const made: string[] = [home];
let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { BOOCODE_HOME: home, BOOCODE_PORT: '0', DATABASE_URL: database.url };
});

afterAll(async () => {
  await runCli(['stop'], env);
  await database[Symbol.asyncDispose]();
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

it('the demo runs from nothing to an applied change, and docs/user/demo.md shows just that (vitest -u writes it anew)', async () => {
  const demo = await runCli(['demo'], env);
  expect(demo.status).toBe(0);
  const [, folder = ''] = /^The repository: (.*)$/m.exec(demo.stdout) ?? [];
  const [, id = ''] = /^Task ([0-9a-f]{8})/m.exec(demo.stdout) ?? [];
  made.push(folder);
  const readme = join(folder, 'README.md');
  const before = readFileSync(readme, 'utf8');
  const apply = await runCli(['apply', id], env);
  expect(readFileSync(readme, 'utf8')).toContain('## Repository layout');
  const rewind = await runCli(['rewind', id], env);
  expect(readFileSync(readme, 'utf8')).toBe(before);
  const typed = [`$ boocode demo\n${demo.both}`, `$ boocode apply ${id}\n${apply.both}`, `$ boocode rewind ${id}\n${rewind.both}`].join('\n');
  const transcript = normalise(typed, folder);
  expect(transcript.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(document(transcript)).toMatchFileSnapshot('../../../docs/user/demo.md');
});

it('after kill -9 a running command line sees its turn interrupted, and continue goes on', async () => {
  const folder = await makeSampleRepository(inherited);
  made.push(folder);
  const watching = new Cli(['run', 'demo: stream 300 tokens at 100/s'], { env, cwd: folder });
  await watching.shows(' 20 21 ');
  const pid = serverPid();
  const killed = identifyProcess(pid);
  process.kill(pid, 'SIGKILL');
  while (killed !== null && isAlive(killed)) await new Promise((resolve) => setImmediate(resolve));
  expect(await runCli(['ls'], env)).toMatchObject({ status: 3, stdout: '' });
  expect(await runCli(['run', 'demo: say hello', '--project', folder], env)).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('starting it in the background') as string,
  });
  const interrupted = await watching.ended;
  expect(interrupted.status).toBe(1);
  expect(interrupted.stdout).toContain('\nInterrupted after ');
  const [, id = ''] = /^Task ([0-9a-f]{8})/m.exec(interrupted.stdout) ?? [];
  expect((await runCli(['inbox'], env)).stdout).toContain(`${id}  interrupted`);
  expect((await runCli(['continue', id], env)).stdout).toContain('\nCompleted in ');
  expect((await runCli(['inbox'], env)).stdout).not.toContain(id);
});

it('Ctrl-C cancels a real turn; stop waits until the server is gone', async () => {
  const folder = await makeSampleRepository(inherited);
  made.push(folder);
  const cli = new Cli(['run', 'demo: stream 4000 tokens at 100/s', '--project', folder], { env });
  await cli.shows(' 20 21 ');
  cli.child.kill('SIGINT');
  const { status, stdout } = await cli.ended;
  expect({ status, ending: /^(Cancelled) after/m.exec(stdout)?.[1] }).toEqual({ status: 130, ending: 'Cancelled' });
  const server = identifyProcess(serverPid());
  expect(await runCli(['stop'], env)).toMatchObject({ status: 0, stdout: 'BooCode has stopped\n' });
  expect(server !== null && isAlive(server)).toBe(false);
});

function serverPid(): number {
  return (JSON.parse(readFileSync(join(home, 'run', 'server.json'), 'utf8')) as { pid: number }).pid;
}

/** Ids, times, counts of tokens, the port and temporary paths differ from run to run; their widths do not. */
function normalise(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/tmp/boocode-demo-x7Kq2p')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:9500')
    .replace(/\b[0-9a-f]{8}\b/g, '3f2a9c1b')
    .replace(/^([✓✗] .*?) {2,}[\d.]+ m?s$/gm, (_, row: string) => `${row}      12 ms`)
    .replace(/^Completed in .*$/gm, 'Completed in 640 ms · 6,557 tokens in, 119 out · context 1,866 of 131,072');
}

function document(transcript: string): string {
  return `# The demo

What \`boocode demo\` shows on a terminal of 80 columns, and what taking its change in and back out looks like. A test writes and checks this page: only ids, times, token counts and the temporary folder stand for those of your run.

\`\`\`
${transcript.trimEnd()}
\`\`\`

The model is a small program that is part of BooCode and follows a script; connect a real one to have real work done. All commands: [command-line.md](command-line.md).
`;
}

it('a folder without git is worked on, applied and rewound like any other, and nothing else is written there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'boocode-plain-'));
  made.push(folder);
  writeFileSync(join(folder, 'a.txt'), 'one\ntwo\n');
  const edit = 'demo: call edit {"path":"a.txt","old_text":"two","new_text":"TWO"}\ndemo: say Done.';
  const ran = await runCli(['run', edit, '--project', folder, '--access', 'edits'], env);
  expect(ran).toMatchObject({ status: 0 });
  expect(ran.both).toContain('No git here: BooCode keeps its own history outside the folder');
  const [, id = ''] = /^Task ([0-9a-f]{8})/m.exec(ran.both) ?? [];
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
  expect(await runCli(['apply', id], env)).toMatchObject({ status: 0 });
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('one\nTWO\n');
  expect(await runCli(['rewind', id], env)).toMatchObject({ status: 0 });
  expect([readdirSync(folder), readFileSync(join(folder, 'a.txt'), 'utf8')]).toEqual([['a.txt'], 'one\ntwo\n']);
});
