import type { ProviderConfig } from '@boocode/contracts/config-file.ts';
import { describe, expect, it } from 'vitest';
import { configuredProviders } from './configured-providers.ts';
import { modeForAccess } from './mode-policy.ts';
import type { ServerModel } from './model-environment.ts';
import { type LaunchChoice, type LaunchPlace, type LaunchRequest, planLaunch } from './plan-launch.ts';

const SERVER = { id: 'home', baseUrl: 'http://127.0.0.1:8080/v1', apiKey: null, headers: {}, models: [{ name: 'big', contextSize: 40_000 }] };
const KEYED = {
  ...SERVER,
  id: 'lan',
  baseUrl: 'https://lan/llm/v1',
  apiKey: 'secret',
  headers: { 'x-team': 'a' },
  models: [{ name: 'small', contextSize: null }],
};
const BIG: ServerModel = { server: SERVER, model: { name: 'big', contextSize: 40_000 } };
const SMALL: ServerModel = { server: KEYED, model: { name: 'small', contextSize: null } };
const PLACE: LaunchPlace = {
  program: { command: '/bin/agent', args: [] },
  environment: { PATH: '/usr/bin', HOME: '/home/ada', XDG_DATA_HOME: '/data' },
  personal: {
    GOOSE_PLANNER_MODEL: 'p',
    OPENAI_API_KEY: 'mine',
    OPENAI_BASE_URL: 'http://mine',
    ANTHROPIC_API_KEY: 'anthropic',
    BOOCODE_TOKEN: 'ours',
    OTHER: 'x',
  },
  home: '/home/ada',
  servers: [SERVER, KEYED],
  standard: BIG,
};
const ours = (chosen: ServerModel): LaunchChoice => ({ type: 'server', chosen });
const own = (id: string | null): LaunchChoice => ({ type: 'own', id });

function get(id: string, config: Record<string, ProviderConfig> = {}) {
  const provider = configuredProviders(config, { claudeSdk: false }).providers.find((each) => each.id === id);
  if (provider === undefined) throw new Error(`no provider ${id}`);
  return provider;
}

function plan(id: string, request: Partial<LaunchRequest>, config: Record<string, ProviderConfig> = {}) {
  const provider = get(id, config);
  return planLaunch(provider, provider, { access: 'ask', mode: null, isTrusted: true, model: own(null), ...request }, PLACE);
}

