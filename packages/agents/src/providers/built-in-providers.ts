import type { AgentProvider } from './agent-provider.ts';

/** Keys of the usual sellers of models, for agents that know all of them. */
const MODEL_KEYS = [
  'OPENAI_*',
  'ANTHROPIC_*',
  'GOOGLE_*',
  'GEMINI_*',
  'OPENROUTER_*',
  'AZURE_*',
  'AWS_*',
  'GROQ_*',
  'XAI_*',
  'MISTRAL_*',
  'DEEPSEEK_*',
  'DATABRICKS_*',
  'OLLAMA_*',
  'LITELLM_*',
  'GITHUB_TOKEN',
];

const opencode: AgentProvider = {
  id: 'opencode',
  label: 'opencode',
  isBuiltIn: true,
  transport: 'opencode',
  command: 'opencode',
  args: ['serve'],
  env: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' },
  passEnvironment: ['OPENCODE_API_KEY', 'OPENCODE_CONFIG', 'OPENCODE_CONFIG_DIR', 'OPENCODE_AUTH_CONTENT', 'OPENCODE_ENABLE_*', ...MODEL_KEYS],
  passWithoutServer: [],
  endpoint: 'opencode',
  models: [],
  modes: [
    { id: 'build', label: 'Build' },
    { id: 'plan', label: 'Plan' },
  ],
  modeByAccess: { 'read-only': 'plan', ask: 'build', edits: 'build', full: 'build' },
  fullEnv: {},
  untrusted: null, // it runs the plugins of a repository whatever its switches say (OPENCODE_PURE, OPENCODE_DISABLE_PROJECT_CONFIG: seen with 1.18.33)
  fallback: { transport: 'acp', args: ['acp'] },
  versionArgs: ['--version'],
  leastNode: null,
  installHint: 'npm install -g opencode-ai@1.18.33',
  signInHint: 'opencode auth login',
  stateFolders: ['$XDG_CONFIG_HOME/opencode', '$XDG_DATA_HOME/opencode', '$XDG_STATE_HOME/opencode', '$XDG_CACHE_HOME/opencode'],
};

const goose: AgentProvider = {
  id: 'goose',
  label: 'goose',
  isBuiltIn: true,
  transport: 'acp',
  command: 'goose',
  args: ['acp'],
  env: { GOOSE_TELEMETRY_ENABLED: 'false' },
  passEnvironment: ['GOOSE_*'],
  passWithoutServer: MODEL_KEYS,
  endpoint: 'goose',
  models: [],
  modes: [
    { id: 'auto', label: 'Auto' },
    { id: 'approve', label: 'Approve' },
    { id: 'smart_approve', label: 'Smart approve' },
    { id: 'chat', label: 'Chat' },
  ],
  // `chat` has no tools at all; in `approve` every tool is asked for, and what only reads is allowed
  modeByAccess: { 'read-only': 'approve', ask: 'approve', edits: 'approve', full: 'auto' },
  fullEnv: {},
  untrusted: { args: [], env: {} }, // of a repository it reads texts alone
  fallback: null,
  versionArgs: ['--version'],
  leastNode: null,
  installHint: 'npm install -g @aaif/goose-acp@1.50.0',
  signInHint: 'goose configure',
  stateFolders: ['$XDG_CONFIG_HOME/goose', '$XDG_DATA_HOME/goose', '$XDG_STATE_HOME/goose'],
};

const claude: AgentProvider = {
  id: 'claude',
  label: 'Claude Code',
  isBuiltIn: true,
  transport: 'stream-json',
  command: 'claude',
  args: [],
  env: {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  },
  passEnvironment: [
    'ANTHROPIC_*',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_USE_*',
    'CLAUDE_CODE_MAX_*',
    'AWS_*',
    'CLOUD_ML_REGION',
    'IS_SANDBOX',
  ],
  passWithoutServer: [],
  endpoint: 'none',
  models: ['sonnet', 'opus', 'haiku'],
  modes: [
    { id: 'default', label: 'Default' },
    { id: 'plan', label: 'Plan' },
    { id: 'acceptEdits', label: 'Accept edits' },
    { id: 'bypassPermissions', label: 'Bypass permissions' },
  ],
  modeByAccess: { 'read-only': 'plan', ask: 'default', edits: 'acceptEdits', full: 'bypassPermissions' },
  fullEnv: { IS_SANDBOX: '1' }, // as root it refuses to work without asking otherwise
  untrusted: { args: ['--setting-sources', 'user', '--strict-mcp-config'], env: {} },
  fallback: null,
  versionArgs: ['--version'],
  leastNode: null,
  installHint: 'npm install -g @anthropic-ai/claude-code@2.1.330',
  signInHint: 'claude auth login',
  stateFolders: ['~/.claude', '~/.claude.json'],
};

const qwen: AgentProvider = {
  id: 'qwen',
  label: 'Qwen Code',
  isBuiltIn: true,
  transport: 'acp',
  command: 'qwen',
  args: ['--acp'],
  env: { QWEN_USAGE_STATISTICS_ENABLED: 'false', QWEN_TELEMETRY_ENABLED: 'false' },
  passEnvironment: ['QWEN_HOME', 'QWEN_CODE_SYSTEM_SETTINGS_PATH', 'QWEN_CODE_SYSTEM_DEFAULTS_PATH'],
  passWithoutServer: ['QWEN_*', 'OPENAI_*', 'DASHSCOPE_*', 'BAILIAN_*', 'ANTHROPIC_*', 'GEMINI_*', 'GOOGLE_*'],
  endpoint: 'qwen',
  models: [],
  modes: [
    { id: 'plan', label: 'Plan' },
    { id: 'default', label: 'Default' },
    { id: 'auto-edit', label: 'Auto edit' },
    { id: 'yolo', label: 'Yolo' },
  ],
  modeByAccess: { 'read-only': 'plan', ask: 'default', edits: 'auto-edit', full: 'yolo' },
  fullEnv: {},
  untrusted: { args: ['--safe-mode'], env: {} },
  fallback: { transport: 'stream-json', args: [] },
  versionArgs: ['--version'],
  leastNode: 22,
  installHint: 'npm install -g @qwen-code/qwen-code@0.24.4',
  signInHint: 'qwen',
  stateFolders: ['~/.qwen'],
};

/** The agents that are known without a word of config.json, in the order in which they are shown. Our own is none of them: it needs no program. */
export const BUILT_IN_PROVIDERS: readonly AgentProvider[] = [opencode, goose, claude, qwen];
