import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { TurnState } from '@boocode/contracts/turn-state.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import type { AgentSession, OpenOptions, PermissionAnswer, Prompt } from '../../src/backend.ts';
import type { OpencodeBackendOptions } from '../../src/opencode/opencode-backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { noticesOf, textOf, toolsOf, watchTurn, type WatchedTurn } from '../watch-turn.ts';
import { say, script, type ScriptedOpencode, startScriptedOpencode } from './scripted-opencode-backend.ts';

const started: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

async function start(more: Partial<OpencodeBackendOptions> = {}, env: Readonly<Record<string, string>> = {}): Promise<ScriptedOpencode> {
  const scripted = await startScriptedOpencode(more, env);
  started.push(scripted);
  return scripted;
}

async function newWorktree({ root }: ScriptedOpencode): Promise<string> {
  const cwd = join(await mkdtemp(join(root, 'tree-')), 'worktree');
  await mkdir(cwd);
  return cwd;
}

async function open(scripted: ScriptedOpencode, more: Partial<OpenOptions> = {}): Promise<AgentSession> {
  return scripted.backend.open(openOptions(more.cwd ?? (await newWorktree(scripted)), more));
}

function ask(session: AgentSession, steps: readonly string[], more: Partial<Prompt> = {}, signal = new AbortController().signal): Promise<WatchedTurn> {
  return watchTurn(session.prompt(newPrompt(script(...steps), more), signal));
}

function person(answer: (request: PermissionRequest) => Partial<PermissionAnswer>): { readonly asked: PermissionRequest[]; readonly ask: Prompt['ask'] } {
  const asked: PermissionRequest[] = [];
  const reply: Prompt['ask'] = async (request) => {
    asked.push(request);
    return { allowed: true, optionId: null, note: null, ...answer(request) };
  };
  return { asked, ask: reply };
}

function completed(state: TurnState): void {
  expect(state).toMatchObject({ status: 'completed', failure: null });
}

describe('opencodeBackend() and the stream of events', () => {
  it('shows a part once that is told twice', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['twice', say('one and two'), 'shell echo x', say('three')]);
    completed(state);
    expect(state.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual(['one and two', 'tool', 'three']);
    expect(state.usage).toMatchObject({ inputTokens: 240, outputTokens: 20, cachedTokens: 40, contextUsed: 130, cost: 0.002 });
  });

  it('reads what it missed when the stream was cut in a text', async () => {
    const session = await open(await start());
    const { state } = await ask(session, [say('before '), 'drop', say('lost and found'), 'shell echo x', say('after')]);
    completed(state);
    expect(state.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual(['before \n\nlost and found', 'tool', 'after']);
  });

  it('does not double a text or mix it up when the stream is cut again and again', async () => {
    const session = await open(await start());
    const words = Array.from({ length: 12 }, (_, index) => `part ${index}`);
    const { state } = await ask(
      session,
      words.flatMap((text, index) => (index % 3 === 1 ? ['drop', say(text)] : [say(text)])),
    );
    completed(state);
    expect(textOf(state)).toBe(words.join('\n\n'));
  });

  it('opens the stream anew when it is silent for too long', async () => {
    const session = await open(await start({ serverSilenceMs: 1_000 }));
    const { state } = await ask(session, [say('heard'), 'mute', say('not heard')]);
    completed(state);
    expect(textOf(state)).toBe('heard\n\nnot heard');
  });

  it('answers a question that was asked while the stream was cut', async () => {
    const session = await open(await start());
    const { asked, ask: reply } = person(() => ({}));
    const { state } = await ask(session, ['drop', 'shell echo x', say('done')], { access: 'ask', ask: reply });
    completed(state);
    expect(asked).toHaveLength(1);
  });

  it('is not ended by an idle of the turn before', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['idle', say('one'), 'step', say('two')]);
    completed(state);
    expect(textOf(state)).toContain('two');
  });

  it('has the last part also when it comes after the idle', async () => {
    const session = await open(await start());
    const { state } = await ask(session, [say('first'), `late ${JSON.stringify('and last')}`]);
    completed(state);
    expect(textOf(state)).toBe('first\n\nand last');
  });

  it('lets a slow reader have everything, and others go on meanwhile', async () => {
    const scripted = await start();
    const [slow, quick] = await Promise.all([open(scripted), open(scripted)]);
    const turn = slow.prompt(newPrompt(script(say('word '.repeat(500).trim()))), new AbortController().signal)[Symbol.asyncIterator]();
    const first = await turn.next();
    completed((await ask(quick, [say('quick')])).state);
    const rest: AgentEvent[] = first.done === true ? [] : [first.value];
    for (let next = await turn.next(); next.done !== true; next = await turn.next()) rest.push(next.value);
    expect(rest.map((event) => (event.type === 'text' ? event.delta : '')).join('')).toBe('word '.repeat(500).trim());
  });

  it('strips the tags of the context plugin from a text in pieces', async () => {
    const session = await open(await start());
    const { state } = await ask(session, [say('Hello <dcp-message-id id="1" x> m1 </dcp-message-id>world, Map<a, b>')]);
    expect(textOf(state)).toBe('Hello world, Map<a, b>');
  });

  it('shows the plan', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['todo [{"content":"a","status":"in_progress"},{"content":"b"}]', say('ok')]);
    expect(state.parts[0]).toEqual({
      type: 'plan',
      entries: [
        { text: 'a', status: 'in_progress' },
        { text: 'b', status: 'pending' },
      ],
    });
  });
});

