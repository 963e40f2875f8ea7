import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeBackend } from '@boocode/agents/native/native-backend.ts';
import type { AddProvider } from '@boocode/contracts/provider.ts';
import { expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { createTestDatabase } from '../db/testing.ts';
import { AgentRegistry } from './agent-registry.ts';
import { ConfigEditor } from './config-editor.ts';
import { ModelRegistry } from './model-registry.ts';
import { providerHandlers } from './provider-routes.ts';

async function open() {
  const home = await mkdtemp(join(tmpdir(), 'boocode-routes-'));
  const database = await createTestDatabase();
  const env = { BOOCODE_HOME: home, HOME: home, PATH: '/nowhere' };
  const load = () => loadConfig(env, []);
  const nothing = { onChange: () => {}, now: Date.now };
  const models = new ModelRegistry({ servers: {}, defaultModel: null, chosenModel: async () => null, startDemo: async () => '', places: [], ...nothing });
  const path = join(home, 'config.json');
  const secrets = new Set<string>();
  const editor = new ConfigEditor({ path, config: load(), load, env, models, secrets });
  const native = nativeBackend({
    modelServers: (model) => models.resolve(model),
    limits: load().limits,
    registry: null,
    containment: null,
    environment: {},
  });
  const agents = await AgentRegistry.start({
    sql: database.sql,
    log: { info: () => {}, warn: () => {} },
    models,
    native,
    host: { registry: null, containment: null },
    worktreesDir: join(home, 'worktrees'),
    config: () => editor.config,
    personal: env,
    environment: { PATH: '/nowhere' },
    secrets,
    ...nothing,
  });
  const handlers = providerHandlers(models, editor, agents);
  return {
    path,
    secrets,
    agents,
    add: async (body: AddProvider) => handlers.addProvider!({ body } as never),
    remove: async (id: string) => handlers.deleteProvider!({ params: { id } } as never),
    catalogue: async () => (await handlers.listCatalogue!({ query: {} } as never)).items,
    async [Symbol.asyncDispose]() {
      await agents[Symbol.asyncDispose]();
      await native[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

it('an agent of the catalogue is added to config.json with its comments kept, holds at once, and goes again', async () => {
  await using opened = await open();
  await writeFile(opened.path, '{\n  // mine\n  "providers": { "goose": { "enabled": false } }\n}\n');
  expect(await opened.add({ fromCatalogue: 'claude-acp' })).toMatchObject({ id: 'claude-acp', label: 'Claude Code (ACP)', isBuiltIn: false });
  expect(await readFile(opened.path, 'utf8')).toMatch(/\/\/ mine[\s\S]*"claude-agent-acp"/);
  expect((await opened.catalogue()).map(({ id, isAdded }) => `${id} ${isAdded}`)).toEqual(
    expect.arrayContaining(['claude-acp true', 'goose false', 'opencode true', 'codex false']),
  );
  expect(await opened.add({ fromCatalogue: 'goose' })).toMatchObject({ id: 'goose', isBuiltIn: true });
  expect(await opened.remove('claude-acp')).toEqual({ ok: true });
  expect(opened.agents.list().map(({ id }) => id)).toEqual(['boocode', 'opencode', 'goose', 'claude', 'qwen']);
  await expect(opened.remove('claude-acp')).rejects.toThrow(/config.json does not name it/);
  await expect(opened.add({ fromCatalogue: 'nobody' })).rejects.toThrow(/the catalogue has none of this name/);
});

it('a given agent is added, and its key is a secret from then on', async () => {
  await using opened = await open();
  await opened.add({ id: 'mine', provider: { command: 'mine', env: { MY_KEY: 'hidden-value', MODE: 'ordinary' } } });
  expect([...opened.secrets]).toEqual(['hidden-value']);
  await expect(opened.add({ id: 'hidden', provider: { command: 'x', enabled: false } })).rejects.toThrow(/takes it away/);
});

it('a config.json that cannot be read is not overwritten', async () => {
  await using opened = await open();
  await writeFile(opened.path, '{ "providers": ');
  await expect(opened.add({ fromCatalogue: 'codex' })).rejects.toThrow(/it is not valid JSON/);
  expect(await readFile(opened.path, 'utf8')).toBe('{ "providers": ');
});
