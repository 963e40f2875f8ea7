import { chmod, mkdir, mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { parseConfigFile } from './config-file.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'boocode-config-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('loadConfig()', () => {
  it('needs nothing', () => {
    const config = loadConfig({}, []);
    expect(config).toMatchObject({
      home: join(homedir(), '.boocode'),
      host: '127.0.0.1',
      port: 9500,
      open: true,
      json: false,
      databaseUrl: null,
      defaultAccess: 'ask',
      allowRemote: false,
    });
  });

  it('takes the environment, and options before it', () => {
    const env = { BOOCODE_HOME: home, BOOCODE_HOST: 'localhost', BOOCODE_PORT: '0', DATABASE_URL: 'postgres://u:password@h/d', BOOCODE_MODEL: 'm' };
    expect(loadConfig(env, [])).toMatchObject({ home, host: 'localhost', port: 0, databaseUrl: env.DATABASE_URL, defaultModel: 'm' });
    expect(loadConfig(env, ['--host', '[::1]', '--port=7', '--no-open', '--json'])).toMatchObject({ host: '::1', port: 7, open: false, json: true });
    expect(loadConfig({ BOOCODE_HOME: home, BOOCODE_PORT: '', BOOCODE_HOST: ' ' }, [])).toMatchObject({ host: '127.0.0.1', port: 9500 });
  });

  it('makes a model server of BOOCODE_MODEL_URL, above one of the same name in the file', async () => {
    await writeFile(join(home, 'config.json'), '{"modelServers":{"default":{"url":"http://other/v1"},"lan":{"url":"http://lan/v1","key":"{env:NOT_SET}"}}}');
    const config = loadConfig({ BOOCODE_HOME: home, BOOCODE_MODEL_URL: 'http://127.0.0.1:8080/v1', BOOCODE_MODEL_KEY: 'key-of-mine' }, []);
    expect(config.modelServers).toEqual({ default: { url: 'http://127.0.0.1:8080/v1', key: 'key-of-mine' }, lan: { url: 'http://lan/v1' } });
    const wrong = loadConfig({ BOOCODE_HOME: home, BOOCODE_MODEL_URL: '127.0.0.1:8080' }, []);
    expect(wrong.problems.map(({ code }) => code)).toEqual(['config_env', 'model_url']);
  });

  it.each([['0.0.0.0'], ['::'], ['192.168.1.2'], ['box.lan'], ['127.0.0.1.evil.example'], ['1270.0.0.1']])(
    'does not listen on %s without --allow-remote',
    (host) => {
      expect(() => loadConfig({ BOOCODE_HOST: host }, [])).toThrow(
        expect.objectContaining({ code: 'forbidden', message: expect.stringContaining('--allow-remote') }),
      );
      expect(loadConfig({}, ['--host', host, '--allow-remote'])).toMatchObject({ host, allowRemote: true });
    },
  );

  it.each([
    [['--port', '70000'], 'a number from 0 to 65535'],
    [['--port', '-1'], '--port'],
    [['--port', '1e3'], '--port is "1e3"'],
    [['--colour'], "Unknown option '--colour'"],
    [['serve'], "Unexpected argument 'serve'"],
    [['--host', 'a b'], 'not a host name'],
  ])('refuses %j in one line', (argv, text) => {
    expect(() => loadConfig({}, argv)).toThrow(expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(text) }));
    expect(() => loadConfig({}, argv)).toThrow(/^[^\n]*$/);
  });

  it('knows what must not be in a log', async () => {
    await writeFile(
      join(home, 'config.json'),
      '{"modelServers":{"a":{"url":"http://h/v1","key":"key-in-file","headers":{"x-auth":"header-value"}}},"providers":{"p":{"env":{"K":"{env:MINE}","API_KEY":"key-of-agent","MODE":"not-secret"}}}}',
    );
    const { secrets } = loadConfig(
      { BOOCODE_HOME: home, MINE: 'from-environment', DATABASE_URL: 'postgres://u:pass%word@h/d', BOOCODE_MODEL_URL: 'http://h', BOOCODE_MODEL_KEY: 'short' },
      [],
    );
    expect([...secrets].toSorted()).toEqual(['from-environment', 'header-value', 'key-in-file', 'key-of-agent', 'pass%word']);
  });

  it.each([
    [
      'a folder',
      async (path: string) => {
        await mkdir(path);
      },
      'it is a folder',
    ],
    ['too large', (path: string) => writeFile(path, ' '.repeat(1_100_000)), 'larger than'],
  ])('starts when config.json is %s', async (_, make, text) => {
    await make(join(home, 'config.json'));
    expect(loadConfig({ BOOCODE_HOME: home }, []).problems).toEqual([{ code: 'config_unreadable', text: expect.stringContaining(text) }]);
  });

  it.runIf(process.getuid?.() !== 0)('starts when config.json cannot be read', async () => {
    await writeFile(join(home, 'config.json'), '{}');
    await chmod(join(home, 'config.json'), 0);
    expect(loadConfig({ BOOCODE_HOME: home }, []).problems).toEqual([{ code: 'config_unreadable', text: expect.stringContaining('may not read it') }]);
  });

  it('leaves a file alone that it cannot parse', async () => {
    const path = join(home, 'config.json');
    await writeFile(path, '{"defaultAccess":"full",\n"limits": {{');
    const config = loadConfig({ BOOCODE_HOME: home }, []);
    expect(config.defaultAccess).toBe('full');
    expect(config.problems).toEqual([{ code: 'config_syntax', text: expect.stringContaining(`${path}, line 2`) }]);
    expect(await readFile(path, 'utf8')).toBe('{"defaultAccess":"full",\n"limits": {{');
  });
});