describe('opencodeBackend() and failures', () => {
  it('says what the model server said', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['fail 400']);
    expect(state.failure?.code).toBe('model_bad_request');
    expect(state.failure?.message).toContain('The model refuses');
  });

  it('ends a turn whose request is repeated too often, and says that it was', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['fail 500']);
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'model_server_error' } });
    expect(noticesOf(state)).toEqual(['model_retry']);
    completed((await ask(session, [say('again')])).state);
  });

  it('goes on when opencode makes the conversation shorter, and does not show its summary', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['compact', say('and on')]);
    completed(state);
    expect(noticesOf(state)).toEqual(['compacted']);
    expect(textOf(state)).toBe('and on');
  });

  it('fails when it said nothing', async () => {
    const session = await open(await start());
    expect((await ask(session, ['think "only thoughts"'])).state.status).toBe('completed');
    expect((await ask(session, ['idle'])).state).toMatchObject({ status: 'failed', failure: { code: 'model_empty_answer' } });
  });

  it('fails when its mode is not known, of which nothing but an error tells', async () => {
    const session = await open(await start());
    const { state } = await ask(session, [say('x')], { mode: 'nope' });
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_unavailable' } });
  });

  it('ends all turns of a server that crashes with what it said last, and resumes on another', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const [one, two] = await Promise.all([open(scripted, { cwd }), open(scripted)]);
    await ask(one, [say('the word is heliotrope')]);
    const hanging = ask(two, ['hang']);
    const { state } = await ask(one, ['crash']);
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed' } });
    expect(state.failure?.message).toContain('it hit a wall');
    expect((await hanging).state.failure?.code).toBe('agent_crashed');
    await Promise.all([one.closed, two.closed]);
    const again = await open(scripted, { cwd, resumeToken: one.resumeToken });
    expect(again.isResumed).toBe(true);
    expect(textOf((await ask(again, ['recall'])).state)).toContain('heliotrope');
  });
});

