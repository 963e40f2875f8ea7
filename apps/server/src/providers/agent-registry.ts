import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AgentHost, AgentLaunch } from '@boocode/agents/agent-process.ts';
import type { AgentBackend, OpenOptions } from '@boocode/agents/backend.ts';
import { loadClaudeSdk } from '@boocode/agents/claude/claude-sdk.ts';
import type { AgentForm, AgentProvider } from '@boocode/agents/providers/agent-provider.ts';
import { configuredProviders, type ConfiguredProviders } from '@boocode/agents/providers/configured-providers.ts';
import { type LaunchChoice, planLaunch } from '@boocode/agents/providers/plan-launch.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { Sql } from 'postgres';
import type { Config } from '../config.ts';
import type { Log } from '../db/log.ts';
import { redact } from '../redact.ts';
import { claudeSessionStore } from './claude-session-store.ts';
import { commandFolders, isProgram, moduleFolders } from './find-command.ts';
import { getServerModel, launchServers, offeredModels, standardModel } from './launch-servers.ts';
import { makeBackend } from './make-backend.ts';
import { emptySnapshot, foundSnapshot, learnedSnapshot, nativeSnapshot, ownModels, rejectedSnapshot, shownSnapshot } from './map-provider-snapshot.ts';
import type { ModelRegistry } from './model-registry.ts';
import { type AgentProbe, findProgram, notInstalled, probeAgent, type ProbePlace, type Program } from './probe-agent.ts';
import { listProviderSnapshots, saveProviderSnapshot } from './provider-snapshot-store.ts';

const FRESH_MS = 600_000;
const PROBE_TIMEOUT_MS = 10_000;
const PROBES_AT_ONCE = 2;

export interface AgentRegistryOptions {
  readonly sql: Sql;
  readonly log: Log;
  readonly models: ModelRegistry;
  /** Our own agent. */
  readonly native: AgentBackend;
  readonly host: AgentHost;
  /** Where the worktrees of all projects are. */
  readonly worktreesDir: string;
  /** What config.json says now. */
  readonly config: () => Pick<Config, 'providers' | 'rejectedProviders'>;
  /** The person's whole environment, and what children are given of it. */
  readonly personal: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string>>;
  /** What must never be shown. */
  readonly secrets: ReadonlySet<string>;
  /** Something in `list()` is different now. */
  readonly onChange: () => void;
  readonly now: () => number;
  readonly probeTimeoutMs?: number;
}

/** The agents that can be named, what is known of each, and the way to reach it. Answers at once with what is known; looks again behind. */
export class AgentRegistry implements AsyncDisposable {
  readonly #options: AgentRegistryOptions;
  readonly #end = new AbortController();
  readonly #made = new AsyncDisposableStack();
  /** What the last look has found, by id; survives restarts. */
  readonly #known: Map<string, ProviderSnapshot>;
  readonly #backends = new Map<string, { readonly provider: AgentProvider; readonly backend: AgentBackend }>();
  readonly #programs = new Map<string, { readonly provider: AgentProvider; readonly program: Program }>();
  #configured: ConfiguredProviders;
  #refreshing: Promise<void> | null = null;
  #saving: Promise<void> = Promise.resolve();
  /** When the last look at all of them ended; null: not since the start, or since config.json changed. */
  #lookedAt: number | null;

  private constructor(options: AgentRegistryOptions, known: Map<string, ProviderSnapshot>) {
    this.#options = options;
    this.#known = known;
    this.#configured = readProviders(options);
    this.#lookedAt = oldestOf(this.#configured.providers.map(({ id }) => known.get(id)?.checkedAt));
  }

  /** Has read what an earlier server found; looks at nothing yet. */
  static async start(options: AgentRegistryOptions): Promise<AgentRegistry> {
    return new AgentRegistry(options, await listProviderSnapshots(options.sql));
  }

