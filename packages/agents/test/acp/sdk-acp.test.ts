import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { acpBackend } from '../../src/acp/acp-backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { textOf, watchTurn } from '../watch-turn.ts';

const PROGRAM = fileURLToPath(new URL('./sdk-acp-agent.ts', import.meta.url));

it("all that we say is valid to the protocol's own SDK", async () => {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'boocode-sdk-')));
  const backend = acpBackend({
    name: 'sdk',
    label: 'SDK',
    host: { registry: null, containment: null },
    fallback: null,
    plan: async () => ({
      command: process.execPath,
      args: ['--no-warnings', PROGRAM],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      model: null,
      mode: 'yolo',
      stateFolders: [],
    }),
  });
  const mcpServers = [
    { name: 'files', type: 'stdio', command: '/bin/files', args: ['-v'], env: { A: 'b' } },
    { name: 'web', type: 'http', url: 'http://localhost/mcp', headers: { token: 't' } },
  ] as const;
  await using session = await backend.open(openOptions(cwd, { mcpServers }));
  const act = async (what: string) => {
    const ask = async () => ({ allowed: true, optionId: 'b', note: null });
    const { state } = await watchTurn(session.prompt(newPrompt(what, { ask }), new AbortController().signal));
    expect(state).toMatchObject({ status: 'completed', failure: null });
    return JSON.parse(textOf(state));
  };
  expect(await act('hello')).toBe('hello');
  expect(await act('ask')).toEqual({ outcome: { outcome: 'selected', optionId: 'yes' } });
  expect(await act('write')).toEqual({});
  expect(await readFile(join(cwd, 'sdk.txt'), 'utf8')).toBe('by the sdk\n');
  expect(await act('read')).toEqual({ content: 'by the sdk\n' });
  expect(await act('run')).toMatchObject({ exitCode: 0, output: 'in a terminal\n' });
  expect(await act('form')).toEqual({ action: 'accept', content: { which: 'b' } });
  await rm(cwd, { recursive: true, force: true });
});
