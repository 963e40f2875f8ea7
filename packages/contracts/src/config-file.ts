import * as z from 'zod/mini';
import { Access } from './access.ts';
import { CheckpointConfig } from './checkpoint.ts';

/** One entry of `modelServers` in config.json. `url` ends in /v1; `key` may be `{env:NAME}`. */
export const ModelServerConfig = z.strictObject({
  url: z.url(),
  key: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.string())),
  contextSize: z.optional(z.int().check(z.gte(512))),
  /** How many turns may use this server at once. */
  slots: z.optional(z.int().check(z.gte(1), z.lte(256))),
});
export type ModelServerConfig = z.infer<typeof ModelServerConfig>;

/** One entry of `providers` in config.json: a new agent, or what is different about a built-in one. */
export const ProviderConfig = z.strictObject({
  label: z.optional(z.string()),
  transport: z.optional(z.enum(['acp', 'stream-json', 'pty', 'opencode', 'claude-sdk'])),
  command: z.optional(z.string()),
  args: z.optional(z.array(z.string())),
  env: z.optional(z.record(z.string(), z.string())),
  /** Variables of the person's own environment that it is given: names, or beginnings that end in `*`. */
  passEnvironment: z.optional(z.array(z.string())),
  /** How it is told of our model servers: by OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL, or as one of the built-in agents is. */
  endpoint: z.optional(z.enum(['openai', 'qwen', 'goose', 'opencode', 'none'])),
  /** Whose lines of JSON it takes and gives, with the transport `stream-json`; without it, a command that is run for each prompt. */
  dialect: z.optional(z.enum(['claude', 'qwen'])),
  models: z.optional(z.array(z.string())),
  modes: z.optional(z.array(z.string())),
  /** Its own mode for each access; without it, guessed from the names of its modes. */
  modeByAccess: z.optional(
    z.strictObject({ 'read-only': z.optional(z.string()), ask: z.optional(z.string()), edits: z.optional(z.string()), full: z.optional(z.string()) }),
  ),
  /** What makes it ignore what a repository brings; without it, it does not start in a project that is not trusted. */
  untrustedArgs: z.optional(z.array(z.string())),
  /** Where it keeps its own state, for turns that may write nothing else. */
  stateFolders: z.optional(z.array(z.string())),
  enabled: z.optional(z.boolean()),
});
export type ProviderConfig = z.infer<typeof ProviderConfig>;

/** Durations are in milliseconds. */
export const Limits = z.strictObject({
  maxSteps: z._default(z.int().check(z.gte(1), z.lte(1_000)), 50),
  maxRunningTasks: z._default(z.int().check(z.gte(1), z.lte(500)), 64),
  stallBeforeFirstTokenMs: z._default(z.int().check(z.gte(100)), 1_800_000),
  stallBetweenTokensMs: z._default(z.int().check(z.gte(100)), 90_000),
  /** Another agent that says nothing for so long in a turn, while no tool runs and nobody is asked, is ended. */
  agentStallMs: z._default(z.int().check(z.gte(100)), 180_000),
  /** Agents that are kept ready between turns: how many, and for how long after their last turn. */
  maxWarmAgents: z._default(z.int().check(z.gte(0), z.lte(100)), 6),
  agentIdleMs: z._default(z.int().check(z.gte(1_000)), 1_800_000),
  shellTimeoutMs: z._default(z.int().check(z.gte(100)), 120_000),
  setupTimeoutMs: z._default(z.int().check(z.gte(100)), 600_000),
  /** A check of changes (their tests) that takes longer is ended and has failed. */
  checkTimeoutMs: z._default(z.int().check(z.gte(100)), 1_800_000),
  /** How long a worktree whose session was deleted stays where it is before the reaper may take it. */
  worktreeGraceMs: z._default(z.int().check(z.gte(0)), 3_600_000),
  /** How long a worktree in the trash can be brought back. */
  worktreeTrashMs: z._default(z.int().check(z.gte(0)), 7 * 86_400_000),
  /** A folder above these that cannot be cloned is not copied into a new worktree either. */
  maxCopyBytes: z._default(z.int().check(z.gte(0)), 256 * 1024 * 1024),
  maxCopyFiles: z._default(z.int().check(z.gte(0)), 20_000),
  /** What a checkpoint may hold: of a new or changed file, of all of them, and how long reading may take. What is beyond is listed as skipped. */
  checkpointMaxFileBytes: z._default(z.int().check(z.gte(1)), 50_000_000),
  checkpointMaxTotalBytes: z._default(z.int().check(z.gte(1)), 1_000_000_000),
  checkpointTimeoutMs: z._default(z.int().check(z.gte(100)), 30_000),
  /** For so many days all checkpoints are kept, then fewer and fewer, and after the second number only the newest of each session. */
  checkpointKeepDays: z._default(z.int().check(z.gte(0), z.lte(3_650)), 7),
  checkpointMaxDays: z._default(z.int().check(z.gte(1), z.lte(3_650)), 90),
  /** For so long a restore can be undone: its safety checkpoint and the messages it hid are kept. */
  restoreUndoDays: z._default(z.int().check(z.gte(1), z.lte(3_650)), 30),
});
export type Limits = z.infer<typeof Limits>;

/** `config.json` in BOOCODE_HOME (JSON with comments). Unknown keys are reported, never fatal. */
export const ConfigFile = z.object({
  modelServers: z.optional(z.record(z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)), ModelServerConfig)),
  defaultModel: z.optional(z.string()),
  defaultAccess: z.optional(Access),
  providers: z.optional(z.record(z.string(), ProviderConfig)),
  /** Further Host names under which the server may be reached, for instance behind a reverse proxy: `box.lan:9500`. */
  allowedHosts: z.optional(z.array(z.string())),
  limits: z.optional(Limits),
});
export type ConfigFile = z.infer<typeof ConfigFile>;

/** `.boocode/project.json` of a project: how a worktree of it is set up, and what is done before it goes. */
export const ProjectConfigFile = z.object({
  /** Files to copy from the project's folder, for instance `.env` (git does not know them). */
  copy: z.optional(z.array(z.string())),
  /** Folders to link or copy cheaply, for instance `node_modules`. */
  link: z.optional(z.array(z.string())),
  /** Those of `link` whose files may be shared with the project's folder by hard links: an edit in place reaches both sides. */
  hardlink: z.optional(z.array(z.string())),
  /** A shell command run in the new worktree, after the person has trusted it. */
  setup: z.optional(z.string()),
  /** A shell command that tells whether changes are good (tests): run on the folder as it would be with them, in a place of its own. */
  check: z.optional(z.string()),
  /** A shell command run in a worktree before it goes to the trash, after the person has trusted it. */
  teardown: z.optional(z.string()),
  /** Which ignored files its checkpoints hold. */
  checkpoints: z.optional(CheckpointConfig),
});
export type ProjectConfigFile = z.infer<typeof ProjectConfigFile>;
