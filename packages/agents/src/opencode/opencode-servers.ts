import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { AgentHost, AgentLaunch } from '../agent-process.ts';
import type { OpenOptions } from '../backend.ts';
import { OpencodeServer, type ServerLimits } from './opencode-server.ts';

/** What keeps opencode from a repository's instructions and skills. From its plugins nothing does: see `findProjectConfig`. */
const IGNORE_PROJECT = { OPENCODE_DISABLE_PROJECT_CONFIG: '1', OPENCODE_DISABLE_EXTERNAL_SKILLS: '1', OPENCODE_DISABLE_CLAUDE_CODE: '1' };

export interface ServersOptions {
  readonly label: string;
  readonly host: AgentHost;
  readonly worktreesDir: string | null;
  /** How long a server that nobody uses is kept. */
  readonly idleMs: number;
  readonly limits: ServerLimits;
}

export interface ServerLease {
  readonly server: OpencodeServer;
  readonly release: () => void;
}

interface Entry {
  readonly started: Promise<OpencodeServer>;
  users: number;
  idle: NodeJS.Timeout | null;
}

/**
 * The servers that run: one for all worktrees of trusted projects; where the system can see to it that nothing is written, one more for read-only turns; and
 * for each worktree of a project without trust one of its own, where the repository brings no settings for opencode.
 */
export class OpencodeServers implements AsyncDisposable {
  readonly #options: ServersOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #end = new AbortController();

  constructor(options: ServersOptions) {
    this.#options = options;
  }

  /** The same for two conversations that one server can serve. */
  key(launch: AgentLaunch, options: OpenOptions): string {
    const { command, args, env, stateFolders } = launch;
    return JSON.stringify([
      command,
      args,
      Object.keys(env)
        .toSorted()
        .map((name) => [name, env[name]]),
      stateFolders,
      options.isTrusted ? null : options.cwd,
      this.#isReadOnly(options),
    ]);
  }

  /** Rejects with `agent_unavailable` when the server cannot start. */
  async acquire(launch: AgentLaunch, options: OpenOptions): Promise<ServerLease> {
    const key = this.key(launch, options);
    const entry = this.#entries.get(key) ?? this.#start(key, launch, options);
    this.#use(entry);
    try {
      const server = await entry.started;
      if (!server.isClosed) return { server, release: () => this.#release(key, entry) };
    } catch (error) {
      this.#release(key, entry);
      throw error;
    }
    this.#forget(key, entry);
    return this.acquire(launch, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(end));
  }

  #isReadOnly({ access }: OpenOptions): boolean {
    return access === 'read-only' && this.#options.host.containment !== null;
  }

  #start(key: string, launch: AgentLaunch, options: OpenOptions): Entry {
    const { label, host, worktreesDir, limits } = this.#options;
    const view = { allWorktrees: options.isTrusted, isReadOnly: this.#isReadOnly(options) };
    const cwd = options.isTrusted ? (worktreesDir ?? homedir()) : options.cwd;
    const where = { name: label, cwd, view, signal: this.#end.signal, limits };
    const env = options.isTrusted ? launch.env : { ...launch.env, ...IGNORE_PROJECT };
    const folders = view.isReadOnly ? launch.stateFolders : [];
    const started = makeFolders(folders).then(() => OpencodeServer.start(host, { ...launch, env }, where));
    const entry: Entry = { started, users: 0, idle: null };
    this.#entries.set(key, entry);
    started.then(
      (server) => server.closed.then(() => this.#forget(key, entry)),
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #use(entry: Entry): void {
    entry.users += 1;
    if (entry.idle !== null) clearTimeout(entry.idle);
    entry.idle = null;
  }

  #release(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0 || this.#entries.get(key) !== entry) return;
    entry.idle = setTimeout(() => {
      this.#forget(key, entry);
      void end(entry);
    }, this.#options.idleMs).unref();
  }

  #forget(key: string, entry: Entry): void {
    if (entry.idle !== null) clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

/** One that may write nothing else cannot make them, and without them it does not start. */
async function makeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await mkdir(folder, { recursive: true });
}

async function end(entry: Entry): Promise<void> {
  if (entry.idle !== null) clearTimeout(entry.idle);
  const server = await entry.started.catch(() => null); // it has not started: nothing to end
  await server?.[Symbol.asyncDispose]();
}
