import { fileURLToPath } from 'node:url';
import { preciseNow } from '../clock.ts';
import { sendHttp } from '../http.ts';
import { type Contestant, type LiveChat, type SeenTurn, TurnCollector } from '../live-chat.ts';
import { Program, type ProgramOptions } from '../program.ts';
import { WebSocketClient } from '../web-socket.ts';

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The raw relay as a process of its own. */
export class Relay implements Contestant {
  readonly #program: Program;
  #chats = 0;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(modelUrl: string, options: ProgramOptions): Promise<Relay> {
    return new Relay(await Program.start([PROGRAM, '--model', modelUrl], options));
  }

  get pid(): number {
    return this.#program.pid;
  }

  get url(): string {
    return this.#program.firstLine;
  }

  async openChat(): Promise<LiveChat> {
    const path = `${this.url}/chats/${this.#chats++}`;
    const collector = new TurnCollector((frame) => frame === '{"type":"ended"}');
    const socket = await WebSocketClient.connect(path, { headers: {}, now: preciseNow, onText: (text, at) => collector.take(text, at) });
    void socket.closed.then(() => collector.fail());
    return {
      async ask(text): Promise<SeenTurn> {
        const { sentAt, frames } = await collector.collect(() => sendHttp({ url: path, method: 'POST', body: { text } }));
        return { sentAt, frames, pieces: frames.flatMap((frame) => ({ text: deltaOf(frame.text), at: frame.at })) };
      },
      [Symbol.asyncDispose]: () => socket.close(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}

function deltaOf(frame: string): string {
  const { delta } = parseToken(frame);
  return delta ?? '';
}

/** The relay's own frames, made in this folder. */
function parseToken(frame: string): { readonly delta?: string } {
  return JSON.parse(frame) as { delta?: string };
}
