import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { describe, expect, it } from 'vitest';
import type { AgentLaunch } from '../../src/agent-process.ts';
import type { AgentSession } from '../../src/backend.ts';
import type { StreamJsonDialect } from '../../src/stream-json/dialect.ts';
import { streamJsonBackend } from '../../src/stream-json/stream-json-backend.ts';
import { type ContractPoint, type ContractScript, type ContractSubject, describeAgentContract, onlyPoints, POINTS } from '../contract/agent-contract.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { textOf, watchTurn } from '../watch-turn.ts';

const AGENTS = process.env.BOOCODE_AGENTS_DIR ?? join(homedir(), '.cache', 'boocode', 'agents');
const NODE_DIR = dirname(process.execPath);

interface RealAgent {
  readonly folder: string;
  readonly command: string;
  readonly dialect: StreamJsonDialect;
  readonly tools: { readonly write: string; readonly shell: string };
  readonly shellInput: (command: string) => object;
  readonly env: (url: string) => Readonly<Record<string, string>>;
  /** Files of its home, by their path in it. */
  readonly files: Readonly<Record<string, object>>;
  readonly lacks: Partial<Record<ContractPoint, string>>;
}

const claude: RealAgent = {
  folder: 'claude-2.1.330',
  command: 'claude',
  dialect: 'claude',
  tools: { write: 'Write', shell: 'Bash' },
  shellInput: (command) => ({ command, description: 'Run it' }),
  env: (url) => ({
    ANTHROPIC_BASE_URL: url.replace(/\/v1$/, ''),
    ANTHROPIC_API_KEY: 'sk-ant-dummy',
    ANTHROPIC_MODEL: 'claude-sonnet-4-5',
    ANTHROPIC_SMALL_FAST_MODEL: 'claude-haiku-4-5',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '0',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    IS_SANDBOX: '1',
  }),
  files: {},
  lacks: { 'long text': 'a prompt of 1 MB does not fit into its context' },
};

const qwen: RealAgent = {
  folder: 'qwen-0.24.4',
  command: 'qwen',
  dialect: 'qwen',
  tools: { write: 'write_file', shell: 'run_shell_command' },
  shellInput: (command) => ({ command, description: 'Run it', is_background: false }),
  env: (url) => ({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'x', OPENAI_MODEL: 'm' }),
  files: {
    '.qwen/settings.json': {
      general: { disableAutoUpdate: true, enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      security: { auth: { selectedType: 'openai' } },
      model: { name: 'm', generationConfig: { maxRetries: 0 } },
    },
  },
  lacks: {
    'long text': 'a prompt of 1 MB does not fit into its context',
    'model error 500': 'it repeats its request for more than a minute',
    resume: 'not after failures, of which the conversation of this suite has some; see below',
  },
};

/** Agents put prompts without an answer together: every script says where it begins. */
function scriptOf(agent: RealAgent): ContractScript {
  const script = (...lines: string[]): string => ['demo: start', ...lines.map((line) => `demo: ${line}`)].join('\n');
  const call = (name: string, input: object): string => `call ${name} ${JSON.stringify(input)}`;
  return {
    say: (text) => script(`say ${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`),
    think: (text) => script(`think ${text}`, 'say thought'),
    write: (path, content) => script(call(agent.tools.write, { file_path: path, content }), 'say done'),
    shell: (command) => script(call(agent.tools.shell, agent.shellInput(command)), 'say done'),
    sayForever: () => script('say begun', 'hold'),
    fail: (how) => script(`fault ${how}`),
  };
}

/** Every point, where the agent is not installed: the summary then says so for each. */
function lacksOf(agent: RealAgent, command: string): Partial<Record<ContractPoint, string>> {
  return existsSync(command) ? agent.lacks : Object.fromEntries(POINTS.map((point) => [point, `not installed in ${AGENTS}`]));
}

describe.each([claude, qwen])('$folder', (agent) => {
  const command = join(AGENTS, agent.folder, 'node_modules', '.bin', agent.command);

  const start = async (): Promise<ContractSubject & AsyncDisposable> => {
    const home = await mkdtemp(join(tmpdir(), 'boocode-real-'));
    for (const [path, content] of Object.entries(agent.files)) {
      await mkdir(join(home, dirname(path)), { recursive: true });
      await writeFile(join(home, path), JSON.stringify(content));
    }
    const model = await startDemoModel();
    const launch: AgentLaunch = {
      command,
      args: [],
      env: { HOME: home, PATH: `${NODE_DIR}:${process.env.PATH ?? ''}`, LANG: 'C.UTF-8', ...agent.env(model.url) },
      model: null,
      mode: 'default',
      stateFolders: [home],
    };
    return {
      backend: streamJsonBackend({
        name: agent.command,
        label: agent.command,
        dialect: agent.dialect,
        host: { registry: null, containment: null },
        plan: async () => launch,
      }),
      script: scriptOf(agent),
      // some ask their model for more in the background: the request of the last prompt counts
      remembers: async (_session, words) =>
        model.requests.map(({ body }) => JSON.stringify(body)).some((body) => body.includes('back again') && body.includes(words)),
      kill: null,
      isSlow: true,
      async [Symbol.asyncDispose]() {
        await model.close();
        await rm(home, { recursive: true, force: true, maxRetries: 3 });
      },
    };
  };

  describeAgentContract(
    `stream-json, real ${agent.folder}`,
    { ...onlyPoints('text', 'permission denied', 'cancel in a tool'), ...lacksOf(agent, command) },
    start,
  );

  it.skipIf(!existsSync(command))('resumes a conversation without failures, and names none after one that it would forget', { timeout: 120_000 }, async () => {
    await using subject = await start();
    const cwd = await realpath(await mkdtemp(join(tmpdir(), 'boocode-resumed-')));
    const run = async (session: AgentSession, text: string) => (await watchTurn(session.prompt(newPrompt(text), new AbortController().signal))).state;
    try {
      const first = await subject.backend.open(openOptions(cwd));
      await run(first, subject.script.say('the secret word is heliotrope'));
      const { resumeToken } = first;
      await first[Symbol.asyncDispose]();
      await using second = await subject.backend.open(openOptions(cwd, { resumeToken }));
      expect(second.isResumed).toBe(true);
      expect(textOf(await run(second, subject.script.say('back again')))).toBe('back again');
      expect(await subject.remembers(second, 'heliotrope')).toBe(true);
      expect(await run(second, subject.script.fail('400'))).toMatchObject({ status: 'failed' });
      expect(second.resumeToken === null).toBe(agent.dialect === 'qwen');
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  });
});
