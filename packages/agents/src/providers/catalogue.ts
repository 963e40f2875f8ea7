import type { ProviderConfig } from '@boocode/contracts/config-file.ts';

/** An agent that can be added with one click: its entry for config.json, and what was seen of exactly this version. */
export interface CatalogueAgent {
  readonly id: string;
  readonly label: string;
  readonly package: string;
  readonly version: string;
  readonly testedOn: string;
  readonly proven: string;
  readonly provider: ProviderConfig;
}

const TESTED_ON = '2026-11-22';

/** Only what was installed and run. The built-in agents are here for their versions, and to bring back one that config.json takes away. */
export const CATALOGUE: readonly CatalogueAgent[] = [
  {
    id: 'goose',
    label: 'goose',
    package: '@aaif/goose-acp',
    version: '1.50.0',
    testedOn: TESTED_ON,
    proven: 'Answers, runs tools and asks first, with a model of a configured model server.',
    provider: { enabled: true },
  },
  {
    id: 'opencode',
    label: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    testedOn: TESTED_ON,
    proven: 'Answers, runs tools and asks first, with a model of a configured model server.',
    provider: { enabled: true },
  },
  {
    id: 'qwen',
    label: 'Qwen Code',
    package: '@qwen-code/qwen-code',
    version: '0.24.4',
    testedOn: TESTED_ON,
    proven: 'Answers, runs tools and asks first, with a model of a configured model server. Needs Node 22 or newer.',
    provider: { enabled: true },
  },
  {
    id: 'claude-acp',
    label: 'Claude Code (ACP)',
    package: '@agentclientprotocol/claude-agent-acp',
    version: '0.49.0',
    testedOn: TESTED_ON,
    proven: 'Answers and edits a file, against a scripted model server.',
    provider: {
      label: 'Claude Code (ACP)',
      transport: 'acp',
      command: 'claude-agent-acp',
      env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
      passEnvironment: ['ANTHROPIC_*', 'CLAUDE_CONFIG_DIR', 'CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CODE_USE_*', 'IS_SANDBOX'],
      modes: ['default', 'acceptEdits', 'plan', 'bypassPermissions'],
      stateFolders: ['~/.claude', '~/.claude.json'],
    },
  },
  {
    id: 'gemini',
    label: 'Gemini CLI',
    package: '@google/gemini-cli',
    version: '0.61.0',
    testedOn: TESTED_ON,
    proven: 'Starts, and opens a conversation with its modes and models. No prompt was sent: it needs an account or GEMINI_API_KEY.',
    provider: {
      label: 'Gemini CLI',
      transport: 'acp',
      command: 'gemini',
      args: ['--acp'],
      passEnvironment: ['GEMINI_*', 'GOOGLE_*'],
      modes: ['default', 'autoEdit', 'yolo', 'plan'],
      stateFolders: ['~/.gemini'],
    },
  },
  {
    id: 'codex',
    label: 'Codex',
    package: '@agentclientprotocol/codex-acp',
    version: '2.6.0',
    testedOn: TESTED_ON,
    proven: 'Starts and shakes hands. No conversation was opened: it needs an account or OPENAI_API_KEY.',
    provider: {
      label: 'Codex',
      transport: 'acp',
      command: 'codex-acp',
      passEnvironment: ['OPENAI_*', 'CODEX_*'],
      stateFolders: ['~/.codex'],
    },
  },
];