describe('opencodeBackend() and requests', () => {
  it('gives the note of a refusal to the agent, which goes on', async () => {
    const session = await open(await start());
    const { ask: reply } = person(() => ({ allowed: false, optionId: 'reject', note: 'use the other one' }));
    const { state } = await ask(session, ['shell echo no', say('then not')], { access: 'ask', ask: reply });
    completed(state);
    expect(toolsOf(state)[0]?.output?.text).toContain('use the other one');
    expect(textOf(state)).toBe('then not');
  });

  it('asks a question with its answers, and passes on the chosen one and the words', async () => {
    const session = await open(await start());
    const { asked, ask: reply } = person(({ options }) => ({ optionId: options[1]?.id ?? null, note: 'and quickly' }));
    const { state } = await ask(session, ['ask {"question":"Which?","options":["Red","Blue"]}', say('ok')], { ask: reply });
    expect(asked).toMatchObject([{ kind: 'question', subject: 'Which?', options: [{ label: 'Red' }, { label: 'Blue' }, { kind: 'reject_once' }] }]);
    expect(toolsOf(state)[0]?.output?.text).toBe('answered [["Blue","and quickly"]]');
  });

  it('dismisses a question without an answer', async () => {
    const session = await open(await start());
    const { ask: reply } = person(() => ({ allowed: false, optionId: 'dismiss' }));
    const { state } = await ask(session, ['ask {"question":"Which?","options":["Red"]}', say('not said')], { ask: reply });
    expect(toolsOf(state)[0]).toMatchObject({ status: 'failed' });
    expect(state.status).toBe('completed');
  });

  it('asks for an edit of a file outside the worktree, and not for one inside', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const session = await open(scripted, { cwd });
    const { asked, ask: reply } = person(() => ({}));
    const steps = [join(cwd, 'in.txt'), join(cwd, '..', 'out.txt')].map((path) => `write ${JSON.stringify({ path, content: 'x' })}`);
    completed((await ask(session, [...steps, say('done')], { access: 'edits', ask: reply })).state);
    expect(asked).toMatchObject([{ kind: 'edit', subject: join(cwd, '..', 'out.txt') }]);
  });

  it('sends the prompt and its answers only when what came before is durable', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const session = await open(scripted, { cwd });
    const file = join(cwd, 'made.txt');
    const commits: boolean[] = [];
    const commit = async () => void commits.push(existsSync(file));
    completed((await ask(session, [`write ${JSON.stringify({ path: file, content: 'x' })}`, say('done')], { commit })).state);
    expect(commits).toEqual([false, false]);
  });

  it('routes the requests of a sub-agent to the chat and shows its work in the call that started it', async () => {
    const session = await open(await start());
    const { asked, ask: reply } = person(() => ({}));
    const turn = await ask(session, ['child shell echo from below', say('done')], { access: 'ask', ask: reply });
    completed(turn.state);
    const [task] = toolsOf(turn.state);
    expect(asked).toMatchObject([{ kind: 'execute', callId: task?.callId, reason: 'A sub-agent asks: look around' }]);
    expect(turn.events).toContainEqual({ type: 'tool_output', callId: task?.callId, delta: 'echo from below\n' });
    expect(task).toMatchObject({ kind: 'task', status: 'completed', title: 'look around' });
    expect(textOf(turn.state)).toBe('done');
    expect(turn.state.usage?.inputTokens).toBe(360); // with what the sub-agent has used
  });

  it('is busy while a sub-agent works after the turn, and refuses what that asks for', async () => {
    const session = await open(await start());
    completed((await ask(session, ['background shell echo x', say('done')], { access: 'ask' })).state);
    expect(session.isBusy).toBe(true);
    await expect.poll(() => session.isBusy).toBe(false);
  });

  it('leaves a read-only turn no tool that writes, whatever was allowed before', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const session = await open(scripted, { cwd });
    completed((await ask(session, ['shell echo x', say('done')])).state);
    const { state } = await ask(session, [`shell echo x > ${join(cwd, 'no.txt')}`, say('done')], { access: 'read-only' });
    expect(toolsOf(state)[0]).toMatchObject({ status: 'failed', output: { text: 'bash is not available' } });
    expect(existsSync(join(cwd, 'no.txt'))).toBe(false);
  });
});

