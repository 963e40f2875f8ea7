import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { type AgentHost, type AgentLaunch, AgentProcess, type PlanLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { SessionLife } from '../session-life.ts';
import { withNotify } from '../notify/notify-launch.ts';
import { promptText } from '../prompt-text.ts';
import { commandArgs } from './command-args.ts';
import { LiveTurn } from './live-turn.ts';
import { startConversation } from './map-stream-json.ts';
import { MixedOutput } from './mixed-output.ts';
import { startTerminalProcess } from './terminal-process.ts';

export interface CommandAgent {
  readonly label: string;
  readonly host: AgentHost;
  readonly plan: PlanLaunch;
  /** Whether the command wants a terminal. */
  readonly isTerminal: boolean;
}

/** A command that is run once for each prompt and remembers nothing: every prompt tells it what came before. */
export class CommandSession implements AgentSession {
  readonly resumeToken = null;
  readonly isResumed = false;
  readonly isBusy = false;
  readonly closed: Promise<void>;
  readonly #agent: CommandAgent;
  readonly #options: OpenOptions;
  readonly #life: SessionLife;
  #pid: number | null = null;

  constructor(agent: CommandAgent, options: OpenOptions) {
    this.#agent = agent;
    this.#options = options;
    this.#life = new SessionLife(options.signal);
    this.closed = this.#life.closed;
  }

  get pid(): number | null {
    return this.#pid;
  }

  async *prompt(prompt: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const left = new AbortController();
    const stop = AbortSignal.any([signal, this.#life.signal, left.signal]);
    const turn = new LiveTurn(prompt, stop, startConversation(false), { agent: this.#agent.label, isUsageOfTurn: true });
    const done = this.#run(turn, stop);
    try {
      yield* turn.events();
    } finally {
      left.abort();
      await done;
    }
    const { outcome, failure } = turn.ending ?? { outcome: 'cancelled' as const, failure: null };
    yield signal.aborted ? { type: 'ended', outcome: 'cancelled', failure: null } : { type: 'ended', outcome, failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.end();
  }

  async #run(turn: LiveTurn, stop: AbortSignal): Promise<void> {
    const { prompt } = turn;
    try {
      const { model, mode, access } = prompt;
      const launch = withNotify(await this.#agent.plan({ ...this.#options, model, mode, access }), this.#options.notify);
      const args = commandArgs(launch.args, promptText(prompt, false));
      this.#sayHowFree(turn);
      turn.push({ type: 'activity', activity: { phase: 'starting', detail: null } });
      await this.#execute({ ...launch, args }, turn, stop);
    } catch (error) {
      const reason = error instanceof BooError ? error : new BooError('internal', `Cannot run ${this.#agent.label}: ${String(error)}`);
      turn.end(stop.aborted ? 'cancelled' : 'failed', stop.aborted ? null : { code: reason.code, message: reason.message });
    } finally {
      this.#pid = null;
    }
  }

  /** Such a command cannot ask. Where the person wanted to be asked, that must be known. */
  #sayHowFree(turn: LiveTurn): void {
    const { access } = turn.prompt;
    if (access === 'full' || (access === 'read-only' && this.#agent.host.containment !== null)) return;
    const text = `${this.#agent.label} is a plain command: it cannot ask, and does what its own settings allow.`;
    turn.push({ type: 'notice', level: 'warning', code: 'cannot_ask', text });
  }

  async #execute(launch: AgentLaunch, turn: LiveTurn, stop: AbortSignal): Promise<void> {
    const { label, host, isTerminal } = this.#agent;
    const output = new MixedOutput({ onMessage: (message) => turn.receive(message), onText: (text) => turn.push({ type: 'text', delta: text }) }, isTerminal);
    const place = { cwd: this.#options.cwd, view: { isReadOnly: turn.prompt.access === 'read-only' }, signal: stop };
    if (isTerminal) {
      const terminal = await startTerminalProcess(host, launch, { ...place, onData: (chunk) => output.push(chunk) });
      this.#pid = terminal.pid;
      const { code } = await terminal.exited;
      output.end();
      return this.#finish(turn, code, '');
    }
    await using process = await AgentProcess.start(host, launch, { name: label, ...place });
    this.#pid = process.child.pid;
    process.child.stdin?.end();
    process.child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    const { code } = await process.child.exited;
    output.end();
    this.#finish(turn, code, process.lastWords);
  }

  #finish(turn: LiveTurn, code: number | null, lastWords: string): void {
    if (code === 0) return turn.end('completed', null);
    const how = code === null ? 'it was ended by a signal' : `it ended with status ${code}`;
    turn.end('failed', {
      code: 'agent_crashed',
      message: `Cannot go on with ${this.#agent.label}: ${how}${lastWords}; send the message again to start it anew`,
    });
  }
}
