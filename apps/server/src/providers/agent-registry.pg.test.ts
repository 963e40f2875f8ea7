import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeBackend } from '@boocode/agents/native/native-backend.ts';
import { type ProviderConfig, Limits } from '@boocode/contracts/config-file.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { AgentRegistry, type AgentRegistryOptions } from './agent-registry.ts';
import { ModelRegistry } from './model-registry.ts';

const OFF: Record<string, ProviderConfig> = Object.fromEntries(['opencode', 'goose', 'claude', 'qwen'].map((id) => [id, { enabled: false }]));
const log = { info: () => {}, warn: () => {} };

let database: TestDatabase;
let folder: string;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await database.sql`delete from provider_snapshots`;
  folder = await mkdtemp(join(tmpdir(), 'boocode-agents-'));
  await mkdir(join(folder, 'bin'));
  return () => rm(folder, { recursive: true, force: true });
});

/** A program of this name on the PATH. */
async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

async function open(providers: Record<string, ProviderConfig>, more: Partial<AgentRegistryOptions> & { models?: ModelRegistry } = {}) {
  const changes: string[][] = [];
  const models =
    more.models ??
    new ModelRegistry({
      servers: {},
      defaultModel: null,
      chosenModel: async () => null,
      startDemo: async () => 'http://127.0.0.1:9/v1',
      onChange: () => {},
      now: Date.now,
      places: [],
    });
  const environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
  const native = nativeBackend({ modelServers: (model) => models.resolve(model), limits: Limits.parse({}), registry: null, containment: null, environment });
  const config = { providers, rejectedProviders: {} };
  const agents: AgentRegistry = await AgentRegistry.start({
    sql: database.sql,
    log,
    models,
    native,
    host: { registry: null, containment: null },
    worktreesDir: join(folder, 'worktrees'),
    config: () => config,
    personal: { HOME: folder },
    environment,
    secrets: new Set(['hidden-value']),
    onChange: () => void changes.push(agents.list().map(({ id, status }) => `${id} ${status}`)),
    now: Date.now,
    ...more,
  });
  const find = (id: string) => agents.list().find((agent) => agent.id === id)!;
  return { agents, changes, config, find };
}

