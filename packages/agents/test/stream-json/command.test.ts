import { watch } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import type { AgentLaunch } from '../../src/agent-process.ts';
import type { Prompt } from '../../src/backend.ts';
import { commandBackend } from '../../src/stream-json/command-backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { noticesOf, textOf, toolsOf, watchTurn } from '../watch-turn.ts';

let cwd: string;

beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'boocode-command-')));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

/** A shell script as an agent; its prompt is `$1`. */
function scripted(script: string, { isTerminal = false, args = ['sh'] }: { isTerminal?: boolean; args?: readonly string[] } = {}) {
  const launch: AgentLaunch = {
    command: 'sh',
    args: ['-c', script, ...args],
    env: { PATH: process.env.PATH ?? '' },
    model: null,
    mode: null,
    stateFolders: [],
  };
  return commandBackend({ name: 'script', label: 'Script', host: { registry: null, containment: null }, plan: async () => launch, isTerminal });
}

async function run(backend: ReturnType<typeof scripted>, text: string, more: Partial<Prompt> = {}) {
  await using session = await backend.open(openOptions(cwd));
  return (await watchTurn(session.prompt(newPrompt(text, more), new AbortController().signal))).state;
}

describe.each([false, true])('a command (on a terminal: %s)', (isTerminal) => {
  it('answers with what it prints, as plain text', async () => {
    const state = await run(scripted(`printf '\\033[31mYou said:\\033[0m %s\\n10%%\\r100%%\\n' "$1"`, { isTerminal }), 'it\'s "odd" \u00e9 $HOME');
    expect(state).toMatchObject({ status: 'completed', failure: null });
    expect(textOf(state)).toBe('You said: it\'s "odd" \u00e9 $HOME\n100%\n');
  });

  it('gets the prompt where its arguments say so', async () => {
    const state = await run(scripted('echo "$1 and $2"', { isTerminal, args: ['sh', '--say={prompt}', 'more'] }), 'hello');
    expect(textOf(state)).toBe('--say=hello and more\n');
  });

  it('fails with its status', async () => {
    const state = await run(scripted('echo half; exit 3', { isTerminal }), 'x');
    expect(textOf(state)).toBe('half\n');
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed', message: expect.stringContaining('status 3') } });
  });

  it('is ended with everything it has started', async () => {
    const file = join(cwd, `pids-${isTerminal}.txt`);
    await using session = await scripted(`sleep 600 & echo "$$ $!" > ${file}; sleep 600`, { isTerminal }).open(openOptions(cwd));
    const stop = new AbortController();
    const begun = scriptedBeginning(file);
    const turn = watchTurn(session.prompt(newPrompt('x'), stop.signal));
    const pids = await begun;
    stop.abort();
    expect((await turn).state).toMatchObject({ status: 'cancelled', failure: null });
    expect(pids.map((pid) => identifyProcess(pid))).toEqual([null, null]);
  });
});

describe('a command', () => {
  it('on a terminal has one', async () => {
    expect(textOf(await run(scripted('test -t 1 && test -t 0 && echo yes', { isTerminal: true }), 'x'))).toBe('yes\n');
    expect(textOf(await run(scripted('test -t 1 || echo no'), 'x'))).toBe('no\n');
  });

  it('may print messages behind a banner', async () => {
    const lines = [
      { type: 'system', subtype: 'init' },
      {
        type: 'assistant',
        message: {
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls' } },
          ],
        },
      },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't', content: 'a.txt' }] } },
      { type: 'result', subtype: 'success', is_error: false, result: 'I look.' },
    ];
    await writeFile(join(cwd, 'lines.txt'), `Agent 1.0\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    const state = await run(scripted('cat lines.txt; exit 1'), 'x'); // some end with a status that says nothing
    expect(state).toMatchObject({ status: 'completed', failure: null });
    expect(textOf(state)).toBe('I look.');
    expect(toolsOf(state)).toMatchObject([{ kind: 'execute', title: 'Bash: ls', status: 'completed', output: { text: 'a.txt' } }]);
  });

  it('says why it failed', async () => {
    const state = await run(scripted('echo "no key is set" >&2; exit 1'), 'x');
    expect(state.failure?.message).toContain('no key is set');
  });

  it('is told everything that came before', async () => {
    const state = await run(scripted('echo "$1"'), 'go on', { brief: { whole: 'what was', since: 'since then' } });
    expect(textOf(state)).toBe('<context>\nwhat was\n</context>\n\ngo on\n');
  });

  it('that cannot ask says so where the person wanted to be asked', async () => {
    expect(noticesOf(await run(scripted('true'), 'x', { access: 'ask' }))).toEqual(['cannot_ask']);
    expect(noticesOf(await run(scripted('true'), 'x', { access: 'full' }))).toEqual([]);
  });

  it('refuses a message that is longer than an argument can be', async () => {
    expect(await run(scripted('true'), 'x'.repeat(200_000))).toMatchObject({ status: 'failed', failure: { code: 'too_large' } });
  });
});

/** The process ids that a script has written, as soon as they are there. */
async function scriptedBeginning(file: string): Promise<number[]> {
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const look = async () => {
    const content = await readFile(file, 'utf8').catch(() => ''); // not there yet
    if (content.endsWith('\n')) resolve(content.trim().split(' ').map(Number));
  };
  const watcher = watch(cwd, () => void look());
  await look();
  try {
    return await promise;
  } finally {
    watcher.close();
  }
}