describe('parseConfigFile()', () => {
  it('takes comments, a trailing comma, a byte order mark and an empty file', () => {
    expect(parse('\uFEFF// mine\n{\n /* yes */ "defaultModel": "m",\n}')).toEqual({ value: { defaultModel: 'm' }, problems: [] });
    for (const text of ['', '\uFEFF', ' \n', '// nothing yet']) expect(parse(text)).toEqual({ value: {}, problems: [] });
  });

  it.each([
    ['{"colour": "red",\n "defaultModel": "m"}', 'line 1: "colour" is not a known key; it has no effect', { defaultModel: 'm' }],
    [
      '{"defaultModel": "m",\n\n "defaultAccess": "root"}',
      'line 3: "defaultAccess" must be one of "read-only", "ask", "edits", "full"; it is left out',
      { defaultModel: 'm' },
    ],
    ['{"__proto__": {"defaultModel": "m"}}', 'line 1: "__proto__" is not a known key; it has no effect', {}],
    ['{"constructor": 1}', 'line 1: "constructor" is not a known key; it has no effect', {}],
    [
      '{"modelServers": {"a": {"url": "http://a/v1"},\n "b": {"url": 1}}}',
      'line 2: "modelServers.b.url" must be text; "modelServers.b" is left out',
      { modelServers: { a: { url: 'http://a/v1' } } },
    ],
    ['{"modelServers": {"a": {}}}', 'line 1: "modelServers.a.url" must be text; "modelServers.a" is left out', { modelServers: {} }],
    [
      '{"modelServers": {"a": {"url": "file:///etc"}}}',
      'line 1: "modelServers.a.url" must begin with http:// or https://; "modelServers.a" is left out',
      { modelServers: {} },
    ],
    [
      '{"providers": {"p": {"command": "x",\n "colour": 1}}}',
      'line 2: "providers.p.colour" is not a known key; it has no effect',
      { providers: { p: { command: 'x' } } },
    ],
    [
      '{"allowedHosts": ["box.lan:9500",\n "http://x"]}',
      'line 2: "allowedHosts[1]" must be a host name with or without a port, for instance "box.lan:9500"; it is left out',
      { allowedHosts: ['box.lan:9500'] },
    ],
    [
      '{"allowedHosts": ["a;script-src *"]}',
      'line 1: "allowedHosts[0]" must be a host name with or without a port, for instance "box.lan:9500"; it is left out',
      { allowedHosts: [] },
    ],
    ['{"modelServers": "x"}', 'line 1: "modelServers" must be an object; it is left out', {}],
    ['[]', 'config.json must hold an object ({ ... }); nothing in it is used', {}],
    [
      '{"defaultModel": "m"\n"defaultAccess": "full"}',
      'line 2: it is not valid JSON here (comma expected); what comes before is used, the rest has no effect',
      { defaultModel: 'm' },
    ],
  ])('tells what is wrong with %s and uses the rest', (text, problem, value) => {
    const parsed = parse(text);
    expect(parsed.value).toEqual(value);
    expect(parsed.problems.map((each) => each.text)).toEqual([expect.stringContaining(problem)]);
  });

  it('checks limits one by one', () => {
    const { value, problems } = parse('{"limits": {"maxSteps": 7, "shellTimeoutMs": 1, "colour": 1}}');
    expect(value.limits).toMatchObject({ maxSteps: 7, shellTimeoutMs: 120_000 });
    expect(problems.map(({ code }) => code)).toEqual(['config_value', 'config_unknown_key']);
  });

  it('replaces {env:NAME} in every text, and warns about what is not set', () => {
    const text = '{"providers":{"p":{"args":["--key={env:A}"],"env":{"K":"{env:A}"}}},\n"defaultModel":"{env:MODEL}{env:B}"}';
    const parsed = parseConfigFile(text, 'config.json', { A: 'secret-a', MODEL: 'm' });
    expect(parsed.value).toEqual({ providers: { p: { args: ['--key=secret-a'], env: { K: 'secret-a' } } }, defaultModel: 'm' });
    expect(parsed.problems).toEqual([
      { code: 'config_env', text: 'config.json, line 2: "defaultModel" names the environment variable B, which is not set; it counts as empty' },
    ]);
    expect(parsed.secrets).toContain('secret-a');
    expect(JSON.stringify(parsed.problems)).not.toContain('secret-a');
  });

  it('leaves out an agent that names a variable which is empty or not set, and says which', () => {
    const text = '{"providers":{\n"p":{"command":"a","env":{"K":"{env:A}","L":"{env:EMPTY}"}},\n"q":{"command":"b","transport":"smoke"},"r":{"command":"c"}}}';
    const parsed = parseConfigFile(text, 'config.json', { EMPTY: '' });
    expect(parsed.value).toEqual({ providers: { r: { command: 'c' } } });
    const p = 'config.json, line 2: "providers.p" names environment variables that are not set: A, EMPTY; it is left out';
    expect(parsed.problems[0]).toEqual({ code: 'config_env', text: p });
    expect(parsed.rejected).toEqual({ p, q: expect.stringMatching(/line 3: "providers.q.transport" must be one of .* is left out/) });
  });
});

function parse(text: string) {
  const { value, problems } = parseConfigFile(text, 'config.json', {});
  return { value, problems };
}