describe('opencodeBackend() and cancelling', () => {
  it('ends what a stopped command has left behind, and nothing of another conversation', async () => {
    const scripted = await start();
    const [one, two] = [await newWorktree(scripted), await newWorktree(scripted)];
    const sessions = await Promise.all([open(scripted, { cwd: one }), open(scripted, { cwd: two })]);
    const stops = [new AbortController(), new AbortController()] as const;
    const [first, second] = sessions.map((session, index) => ask(session, ['daemon echo $$ > pid.txt; exec sleep 600'], {}, stops[index]?.signal));
    const pids = await Promise.all([one, two].map(async (cwd) => Number(await contentOf(join(cwd, 'pid.txt')))));
    stops[0].abort();
    expect((await first)?.state.status).toBe('cancelled');
    expect(pids.map((pid) => identifyProcess(pid) === null)).toEqual([true, false]);
    stops[1].abort();
    expect((await second)?.state.status).toBe('cancelled');
    expect(identifyProcess(pids[1] ?? 0)).toBe(null);
  });

  it('stops the turn when nobody reads it any more', async () => {
    const session = await open(await start());
    for await (const event of session.prompt(newPrompt(script('forever')), new AbortController().signal)) if (event.type === 'text') break;
    expect((await ask(session, [say('next')])).state.status).toBe('completed');
  });

  it('sends nothing for a prompt that was cancelled before', async () => {
    const session = await open(await start());
    expect((await ask(session, [say('x')], {}, AbortSignal.abort())).events).toEqual([{ type: 'ended', outcome: 'cancelled', failure: null }]);
    expect(textOf((await ask(session, ['recall'])).state)).not.toContain('say "x"');
  });

  it('stops one that is being sent', async () => {
    const session = await open(await start());
    const stop = new AbortController();
    const { state } = await ask(session, ['forever'], { commit: async () => void setImmediate(() => stop.abort()) }, stop.signal);
    expect(state.status).toBe('cancelled');
    completed((await ask(session, [say('next')])).state);
  });
});

describe('opencodeBackend() and its servers', () => {
  it('serves all trusted projects with one server, and each one without trust with its own', async () => {
    const scripted = await start();
    const [one, two, other] = await Promise.all([open(scripted), open(scripted), open(scripted, { isTrusted: false })]);
    expect(one.pid).toBe(two.pid);
    expect(other.pid).not.toBe(one.pid);
    completed((await ask(other, [say('hello')])).state);
  });

  it('works in a project without trust only while that brings no settings for it', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const session = await open(scripted, { cwd, isTrusted: false });
    completed((await ask(session, [say('hello')])).state);
    await writeFile(join(cwd, 'opencode.json'), '{"plugin":["./plugin.js"]}');
    expect((await ask(session, [say('hello')])).state.failure).toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('opencode.json') });
    await expect(open(scripted, { cwd, isTrusted: false })).rejects.toMatchObject({
      code: 'agent_unavailable',
      message: expect.stringContaining('not trusted'),
    });
    completed((await ask(await open(scripted, { cwd }), [say('hello')])).state);
  });

  it('keeps its password out of the arguments, and answers nobody without it', async () => {
    const session = await open(await start());
    const line = await readFile(`/proc/${session.pid}/cmdline`, 'utf8');
    const port = /--port\0(\d+)/.exec(line)?.[1];
    const environment = await readFile(`/proc/${session.pid}/environ`, 'utf8');
    const password = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(environment)?.[1] ?? '';
    expect(password.length).toBeGreaterThan(20);
    expect(line).not.toContain(password);
    expect((await fetch(`http://127.0.0.1:${port}/session/status`)).status).toBe(401);
  });

  it('ends a server that nobody uses', async () => {
    const session = await open(await start({ serverIdleMs: 10 }));
    const pid = session.pid ?? 0;
    await session[Symbol.asyncDispose]();
    await expect.poll(() => identifyProcess(pid)).toBe(null);
  });

  it('ends a server that does not answer any more, and its turns with it', async () => {
    const session = await open(await start({ serverSilenceMs: 1_000 }));
    const { state } = await watchTurn(session.prompt(newPrompt(script('forever')), new AbortController().signal), (event, { parts }) => {
      if (event.type === 'text' && parts.length === 1) process.kill(session.pid ?? 0, 'SIGSTOP');
    });
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed', message: expect.stringContaining('did not answer any more') } });
  });

  it('says why it did not start', async () => {
    const plan: OpencodeBackendOptions['plan'] = async () => ({
      command: 'sh',
      args: ['-c', 'echo no such option >&2; exit 3', 'sh'],
      env: { PATH: process.env['PATH'] ?? '' },
      model: null,
      mode: null,
      stateFolders: [],
    });
    await expect(open(await start({ plan }))).rejects.toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('no such option') });
  });

  it('ends when what it was opened with is aborted', async () => {
    const stop = new AbortController();
    const session = await open(await start(), { signal: stop.signal });
    stop.abort();
    await session.closed;
    expect((await ask(session, [say('x')])).state.status).toBe('cancelled');
  });
});