describe('planLaunch()', () => {
  it('gives goose one model of our servers, by its variables, and keeps the keys of other sellers from it', () => {
    expect(plan('goose', { model: ours(BIG) })).toEqual({
      command: '/bin/agent',
      args: ['acp'],
      env: {
        PATH: '/usr/bin',
        HOME: '/home/ada',
        XDG_DATA_HOME: '/data',
        GOOSE_PLANNER_MODEL: 'p',
        GOOSE_PROVIDER: 'openai',
        GOOSE_MODEL: 'big',
        GOOSE_CONTEXT_LIMIT: '40000',
        OPENAI_HOST: 'http://127.0.0.1:8080',
        OPENAI_BASE_PATH: 'v1/chat/completions',
        OPENAI_API_KEY: 'none',
        GOOSE_DISABLE_KEYRING: '1',
        GOOSE_TELEMETRY_ENABLED: 'false',
      },
      model: null,
      mode: 'approve',
      stateFolders: ['/home/ada/.config/goose', '/data/goose', '/home/ada/.local/state/goose'],
    });
    expect(plan('goose', { model: ours(SMALL) }).env).toMatchObject({
      OPENAI_HOST: 'https://lan',
      OPENAI_BASE_PATH: 'llm/v1/chat/completions',
      OPENAI_API_KEY: 'secret',
      OPENAI_CUSTOM_HEADERS: 'x-team=a',
    });
  });

  it('leaves an agent that uses a model of its own the keys of the person', () => {
    const { env, model } = plan('goose', { model: own('gpt-9') });
    expect([env['OPENAI_API_KEY'], env['ANTHROPIC_API_KEY'], env['GOOSE_MODEL'], model]).toEqual(['mine', 'anthropic', undefined, 'gpt-9']);
    expect(Object.keys(env)).not.toContain('BOOCODE_TOKEN');
    expect(Object.keys(env)).not.toContain('OTHER');
  });

  it('gives qwen the address in its arguments, which stand above its settings, and the key in a variable, which nobody else can see', () => {
    const { args, env } = plan('qwen', { model: ours(SMALL) });
    expect(args).toEqual(['--acp', '--auth-type', 'openai', '--openai-base-url', 'https://lan/llm/v1', '--model', 'small']);
    expect(env).toMatchObject({ OPENAI_API_KEY: 'secret', OPENAI_BASE_URL: 'https://lan/llm/v1', OPENAI_MODEL: 'small' });
    expect(env['ANTHROPIC_API_KEY']).toBeUndefined();
  });

  it('tells opencode of all servers, the same for every model', () => {
    const first = plan('opencode', { model: ours(BIG) });
    const second = plan('opencode', { model: ours(SMALL) });
    expect([first.model, second.model]).toEqual(['boocode-home/big', 'boocode-lan/small']);
    expect(second.env).toEqual(first.env);
    expect(JSON.parse(first.env['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual({
      autoupdate: false,
      share: 'disabled',
      model: 'boocode-home/big',
      small_model: 'boocode-home/big',
      provider: {
        'boocode-home': {
          npm: '@ai-sdk/openai-compatible',
          name: 'home',
          options: { baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'none' },
          models: { big: { name: 'big', tool_call: true, reasoning: true, limit: { context: 40_000, output: 8_192 } } },
        },
        'boocode-lan': {
          npm: '@ai-sdk/openai-compatible',
          name: 'lan',
          options: { baseURL: 'https://lan/llm/v1', apiKey: 'secret', headers: { 'x-team': 'a' } },
          models: { small: { name: 'small', tool_call: true, reasoning: true, limit: { context: 131_072, output: 8_192 } } },
        },
      },
      permission: { edit: 'ask', bash: 'ask', webfetch: 'ask', external_directory: 'ask', doom_loop: 'ask' },
    });
  });

  it('tells opencode of a model that its server does not list', () => {
    const hidden = { server: SERVER, model: { name: 'hidden', contextSize: null } };
    const config: unknown = JSON.parse(plan('opencode', { model: ours(hidden) }).env['OPENCODE_CONFIG_CONTENT'] ?? '');
    expect(config).toMatchObject({ provider: { 'boocode-home': { models: { big: {}, hidden: {} } }, 'boocode-lan': {} } });
  });

  it.each([
    ['goose', ['approve', 'approve', 'approve', 'auto']],
    ['qwen', ['plan', 'default', 'auto-edit', 'yolo']],
    ['opencode', ['plan', 'build', 'build', 'build']],
    ['claude', ['plan', 'default', 'acceptEdits', 'bypassPermissions']],
  ])('sets the mode of %s by the access', (id, modes) => {
    const levels = ['read-only', 'ask', 'edits', 'full'] as const;
    expect(levels.map((access) => plan(id, { access }).mode)).toEqual(modes);
    expect(plan(id, { access: 'full', mode: 'mine' }).mode).toBe('mine');
  });

  it('keeps agents from what a project brings that is not trusted, or does not start them', () => {
    expect(plan('claude', { isTrusted: false }).args).toEqual(['--setting-sources', 'user', '--strict-mcp-config']);
    expect(plan('qwen', { isTrusted: false }).args).toEqual(['--acp', '--safe-mode']);
    expect(() => plan('opencode', { isTrusted: false })).toThrow(/^Cannot start opencode: .* approve it \(`boocode trust`\)$/);
    expect(() => plan('mine', { isTrusted: false }, { mine: { command: 'm' } })).toThrow(/^Cannot start mine: .* "untrustedArgs" of "mine" in config.json/);
    expect(plan('mine', { isTrusted: false }, { mine: { command: 'm', args: ['acp'], untrustedArgs: ['--safe'] } }).args).toEqual(['acp', '--safe']);
  });
});

describe('configuredProviders()', () => {
  it('changes what config.json names of a built-in agent, and nothing else', () => {
    const before = get('goose');
    const after = get('goose', { goose: { command: '/opt/goose', env: { GOOSE_MAX_TURNS: '9' }, endpoint: 'none', modes: ['auto'] } });
    const env = { ...before.env, GOOSE_MAX_TURNS: '9' };
    expect(after).toEqual({ ...before, command: '/opt/goose', env, endpoint: 'none', modes: [{ id: 'auto', label: 'Auto' }] });
  });

  it('takes the arguments of the other form with another transport', () => {
    expect(get('opencode', { opencode: { transport: 'acp' } })).toMatchObject({ transport: 'acp', args: ['acp'], fallback: null });
    const { providers } = configuredProviders({}, { claudeSdk: true });
    expect(providers.map(({ id, transport }) => `${id} ${transport}`)).toEqual(['opencode opencode', 'goose acp', 'claude claude-sdk', 'qwen acp']);
  });

  it('hides a built-in agent, adds an unknown one, and says what it cannot use', () => {
    const { providers, rejected } = configuredProviders(
      { goose: { enabled: false }, mine: { command: 'mine', label: 'My agent' }, off: { command: 'x', enabled: false }, boocode: { command: 'x' }, none: {} },
      { claudeSdk: false },
    );
    expect(providers.map(({ id, label }) => `${id} ${label}`)).toEqual(['opencode opencode', 'claude Claude Code', 'qwen Qwen Code', 'mine My agent']);
    expect([...rejected]).toEqual([
      ['boocode', 'it is the name of BooCode itself'],
      ['none', 'it names no "command"'],
    ]);
  });
});

describe('modeForAccess()', () => {
  const LEVELS = ['read-only', 'ask', 'edits', 'full'] as const;

  it.each([
    [
      ['default', 'acceptEdits', 'plan', 'auto', 'bypassPermissions'],
      ['plan', 'default', 'acceptEdits', 'bypassPermissions'],
    ],
    [
      ['default', 'autoEdit', 'yolo', 'plan'],
      ['plan', 'default', 'autoEdit', 'yolo'],
    ],
    [
      ['read-only', 'auto', 'full-access'],
      ['read-only', 'auto', 'auto', 'full-access'],
    ],
    [
      ['ask', 'architect', 'code'],
      ['architect', 'ask', 'code', 'code'],
    ],
    [['curious'], [null, null, null, null]],
    [[], [null, null, null, null]],
  ])('finds among %j what fits each access', (ids, expected) => {
    const modes = ids.map((id) => ({ id, label: id }));
    expect(LEVELS.map((access) => modeForAccess({ modeByAccess: {}, modes }, access))).toEqual(expected);
  });

  it('takes what the entry names first', () => {
    expect(modeForAccess({ modeByAccess: { full: 'wild' }, modes: [{ id: 'yolo', label: 'Yolo' }] }, 'full')).toBe('wild');
  });
});