  /** What is known now, our own agent first; looks again behind when that is old. */
  list(): ProviderSnapshot[] {
    if (this.#lookedAt === null || this.#options.now() - this.#lookedAt > FRESH_MS) void this.refresh();
    const { models, native, host } = this.#options;
    const contained = host.containment !== null;
    const shown = this.#configured.providers.map((provider) =>
      shownSnapshot(this.#known.get(provider.id) ?? emptySnapshot(provider), provider, offeredModels(models, provider.endpoint), contained),
    );
    const rejected = [...this.#configured.rejected].filter(([id]) => id !== native.name).map(([id, reason]) => rejectedSnapshot(id, reason));
    return [nativeSnapshot(native.name, models.list(), contained), ...shown, ...rejected];
  }

  /** Looks at all agents, or joins the look under way. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#lookAtAll().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Takes what config.json says now, and looks at what is new in it. */
  reload(): void {
    const before = new Map(this.#configured.providers.map((provider) => [provider.id, provider]));
    this.#configured = readProviders(this.#options);
    for (const provider of this.#configured.providers) if (!isDeepStrictEqual(before.get(provider.id), provider)) this.#known.delete(provider.id);
    this.#lookedAt = null;
    const underWay = this.#refreshing ?? Promise.resolve(); // it may have begun before: look again after it
    this.#options.onChange();
    void underWay.then(() => this.refresh());
  }

  /** The way to reach an agent. Throws `agent_unavailable` when there is none of this name; whether it is installed is found out when it is opened. */
  backendOf(agent: string): AgentBackend {
    const { native, host, worktreesDir, sql } = this.#options;
    if (agent === native.name) return native;
    const provider = this.#get(agent);
    const known = this.#backends.get(agent);
    if (known !== undefined && isDeepStrictEqual(known.provider, provider)) return known.backend;
    const { backend, end } = makeBackend(provider, {
      host,
      worktreesDir,
      plan: (form) => (options) => this.#plan(provider, form, options),
      claudeStore: claudeSessionStore(sql),
      loadClaudeSdk: async () => loadClaudeSdk(moduleFolders((await this.#place()).folders)),
    });
    this.#made.defer(end); // what was made for an earlier config.json may still run a turn: it ends with the server
    this.#backends.set(agent, { provider, backend });
    return backend;
  }

  /** How it is reached, in one word. */
  transportOf(agent: string): ProviderSnapshot['transport'] {
    return agent === this.#options.native.name ? 'native' : this.#get(agent).transport;
  }

  /** The model of turns that name none, as tasks name it; null: the agent chooses. */
  async defaultModelOf(agent: string): Promise<string | null> {
    if (agent === this.#options.native.name) return this.#options.models.defaultId();
    return standardModel(this.#options.models, this.#find(agent)?.endpoint ?? 'none');
  }

  /** The model server whose hardware a task needs; null: none of ours. */
  laneOf(task: { readonly agent: string; readonly model: string | null }): string | null {
    const { models, native } = this.#options;
    if (task.agent === native.name) return models.serverOf(task.model);
    const endpoint = this.#find(task.agent)?.endpoint ?? 'none';
    const id = task.model ?? offeredModels(models, endpoint).find(({ isDefault }) => isDefault)?.id ?? null;
    return id === null || endpoint === 'none' ? null : models.serverOf(id);
  }

  /** Keeps what an agent has said of itself in a conversation: its modes, and its models where they are not ours. */
  learn(agent: string, info: Partial<AgentInfo>): void {
    const provider = this.#find(agent);
    const known = this.#known.get(agent);
    if (provider === null || known === undefined) return;
    const next = learnedSnapshot(known, provider, info);
    if (!isNews(known, next)) return;
    this.#keep(next);
    this.#options.onChange();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#refreshing;
    await this.#saving;
    await this.#made.disposeAsync();
  }

  #find(agent: string): AgentProvider | null {
    return this.#configured.providers.find(({ id }) => id === agent) ?? null;
  }

  #get(agent: string): AgentProvider {
    const provider = this.#find(agent);
    if (provider !== null) return provider;
    const reason = this.#configured.rejected.get(agent);
    throw new BooError(
      'agent_unavailable',
      reason === undefined
        ? `Cannot start the agent "${agent}": there is no agent of this name; \`boocode agents\` lists them`
        : `Cannot start the agent "${agent}": config.json is wrong about it (${reason}); mend that and start BooCode again`,
    );
  }

  async #plan(provider: AgentProvider, form: AgentForm, options: OpenOptions): Promise<AgentLaunch> {
    const { models, personal, environment } = this.#options;
    const program = form.transport === 'claude-sdk' ? { command: provider.command, args: [] } : await this.#program(provider); // the SDK brings its own
    if (program === null) throw new BooError('agent_unavailable', `Cannot start ${provider.label}: ${notInstalled(provider)}, then send the message again`);
    const standard = options.model === null || provider.endpoint === 'opencode' ? await standardModel(models, provider.endpoint) : null;
    const launch = planLaunch(
      provider,
      form,
      { access: options.access, mode: options.mode, isTrusted: options.isTrusted, model: await this.#choose(provider, options.model, standard) },
      {
        program,
        environment,
        personal,
        home: homeOf(personal),
        servers: provider.endpoint === 'none' ? [] : launchServers(models),
        standard: standard === null ? null : await getServerModel(models, standard),
      },
    );
    if (options.access === 'read-only') await makeFolders(launch.stateFolders);
    return launch;
  }

  /** Where it was found last, as long as it is there: a launch is planned before every prompt. */
  async #program(provider: AgentProvider): Promise<Program | null> {
    const known = this.#programs.get(provider.id);
    if (known !== undefined && known.provider === provider && (await isProgram(known.program.found))) return known.program;
    const program = await findProgram(provider, await this.#place());
    if (program !== null) this.#programs.set(provider.id, { provider, program });
    return program;
  }

  /** One of our servers' models, or one of the agent's own. A name that nobody knows is refused by whoever would have to know it. */
  async #choose(provider: AgentProvider, model: string | null, standard: string | null): Promise<LaunchChoice> {
    const { models } = this.#options;
    const id = model ?? standard;
    if (id === null || provider.endpoint === 'none') return { type: 'own', id };
    const isOwn =
      ownModels(provider, this.#known.get(provider.id) ?? null).some((own) => own.id === id) &&
      !offeredModels(models, provider.endpoint).some((ours) => ours.id === id);
    return isOwn ? { type: 'own', id } : { type: 'server', chosen: await getServerModel(models, id) };
  }

  async #lookAtAll(): Promise<void> {
    const waiting = [...this.#configured.providers];
    const place = await this.#place();
    const lookAtNext = async (): Promise<void> => {
      for (let provider = waiting.shift(); provider !== undefined && !this.#end.signal.aborted; provider = waiting.shift()) {
        this.#take(provider, await probeAgent(provider, place));
      }
    };
    await Promise.all(Array.from({ length: PROBES_AT_ONCE }, lookAtNext));
    this.#lookedAt = this.#options.now();
  }

  async #place(): Promise<ProbePlace> {
    const { environment, personal, host, probeTimeoutMs = PROBE_TIMEOUT_MS } = this.#options;
    const folders = await commandFolders(environment, personal, homeOf(personal));
    return { folders, environment, registry: host.registry, timeoutMs: probeTimeoutMs, signal: this.#end.signal };
  }

  #take(provider: AgentProvider, probe: AgentProbe): void {
    if (this.#end.signal.aborted || !isDeepStrictEqual(this.#find(provider.id), provider)) return; // it is another one by now
    const before = this.#known.get(provider.id);
    const found = foundSnapshot(before ?? emptySnapshot(provider), probe, new Date(this.#options.now()).toISOString());
    const next = { ...found, report: redact(found.report, this.#options.secrets), message: found.message && redact(found.message, this.#options.secrets) };
    this.#keep(next);
    if (before === undefined || isNews(before, next)) this.#options.onChange();
  }

  #keep(snapshot: ProviderSnapshot): void {
    this.#known.set(snapshot.id, snapshot);
    const { sql, log } = this.#options;
    // One after the other: the last one stands.
    this.#saving = this.#saving
      .then(() => saveProviderSnapshot(sql, snapshot))
      .catch((error: unknown) => log.warn({ error, agent: snapshot.id }, 'cannot keep what was found'));
  }
}

function readProviders({ config, personal }: AgentRegistryOptions): ConfiguredProviders {
  const { providers, rejectedProviders } = config();
  const { rejected, ...configured } = configuredProviders(providers, { claudeSdk: personal['CLAUDE_SDK_BACKEND'] === '1' });
  return { ...configured, rejected: new Map([...Object.entries(rejectedProviders), ...rejected]) };
}

/** The person's folder, as their programs see it. */
function homeOf(personal: AgentRegistryOptions['personal']): string {
  const home = personal['HOME'];
  return home === undefined || home === '' ? homedir() : home;
}

/** Null where one is missing. */
function oldestOf(moments: readonly (string | null | undefined)[]): number | null {
  const known = moments.filter((moment) => moment !== null && moment !== undefined);
  return known.length < moments.length ? null : Math.min(...known.map((moment) => Date.parse(moment)));
}

/** A contained agent that may write nothing else can only use folders that are there. */
async function makeFolders(folders: readonly string[]): Promise<void> {
  const wanted = folders.filter((folder) => extname(folder) === '');
  await Promise.all(wanted.map((folder) => mkdir(folder, { recursive: true }).catch(() => undefined))); // the agent says it better
}

/** Whether a person would see a difference. */
function isNews(before: ProviderSnapshot, next: ProviderSnapshot): boolean {
  return !isDeepStrictEqual({ ...next, checkedAt: null, report: '' }, { ...before, checkedAt: null, report: '' });
}
