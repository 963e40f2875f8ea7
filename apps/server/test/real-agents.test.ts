import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestServer, temporaryFolder, type TestServer, watchChat } from './server-program.ts';

const AGENTS = process.env.BOOCODE_AGENTS_DIR ?? join(homedir(), '.cache', 'boocode', 'agents');
const PATIENCE_MS = 180_000; // qwen takes nine seconds to start on an idle machine

const INSTALLED = [
  { id: 'goose', version: '1.50.0', tool: 'shell', more: {} },
  { id: 'opencode', version: '1.18.33', tool: 'bash', more: { description: 'a command' } },
  { id: 'qwen', version: '0.24.4', tool: 'run_shell_command', more: { description: 'a command', is_background: false } },
  { id: 'claude', version: '2.1.330', tool: 'Bash', more: { description: 'a command' } },
].filter(({ id, version }) => existsSync(join(AGENTS, `${id}-${version}`, 'node_modules', '.bin', id)));

/** Of Anthropic's protocol, which is not that of our model servers: a person has an account instead. */
const claudeEnv = (modelUrl: string) => ({
  ANTHROPIC_BASE_URL: modelUrl.replace(/\/v1$/, ''),
  ANTHROPIC_API_KEY: 'sk-ant-nobody',
  ANTHROPIC_MODEL: 'claude-sonnet-4-5',
  ANTHROPIC_SMALL_FAST_MODEL: 'claude-haiku-4-5',
});

describe.skipIf(INSTALLED.length === 0)('real agents, with a person who has configured nothing but a model server', () => {
  let opened: TestServer;
  let person: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    person = await temporaryFolder();
    const XDG = { XDG_CONFIG_HOME: join(person.path, 'config'), XDG_DATA_HOME: join(person.path, 'data') };
    const MORE = { XDG_STATE_HOME: join(person.path, 'state'), XDG_CACHE_HOME: join(person.path, 'cache') };
    opened = await openTestServer({ BOOCODE_AGENTS_DIR: AGENTS, HOME: person.path, ...XDG, ...MORE });
  }, PATIENCE_MS);
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    await person[Symbol.asyncDispose]();
  });

  it.each(INSTALLED)(
    '$id $version is found, asks before its command, and works with the model of the server',
    async ({ id, version, tool, more }) => {
      const { api } = opened.server;
      if (id === 'claude') await api.addProvider({ body: { id, provider: { env: claudeEnv(opened.model.url) } } });
      await expect
        .poll(async () => (await api.listProviders()).items.find((agent) => agent.id === id), { timeout: PATIENCE_MS, interval: 200 })
        .toMatchObject({ status: 'ready', version, isBuiltIn: true });
      const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
      const command = JSON.stringify({ command: `echo ${id} > made.txt`, ...more });
      const task = await api.createTask({ body: { input: `demo: call ${tool} ${command}\ndemo: say done`, projectPath, agent: id, access: 'ask' } });
      const watcher = await watchChat(opened.server, task.chatId);
      const asked = await watcher.until((state) => state.permissions.some((permission) => permission.state === 'open'));
      const [question] = asked.permissions;
      expect(question).toMatchObject({ agent: id, kind: 'execute', subject: `echo ${id} > made.txt` });
      const allow = question!.options.find(({ kind }) => kind === 'allow_once')!;
      await api.answerPermission({ params: { id: question!.id }, body: { optionId: allow.id } });
      const done = await watcher.until(({ messages }) =>
        messages.some(({ id: answerId, status }) => answerId === task.answerId && status !== 'streaming' && status !== 'waiting'),
      );
      watcher.close();
      const answer = done.messages.find((message) => message.id === task.answerId)!;
      expect(answer.status).toBe('completed');
      expect(answer.parts.flatMap((part) => (part.type === 'tool' ? [part.status] : part.type === 'text' ? [part.text.trim()] : []))).toEqual([
        'completed',
        'done',
      ]);
      const changes = (await api.listChanges({ params: { id: task.sessionId }, query: {} })).items;
      expect(changes.map(({ path, agent }) => [path, agent])).toEqual([['made.txt', id]]);
    },
    PATIENCE_MS,
  );
});
