import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestServer, type TestServer } from '../../server/test/server-program.ts';

const CLI = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const run = promisify(execFile);
let opened: TestServer;

beforeAll(async () => {
  opened = await openTestServer();
});
afterAll(() => opened[Symbol.asyncDispose]());

async function boocode(...args: string[]): Promise<string> {
  const env = { ...process.env, BOOCODE_HOME: opened.home, BOOCODE_URL: opened.server.url, BOOCODE_TOKEN: opened.server.token, COLUMNS: '120' };
  return (await run(process.execPath, [CLI, ...args], { env })).stdout;
}

it('lists, takes, compares and restores checkpoints, and prints the undo as the next command', { timeout: 240_000 }, async () => {
  const path = await opened.newRepository({ 'a.txt': 'a\n' });
  const write = (content: string) => `demo: call write ${JSON.stringify({ path: 'a.txt', content })}\ndemo: say done`;
  const ended = (await boocode('run', write('one\n'), '--project', path, '--access', 'full', '--json')).trim().split('\n').at(-1)!;
  const { sessionId, chatId } = JSON.parse(ended) as { sessionId: string; chatId: string };
  await boocode('send', chatId, write('two\n'), '--json');
  const worktree = (await opened.server.api.listWorktrees()).items.find((one) => one.sessionId === sessionId)!.path;
  const content = () => readFile(join(worktree, 'a.txt'), 'utf8');
  const list = JSON.parse(await boocode('checkpoints', sessionId, '--json')) as { id: string; kind: string; files: number }[];
  expect(list.map(({ kind, files }) => [kind, files])).toEqual([
    ['before', 0],
    ['after', 1],
    ['after', 1],
  ]);
  expect(await boocode('checkpoints', sessionId)).toMatch(/^ID +KIND +FILES.*\n\S{8} +before .*\n\S{8} +after .*\n\S{8} +after /);
  expect(await boocode('checkpoints', sessionId, '--compare', list[1]!.id, list[2]!.id)).toContain('-one\n+two\n');
  expect(await boocode('checkpoints', sessionId, '--take', 'Before lunch')).toMatch(/^Checkpoint \S{8} is taken\n$/);
  const said = await boocode('restore', list[1]!.id);
  expect(said).toContain('1 file changed back, 2 messages removed.');
  expect(await content()).toBe('one\n');
  const undo = /\n {2}boocode (restore \S{8})\n$/.exec(said)![1]!.split(' ');
  expect(await boocode(...undo)).toContain('1 file changed back, 2 messages brought back.');
  expect(await content()).toBe('two\n');
  expect(await boocode('restore', list[0]!.id, 'a.txt')).toContain('1 file changed back.');
  expect(await content()).toBe('a\n');
  await expect(boocode('restore', list[0]!.id, 'a.txt', '--chat')).rejects.toMatchObject({ code: 2 });
  await expect(boocode('restore', crypto.randomUUID())).rejects.toMatchObject({ code: 1 });
});
