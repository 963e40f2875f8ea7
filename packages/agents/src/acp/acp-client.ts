import * as z from 'zod/mini';
import { shownPath } from '../agent-paths.ts';
import type { AgentHost } from '../agent-process.ts';
import type { OpenOptions } from '../backend.ts';
import type { AcpTurn } from './acp-turn.ts';
import { ElicitationParams, NewTerminalParams, PermissionParams, ReadFileParams, TerminalParams, WriteFileParams } from './acp-wire.ts';
import { readForAgent, writeForAgent } from './client-files.ts';
import { ClientTerminals, describeCommand } from './client-terminals.ts';
import { INTERNAL_ERROR, METHOD_NOT_FOUND, RpcError } from './json-rpc-peer.ts';

const INVALID_PARAMS = -32602;

export interface RunningTurn {
  readonly turn: AcpTurn;
  readonly signal: AbortSignal;
}

export interface ClientPlace {
  readonly host: AgentHost;
  readonly open: OpenOptions;
  /** The environment of what the agent runs through us. */
  readonly env: () => Readonly<Record<string, string>>;
}

/** What an agent asks of us: leave, answers, files and commands. All but reading needs a turn, whose access it obeys. */
export class AcpClient {
  readonly terminals = new ClientTerminals();
  readonly #place: ClientPlace;

  constructor(place: ClientPlace) {
    this.#place = place;
  }

  /** Answers a request, or rejects with an `RpcError`. `running` null: no prompt runs. */
  async answer(method: string, params: unknown, running: RunningTurn | null, requestSignal: AbortSignal): Promise<unknown> {
    const signal = running === null ? requestSignal : AbortSignal.any([requestSignal, running.signal]);
    switch (method) {
      case 'session/request_permission':
        return running === null ? { outcome: { outcome: 'cancelled' } } : running.turn.permission(parse(PermissionParams, params), signal);
      case 'elicitation/create':
        return running === null ? { action: 'cancel' } : running.turn.elicit(parse(ElicitationParams, params), signal);
      case 'fs/read_text_file': {
        const { path, line, limit } = parse(ReadFileParams, params);
        return { content: await readForAgent(path, { line: line ?? null, limit: limit ?? null }, this.#place.open) };
      }
      case 'fs/write_text_file':
        return this.#write(parse(WriteFileParams, params), get(running), signal);
      case 'terminal/create':
        return this.#run(parse(NewTerminalParams, params), get(running), signal);
      case 'terminal/output':
        return this.terminals.output(parse(TerminalParams, params).terminalId);
      case 'terminal/wait_for_exit':
        return this.terminals.exit(parse(TerminalParams, params).terminalId);
      case 'terminal/kill':
      case 'terminal/release':
        return this.terminals.end(parse(TerminalParams, params).terminalId);
      default:
        throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${method}`);
    }
  }

  async #write({ path, content }: z.infer<typeof WriteFileParams>, { turn }: RunningTurn, signal: AbortSignal): Promise<object> {
    const { open } = this.#place;
    await writeForAgent(path, content, open, (absolute) =>
      turn.mayDo({ kind: 'edit', title: 'Change this file?', subject: shownPath(absolute, open.cwd), paths: [absolute] }, absolute, signal),
    );
    return {};
  }

  async #run(params: NewTerminalParams, { turn }: RunningTurn, signal: AbortSignal): Promise<object> {
    const { host, open, env } = this.#place;
    const command = describeCommand(params);
    await turn.mayDo({ kind: 'execute', title: 'Run this command?', subject: command, paths: [] }, command, signal);
    signal.throwIfAborted();
    const terminalId = await this.terminals.create(params, {
      host,
      cwd: open.cwd,
      env: env(),
      view: { isReadOnly: open.access === 'read-only' },
      signal: open.signal,
      onOutput: (id, delta) => turn.terminalOutput(id, delta),
    });
    return { terminalId };
  }
}

function get(running: RunningTurn | null): RunningTurn {
  if (running === null) throw new RpcError(INTERNAL_ERROR, 'No prompt runs');
  return running;
}

function parse<S extends z.ZodMiniType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new RpcError(INVALID_PARAMS, `Invalid params: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