describe('opencodeBackend() and its conversations', () => {
  it('does not resume a session of another folder, of another kind of provider, or one that is gone', async () => {
    const scripted = await start();
    const cwd = await newWorktree(scripted);
    const session = await open(scripted, { cwd });
    await ask(session, [say('x')]);
    const token = session.resumeToken ?? '';
    expect((await open(scripted, { cwd, resumeToken: token })).isResumed).toBe(true);
    expect((await open(scripted, { resumeToken: token })).isResumed).toBe(false);
    expect((await open(scripted, { cwd, resumeToken: token.replace(/ \w+ /, ' 0123 ') })).isResumed).toBe(false);
    expect((await open(scripted, { cwd, resumeToken: 'ses_gone' })).isResumed).toBe(false);
  });

  it('sends what the agent missed: all to a new session, its own part to one that goes on', async () => {
    const session = await open(await start());
    const brief = { whole: 'ALL OF IT', since: 'THE REST' };
    expect(textOf((await ask(session, ['recall'], { brief })).state)).toContain('ALL OF IT');
    expect(textOf((await ask(session, ['recall'], { brief })).state)).toContain('THE REST');
  });

  it('sends model and mode of the prompt', async () => {
    const session = await open(await start());
    const { state } = await ask(session, ['body'], { model: 'local/some/other', mode: 'plan' });
    expect(JSON.parse(textOf(state))).toMatchObject({ model: { providerID: 'local', modelID: 'some/other' }, agent: 'plan' });
    expect(state.usage?.contextSize ?? null).toBe(null);
  });

  it('tells what it offers, and runs its commands', async () => {
    const told = Promise.withResolvers<Partial<AgentInfo>>();
    const session = await open(await start(), { onInfo: told.resolve });
    expect(await told.promise).toEqual({
      modes: [
        { id: 'build', label: 'Build', description: null },
        { id: 'plan', label: 'Plan', description: 'only plans' },
      ],
      commands: [{ name: 'hey', description: 'says hey', hint: 'arguments' }],
      models: [{ id: 'local/demo', label: 'Demo', description: 'Local' }],
    });
    const { state } = await watchTurn(session.prompt(newPrompt('/hey you there'), new AbortController().signal));
    completed(state);
    expect(textOf(state)).toBe('hey you there');
    expect(textOf((await watchTurn(session.prompt(newPrompt('/unknown thing'), new AbortController().signal))).state)).toBe('I have nothing to do.');
  });

  it('says which MCP server cannot be used', async () => {
    const mcpServers = ['fine', 'broken'].map((name) => ({ name, type: 'stdio' as const, command: 'x', args: [], env: {} }));
    const session = await open(await start(), { mcpServers });
    const { state } = await ask(session, [say('ok')]);
    expect(state.parts[0]).toMatchObject({ type: 'notice', code: 'mcp_failed', text: expect.stringContaining('"broken"') });
  });

  it('has another fingerprint for another folder or configuration, and not for another model', async () => {
    const scripted = await start();
    const options = openOptions(scripted.root);
    const print = await scripted.backend.fingerprint(options);
    expect(await scripted.backend.fingerprint({ ...options, model: 'local/other', access: 'ask' })).toBe(print);
    expect(await scripted.backend.fingerprint({ ...options, cwd: '/elsewhere' })).not.toBe(print);
    const plan: OpencodeBackendOptions['plan'] = async () => ({ command: 'x', args: [], env: {}, model: null, mode: null, stateFolders: [] });
    expect(await scripted.again({ plan }).fingerprint(options)).not.toBe(print);
  });
});

/** Resolves with what a file holds as soon as it holds a whole line. */
async function contentOf(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = async () => {
    const content = await readFile(path, 'utf8').catch(() => ''); // not there yet
    if (content.endsWith('\n')) resolve(content);
  };
  const watcher = watch(dirname(path), (_, name) => void (name === basename(path) && look()));
  await look();
  const content = await promise;
  watcher.close();
  return content;
}