describe('AgentRegistry', () => {
  it('says of each agent whether it is there and starts, and how to go on where it does not', async () => {
    await program('good', 'echo "banner"; echo "good 1.2.3 (of today)"');
    await program('broken', 'echo "cannot load hidden-value" >&2; exit 3');
    await using registry = await open({
      ...OFF,
      goose: { command: 'good' },
      opencode: { command: 'broken' },
      qwen: {},
      mine: { command: 'broken', label: 'Mine', models: ['m1'], modes: ['plan', 'yolo'] },
    }).then((opened) => ({ ...opened, [Symbol.asyncDispose]: () => opened.agents[Symbol.asyncDispose]() }));
    const { agents, find, changes } = registry;
    expect(agents.list().map(({ id, status }) => `${id} ${status}`)).toEqual([
      'boocode ready',
      'opencode loading',
      'goose loading',
      'qwen loading',
      'mine loading',
    ]);
    await agents.refresh();
    expect(find('goose')).toMatchObject({ status: 'ready', version: '1.2.3', message: null, command: join(folder, 'bin', 'good'), isBuiltIn: true });
    expect(find('opencode')).toMatchObject({ status: 'error', version: null });
    expect(find('opencode').message).toBe(
      '"broken --version" ended with status 3, and said: cannot load [secret]; see that it runs in a terminal, then look again',
    );
    expect(find('qwen')).toMatchObject({
      status: 'unavailable',
      message: '"qwen" is not installed',
      installHint: 'npm install -g @qwen-code/qwen-code@0.24.4',
    });
    expect(find('mine')).toMatchObject({ status: 'ready', label: 'Mine', isBuiltIn: false, canUseModelServers: false, models: [{ id: 'm1' }] });
    expect(changes.at(-1)).toEqual(['boocode ready', 'opencode error', 'goose ready', 'qwen unavailable', 'mine ready']);
    for (const wanted of ['agent: opencode', 'command: broken', `${join(folder, 'bin')}, /usr/bin`, 'ended with status 3', 'cannot load [secret]'])
      expect(find('opencode').report).toContain(wanted);
  });

  it('ends a program that does not answer', async () => {
    await program('slow', 'exec sleep 600');
    const { agents, find } = await open({ ...OFF, goose: { command: 'slow' } }, { probeTimeoutMs: 200 });
    await agents.refresh();
    expect(find('goose')).toMatchObject({ status: 'error', message: expect.stringContaining('did not end within 0.2 s') });
    await agents[Symbol.asyncDispose]();
  });

  it('looks at no more than two at once', async () => {
    const journal = join(folder, 'journal');
    await program('counted', `echo start >> ${journal}; sleep 0.1; echo end >> ${journal}; echo 1.0`);
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`a${index}`, { command: 'counted' }]));
    const { agents } = await open({ ...OFF, ...many });
    await Promise.all([agents.refresh(), agents.refresh()]);
    const lines = (await readFile(journal, 'utf8')).trim().split('\n');
    let running = 0;
    const heights = lines.map((line) => (running += line === 'start' ? 1 : -1));
    expect([lines.length, Math.max(...heights) <= 2]).toEqual([12, true]);
    await agents[Symbol.asyncDispose]();
  });

  it('shows after a restart what was found before, and looks again behind', async () => {
    await program('good', 'echo 1.0');
    const before = await open({ ...OFF, goose: { command: 'good' } });
    await before.agents.refresh();
    before.agents.learn('goose', { modes: [{ id: 'wild', label: 'Wild', description: null }], models: [{ id: 'ours', label: 'Ours', description: null }] });
    await before.agents[Symbol.asyncDispose]();
    await rm(join(folder, 'bin', 'good'));
    const later = Date.now() + 3_600_000;
    const after = await open({ ...OFF, goose: { command: 'good' } }, { now: () => later });
    expect(after.find('goose')).toMatchObject({ status: 'ready', version: '1.0', modes: [{ id: 'wild', label: 'Wild' }] });
    expect(after.find('goose').models.map(({ id }) => id)).toEqual(['demo']); // what it announces is what we have told it
    await after.agents.refresh();
    expect(after.find('goose').status).toBe('unavailable');
    await after.agents[Symbol.asyncDispose]();
  });

  it('takes a changed config.json at once', async () => {
    await program('good', 'echo 1.0');
    const { agents, config, find, changes } = await open({ ...OFF });
    await agents.refresh();
    Object.assign(config, {
      providers: { ...OFF, mine: { command: 'good', transport: 'acp' } },
      rejectedProviders: { bad: 'config.json, line 3: it is wrong' },
    });
    agents.reload();
    expect(changes.at(-1)).toEqual(['boocode ready', 'mine loading', 'bad error']);
    await agents.refresh();
    expect(find('mine').status).toBe('ready');
    expect(find('bad').message).toContain('line 3: it is wrong');
    expect(() => agents.backendOf('bad')).toThrow(/Cannot start the agent "bad": config.json is wrong about it .*line 3/);
    expect(() => agents.backendOf('nobody')).toThrow(/there is no agent of this name/);
    expect(agents.backendOf('boocode').name).toBe('boocode');
    await agents[Symbol.asyncDispose]();
  });

  it('offers the models of our servers to agents that can use them, and gives them the default one', async () => {
    const server = createServer((_, response) => void response.end(JSON.stringify({ data: [{ id: 'big' }, { id: 'small' }] }))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const models: ModelRegistry = new ModelRegistry({
      servers: { home: { url } },
      defaultModel: null,
      chosenModel: async () => null,
      startDemo: async () => '',
      onChange: () => {},
      now: Date.now,
    });
    await models.refresh();
    const { agents, find } = await open({ ...OFF, goose: {}, claude: {} }, { models });
    expect(find('goose').models.map(({ id, isDefault }) => `${id} ${isDefault}`)).toEqual(['big true', 'small false', 'demo false']);
    expect(find('claude').models.map(({ id }) => id)).toEqual(['sonnet', 'opus', 'haiku']);
    expect([await agents.defaultModelOf('goose'), await agents.defaultModelOf('claude'), await agents.defaultModelOf('boocode')]).toEqual(['big', null, 'big']);
    expect([agents.laneOf({ agent: 'goose', model: null }), agents.laneOf({ agent: 'claude', model: 'opus' })]).toEqual(['home', null]);
    await agents[Symbol.asyncDispose]();
    server.close();
  });
});
