import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '@boocode/contracts/task.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killServerProgram, openTestServer, processesWith, startServerProgram, stopServerProgram, watchChat } from './server-program.ts';
import { configureCourier, courierHome, courierPrompt } from './scripted-provider.ts';

const PATIENCE = { timeout: 30_000 };

describe('an agent that is named in config.json alone', () => {
  let opened: Awaited<ReturnType<typeof openTestServer>>;

  beforeAll(async () => {
    opened = await openTestServer({}, configureCourier);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  async function send(task: Task, text: string): Promise<Task> {
    const { taskId } = await opened.server.api.sendMessage({ params: { id: task.chatId }, body: { text } });
    return opened.server.api.getTask({ params: { id: taskId } });
  }

  async function answerOf(task: Task) {
    const watcher = await watchChat(opened.server, task.chatId);
    const state = await watcher.until((now) => now.messages.some(({ id, status }) => id === task.answerId && status !== 'streaming' && status !== 'waiting'));
    watcher.close();
    return state.messages.find(({ id }) => id === task.answerId)!;
  }

  it('edits a file and runs a command that a person allows, is stopped in mid-tool, and remembers all of it after the server was killed', async () => {
    const { api } = opened.server;
    const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
    const steps = courierPrompt({ write: { path: 'made.txt', content: 'made\n' } }, { shell: 'echo ran' }, { say: 'All done.' });
    const task = await api.createTask({ body: { input: steps, projectPath, agent: 'courier', access: 'ask' } });
    const watcher = await watchChat(opened.server, task.chatId);
    const asked = await watcher.until((state) => state.permissions.length > 0);
    expect(asked.permissions).toMatchObject([{ agent: 'courier', kind: 'execute', subject: 'echo ran', state: 'open' }]);
    const [question] = asked.permissions;
    const allow = question!.options.find(({ kind }) => kind === 'allow_once')!;
    await api.answerPermission({ params: { id: question!.id }, body: { optionId: allow.id } });
    watcher.close();
    const done = await answerOf(task);
    expect([done.status, done.metadata.agent, done.parts.map((part) => (part.type === 'tool' ? [part.kind, part.status] : part))]).toEqual([
      'completed',
      'courier',
      [['edit', 'completed'], ['execute', 'completed'], { type: 'text', text: 'All done.' }],
    ]);
    expect((await api.listChanges({ params: { id: task.sessionId }, query: {} })).items.map(({ path, agent }) => [path, agent])).toEqual([
      ['made.txt', 'courier'],
    ]);

    const marker = `sleep\x005${process.pid}`;
    const { taskId } = await api.sendMessage({
      params: { id: task.chatId },
      body: { text: courierPrompt({ shell: `touch begun; sleep 5${process.pid}` }), access: 'full' },
    });
    const worktree = (await api.listWorktrees({ query: {} })).items.find(({ sessionId }) => sessionId === task.sessionId)!;
    await expect.poll(() => access(join(worktree.path, 'begun')).then(() => true, () => false), PATIENCE).toBe(true); // prettier-ignore
    expect((await processesWith(marker)).length).toBeGreaterThan(0);
    await api.cancelTask({ params: { id: taskId } });
    const stopped = await answerOf(await api.getTask({ params: { id: taskId } }));
    expect([stopped.status, stopped.parts.map((part) => part.type === 'tool' && part.status)]).toEqual(['cancelled', ['cancelled']]);
    expect(await processesWith(marker)).toEqual([]);
    const [kept] = (await api.listRunningAgents({ query: {} })).items;
    expect(kept).toMatchObject({ agent: 'courier', chatId: task.chatId });

    await killServerProgram(opened.server);
    await expect.poll(() => processesWith(courierHome(opened.home)), PATIENCE).toEqual([]);
    opened.server = await startServerProgram(opened.home);
    const again = await answerOf(await send(task, courierPrompt({ recall: true })));
    expect(again.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual([expect.stringContaining('All done.')]);
    expect((await opened.server.api.listRunningAgents({ query: {} })).items.map(({ pid }) => pid)).not.toEqual([kept!.pid]);
  });

  it('that dies in a turn is said to have died, and is started anew with the next one', async () => {
    const { api } = opened.server;
    const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
    const task = await api.createTask({
      body: { input: courierPrompt({ say: 'Now.' }, { crash: 'out of ink' }), projectPath, agent: 'courier', access: 'full' },
    });
    const dead = await answerOf(task);
    expect(dead).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed', message: expect.stringContaining('out of ink') } });
    const next = await answerOf(await send(task, courierPrompt({ say: 'Here again.' })));
    expect(next).toMatchObject({ status: 'completed', parts: [{ type: 'text', text: 'Here again.' }] });
  });

  it('that comes later is told in its first request what happened before, in 2 KB at most, and not again', async () => {
    const { api } = opened.server;
    const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
    const first = await api.createTask({ body: { input: 'Count the ships in the harbour.\ndemo: say There are three.', projectPath, access: 'full' } });
    await answerOf(first);
    const ask = (text: string, agent: string) => api.sendMessage({ params: { id: first.chatId }, body: { text, agent } });
    const heard = async ({ taskId }: Awaited<ReturnType<typeof ask>>) => {
      const { parts } = await answerOf(await api.getTask({ params: { id: taskId } }));
      return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    };
    const prompt = courierPrompt({ echo: true });
    const told = await heard(await ask(prompt, 'courier'));
    expect(told).toContain('Goal: Count the ships in the harbour.');
    expect(told).toContain('boocode: There are three.');
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(Buffer.byteLength(prompt) + 2_048 + 40);
    expect(await heard(await ask(prompt, 'courier'))).toBe(prompt);
    await heard(await ask('demo: say And a boat.', 'boocode'));
    const since = await heard(await ask(prompt, 'courier'));
    expect(since).toContain('And a boat.');
    expect(since).not.toContain('There are three.');
  });

  it('that is not there says what to do', async () => {
    const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
    const task = await opened.server.api.createTask({ body: { input: 'Hello.', projectPath, agent: 'nobody' } });
    expect(await answerOf(task)).toMatchObject({
      status: 'failed',
      failure: { code: 'agent_unavailable', message: expect.stringContaining('boocode agents') },
    });
  });

  it('ends with the server, with everything that it has started', async () => {
    await stopServerProgram(opened.server);
    expect(await processesWith(courierHome(opened.home))).toEqual([]);
    opened.server = await startServerProgram(opened.home);
  });
});
