import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { ChildProcess, type Exit } from '@boocode/processes/child-process.ts';
import type { View } from '@boocode/processes/containment.ts';
import { isInside } from '@boocode/tools/confine-path.ts';
import type { AgentHost } from '../agent-process.ts';
import type { NewTerminalParams } from './acp-wire.ts';
import type { TerminalText } from './map-acp-update.ts';
import { INTERNAL_ERROR, RpcError } from './json-rpc-peer.ts';

const MAX_CHARS = 1_024 * 1_024;

export interface TerminalPlace {
  readonly host: AgentHost;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly view: View;
  readonly signal: AbortSignal;
  readonly onOutput: (terminalId: string, delta: string) => void;
}

interface Terminal {
  readonly child: ChildProcess;
  readonly limit: number;
  text: string;
  isTruncated: boolean;
  exit: Exit | null;
}

/** The commands that an agent runs through us. Each ends with its release, with a cancelled turn, or with the agent. */
export class ClientTerminals implements AsyncDisposable {
  readonly #terminals = new Map<string, Terminal>();
  #lastId = 0;

  get isBusy(): boolean {
    return [...this.#terminals.values()].some(({ exit }) => exit === null);
  }

  async create(params: NewTerminalParams, place: TerminalPlace): Promise<string> {
    const [command, ...args] = commandOf(params);
    const child = await ChildProcess.start({
      command,
      args,
      cwd: await confineFolder(params.cwd ?? place.cwd, place.cwd),
      env: { ...place.env, ...Object.fromEntries((params.env ?? []).map(({ name, value }) => [name, value])) },
      registry: place.host.registry,
      containment: place.host.containment,
      view: place.view,
      signal: place.signal,
      stdin: 'ignore',
    });
    const id = `terminal-${(this.#lastId += 1)}`;
    const terminal: Terminal = { child, limit: Math.min(params.outputByteLimit ?? MAX_CHARS, MAX_CHARS), text: '', isTruncated: false, exit: null };
    this.#terminals.set(id, terminal);
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (chunk: Buffer) => {
        const delta = decoder.write(chunk);
        keep(terminal, delta);
        place.onOutput(id, delta);
      });
    }
    void child.exited.then((exit) => (terminal.exit = exit));
    return id;
  }

  /** What it has shown until now, also after its release. */
  shown(id: string): TerminalText {
    const terminal = this.#terminals.get(id);
    return { text: terminal?.text ?? '', exitCode: terminal?.exit?.code ?? null };
  }

  output(id: string): object {
    const { text, isTruncated, exit } = this.#get(id);
    return { output: text, truncated: isTruncated, exitStatus: exit === null ? null : { exitCode: exit.code, signal: exit.signal } };
  }

  async exit(id: string): Promise<object> {
    const { code, signal } = await this.#get(id).child.exited;
    return { exitCode: code, signal };
  }

  /** Ends the command; what it has shown stays. */
  async end(id: string): Promise<object> {
    await this.#get(id).child[Symbol.asyncDispose]();
    return {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#terminals.values()].map(({ child }) => child[Symbol.asyncDispose]()));
  }

  #get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) throw new RpcError(INTERNAL_ERROR, `No such terminal: ${id}`);
    return terminal;
  }
}

/** Some agents give a line for the shell where the protocol wants a program. */
function commandOf({ command, args }: NewTerminalParams): [string, ...string[]] {
  const isLine = (args ?? []).length === 0 && /[\s;|&<>$`'"()*?]/.test(command);
  return isLine ? [existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh', '-c', command] : [command, ...(args ?? [])];
}

/** What a person and the access are asked about: the line itself where a shell would run it. */
export function describeCommand({ command, args }: NewTerminalParams): string {
  const given = args ?? [];
  const line = given.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = /(^|\/)(ba|da|z)?sh$/.test(command) && line >= 0 ? given[line + 1] : undefined;
  return script ?? [command, ...given].join(' ');
}

async function confineFolder(folder: string, cwd: string): Promise<string> {
  const real = await realpath(resolve(cwd, folder)).catch(() => null); // not there
  if (real === null || !isInside(await realpath(cwd), real))
    throw new RpcError(INTERNAL_ERROR, `Cannot run a command in "${folder}": it is no folder of the worktree`);
  return real;
}

function keep(terminal: Terminal, delta: string): void {
  const text = terminal.text + delta;
  if (text.length > terminal.limit) terminal.isTruncated = true;
  terminal.text = text.length > terminal.limit ? text.slice(-terminal.limit).replace(/^[\uDC00-\uDFFF]/, '') : text;
}
