import type { AgentHost, PlanLaunch } from '../agent-process.ts';
import type { AgentBackend } from '../backend.ts';
import { OpencodeServers } from './opencode-servers.ts';
import { findTrustRefusal, OpencodeSession } from './opencode-session.ts';
import type { OpencodeTurn } from './opencode-turn.ts';

export interface OpencodeBackendOptions {
  readonly name: string;
  readonly label: string;
  readonly host: AgentHost;
  /** Works out how `opencode serve` is started; host and port are added to its arguments. */
  readonly plan: PlanLaunch;
  /** Where the worktrees of all projects are; null: the server works from the person's home. */
  readonly worktreesDir?: string | null;
  /** How long a server that no conversation uses is kept. */
  readonly serverIdleMs?: number;
  readonly serverStartMs?: number;
  /** It sends a sign of life every 10 s. */
  readonly serverSilenceMs?: number;
  readonly settleMs?: number;
  readonly cancelMs?: number;
  /** How often opencode may repeat a request to a model server that fails. */
  readonly retries?: number;
  readonly now?: () => number;
}

/** opencode, reached by its server. Dispose it to end what it has started. */
export function opencodeBackend(options: OpencodeBackendOptions): AgentBackend & AsyncDisposable {
  const { name, label, host, plan } = options;
  const servers = new OpencodeServers({
    label,
    host,
    worktreesDir: options.worktreesDir ?? null,
    idleMs: options.serverIdleMs ?? 5 * 60_000,
    limits: { startMs: options.serverStartMs ?? 60_000, silenceMs: options.serverSilenceMs ?? 35_000 },
  });
  const limits = { settleMs: options.settleMs ?? 1_000, cancelMs: options.cancelMs ?? 5_000, retries: options.retries ?? 4 };
  const running = new Set<OpencodeTurn>();
  return {
    name,
    isWarm: true,
    fingerprint: async (open) => JSON.stringify([servers.key(await plan(open), open), open.cwd, open.mcpServers]),
    open: async (open) => {
      open.signal.throwIfAborted();
      const refusal = await findTrustRefusal(open, label);
      if (refusal !== null) throw refusal;
      const launch = await plan(open);
      const lease = await servers.acquire(launch, open);
      try {
        return await OpencodeSession.open({ label, plan, launch, lease, limits, now: options.now ?? Date.now, running }, open);
      } catch (error) {
        lease.release();
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}
