import type { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { maybe } from '../acp/lenient.ts';
import { type AgentHost, type AgentLaunch, AgentProcess } from '../agent-process.ts';
import type { McpServer, OpenOptions } from '../backend.ts';
import { JsonLines } from '../json-lines.ts';
import type { AgentLine, LineHandlers } from './agent-line.ts';
import { ControlChannel, type ControlRequest } from './control-channel.ts';
import { mapMcpServers } from './dialect.ts';
import { ToolRequest } from './map-permission.ts';

export interface StdioLineOptions {
  readonly label: string;
  /** To be told of when it runs. */
  readonly servers: readonly McpServer[];
  readonly options: OpenOptions;
  readonly handlers: LineHandlers;
}

const ServersTaken = z.looseObject({ errors: maybe(z.record(z.string(), z.string())) });

/** A line to a program over its standard input and output. */
export class StdioLine implements AgentLine {
  readonly gone: Promise<BooError>;
  readonly #process: AgentProcess;
  readonly #control: ControlChannel;

  readonly #servers: readonly McpServer[];

  private constructor(process: AgentProcess, servers: readonly McpServer[], handlers: LineHandlers) {
    const { stdin, stdout } = process.child;
    if (stdin === null) throw new TypeError('an agent was started without a standard input');
    this.#process = process;
    this.#servers = servers;
    this.#control = new ControlChannel(stdin, { onRequest: (request, signal) => answer(request, signal, handlers) });
    const lines = new JsonLines({ onObject: (value) => void (this.#control.receive(value) || handlers.onMessage(value)) });
    stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    stdout.once('end', () => lines.end());
    this.gone = process.crash().then((reason) => {
      this.#control.close(reason);
      return reason;
    });
  }

  static async start(host: AgentHost, launch: AgentLaunch, { label, servers, options, handlers }: StdioLineOptions): Promise<StdioLine> {
    const { cwd, signal, access } = options;
    return new StdioLine(await AgentProcess.start(host, launch, { name: label, cwd, signal, view: { isReadOnly: access === 'read-only' } }), servers, handlers);
  }

  get pid(): number {
    return this.#process.child.pid;
  }

  get lastWords(): string {
    return this.#process.lastWords;
  }

  greet(): Promise<object> {
    return this.#control.request({ subtype: 'initialize' });
  }

  async offerServers(): Promise<readonly string[]> {
    if (this.#servers.length === 0) return [];
    try {
      const { errors } = ServersTaken.parse(await this.#control.request({ subtype: 'mcp_set_servers', servers: mapMcpServers(this.#servers) }));
      return Object.entries(errors ?? {}).map(([name, reason]) => `${name}: ${reason}`);
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  setMode(mode: string): Promise<object> {
    return this.#control.request({ subtype: 'set_permission_mode', mode });
  }

  setModel(model: string): Promise<object> {
    return this.#control.request({ subtype: 'set_model', model });
  }

  interrupt(): Promise<object> {
    return this.#control.request({ subtype: 'interrupt' });
  }

  send(message: object): void {
    this.#control.send(message);
  }

  watchTurn(): () => Promise<void> {
    return this.#process.watchTurn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.gone;
  }
}

async function answer(request: ControlRequest, signal: AbortSignal, handlers: LineHandlers): Promise<object | null> {
  if (request.subtype !== 'can_use_tool') return null;
  const parsed = ToolRequest.safeParse(request);
  return parsed.success ? handlers.onToolRequest(parsed.data, signal) : null;
}
