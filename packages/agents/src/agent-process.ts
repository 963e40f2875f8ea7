import { BooError } from '@boocode/contracts/error-code.ts';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import type { Containment, View } from '@boocode/processes/containment.ts';
import { endProcesses } from '@boocode/processes/end-processes.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { isBornAfter, momentNow } from '@boocode/processes/process-table.ts';
import type { OpenOptions } from './backend.ts';

const GRACE_MS = 2_000;
const TAIL_LINES = 6;

/** How an agent is started, as its provider has worked it out for one conversation. */
export interface AgentLaunch {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What the agent itself calls the model, to be chosen over its protocol; null where the environment or nobody chooses. */
  readonly model: string | null;
  /** The agent's own mode for what may be done without asking; null where it has none that fits. */
  readonly mode: string | null;
  /** Folders in which it keeps its own state, for one that may write nothing else. */
  readonly stateFolders: readonly string[];
}

/** Works out how an agent is started. Rejects with `agent_unavailable` and what to do: not installed, not signed in, not without trust. */
export type PlanLaunch = (options: OpenOptions) => Promise<AgentLaunch>;

/** What every backend that starts a program is made with. */
export interface AgentHost {
  readonly registry: ProcessRegistry | null;
  /** Null: nothing keeps an agent from this server's own files. */
  readonly containment: Containment | null;
}

/** The same for two launches only when a process of the one can serve the other. */
export function launchFingerprint(launch: AgentLaunch, options: OpenOptions): string {
  const { command, args, env, stateFolders } = launch;
  const { cwd, isTrusted, mcpServers, access } = options;
  return JSON.stringify([command, args, env, stateFolders, cwd, isTrusted, mcpServers, access === 'read-only']);
}

/** A running agent: its process group, and what of it belongs to a turn. */
export class AgentProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #name: string;

  private constructor(child: ChildProcess, name: string) {
    this.child = child;
    this.#name = name;
  }

  /** Rejects with `agent_unavailable` when the program is not there. `signal` ends the agent. */
  static async start(host: AgentHost, launch: AgentLaunch, where: { name: string; cwd: string; view: View; signal: AbortSignal }): Promise<AgentProcess> {
    const { cwd, view, signal, name } = where;
    const { command, args, env } = launch;
    const child = await ChildProcess.start({
      command,
      args,
      cwd,
      env: { ...env },
      registry: host.registry,
      containment: host.containment,
      view: { ...view, writable: launch.stateFolders },
      signal,
    });
    return new AgentProcess(child, name);
  }

  /**
   * To be called as a turn begins. The returned function ends what the agent has started since, and nothing else: what a cancelled turn leaves behind,
   * but not the agent and not its MCP servers.
   */
  watchTurn(): () => Promise<void> {
    const began = momentNow();
    return async () => {
      const born = this.child.family().filter((one) => isBornAfter(one, began));
      await endProcesses({ groups: [], marks: [], processes: born, graceMs: GRACE_MS });
    };
  }

  /** Why the agent is gone, with the last that it said on stderr. Resolves when it is. */
  async crash(): Promise<BooError> {
    const { code, signal } = await this.child.exited;
    const how = signal === null ? `it ended with status ${code ?? 0}` : `it was ended by ${signal}`;
    return new BooError('agent_crashed', `Cannot go on with ${this.#name}: ${how}${this.lastWords}; send the message again to start it anew`);
  }

  /** The end of what it said on stderr, as a part of a sentence; empty where it said nothing. */
  get lastWords(): string {
    const lines = this.child.stderrTail.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 ? '' : `, and said: ${lines.slice(-TAIL_LINES).join(' | ').slice(-600)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
  }
}
