import { join } from 'node:path';
import type { Access } from '@boocode/contracts/access.ts';
import { type ApiClient, createApiClient } from '@boocode/contracts/api-client.ts';
import { applyFrame, type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { chatChannel, decodeFrame } from '@boocode/contracts/frames.ts';
import type { ChatId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import * as z from 'zod/mini';
import { preciseNow } from './clock.ts';
import { sendHttp } from './http.ts';
import { type Contestant, type LiveChat, type SeenTurn, TurnCollector } from './live-chat.ts';
import { Program, type ProgramOptions } from './program.ts';
import type { Piece } from './tokens.ts';
import { WebSocketClient } from './web-socket.ts';

/** Those of `npm start`. */
const NODE_FLAGS = ['--max-semi-space-size=4'];
const READY_MS = 10_000;
const LAST = '{"type":"message_complete"';
const FirstLine = z.object({ url: z.string(), token: z.string(), pid: z.int() });

export interface BooCodeOptions extends ProgramOptions {
  /** The folder of the build. */
  readonly dist: string;
  readonly home: string;
}

/** The built server as people run it, in a home of its own. */
export class BooCode implements AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly api: ApiClient;
  readonly #program: Program;

  private constructor(program: Program) {
    const { url, token } = FirstLine.parse(JSON.parse(program.firstLine));
    this.url = url;
    this.token = token;
    this.api = createApiClient({ baseUrl: url, token: () => token });
    this.#program = program;
  }

  /** Resolves when it has answered that it is healthy. */
  static async start({ dist, home, env, ...options }: BooCodeOptions): Promise<BooCode> {
    const args = [...NODE_FLAGS, join(dist, 'boocode.js'), 'serve', '--json', '--no-open', '--port', '0'];
    const server = new BooCode(await Program.start(args, { ...options, env: { ...env, BOOCODE_HOME: home } }));
    await sendHttp({ url: `${server.url}/api/health` });
    return server;
  }

  get pid(): number {
    return this.#program.pid;
  }

  kill(): Promise<void> {
    return this.#program.kill();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }

  async newSession(projectId: ProjectId, access: Access): Promise<{ readonly sessionId: SessionId; readonly chatId: ChatId }> {
    const session = await this.api.createSession({ body: { projectId, access } });
    const [chat] = session.chats;
    if (chat === undefined) throw new TypeError('a session begins with a chat');
    return { sessionId: session.id, chatId: chat.id };
  }

  /** A client on the socket of a chat; resolves when it has the snapshot. */
  async watch(chatId: ChatId): Promise<WatchedChat> {
    return WatchedChat.connect(this, chatId);
  }

  /** What the benchmark holds against the relay: new sessions of one project, with this access. */
  contestant(projectId: ProjectId, access: Access): Contestant {
    return {
      pid: this.pid,
      openChat: async () => this.watch((await this.newSession(projectId, access)).chatId),
      [Symbol.asyncDispose]: async () => {},
    };
  }
}

export class WatchedChat implements LiveChat {
  readonly #server: BooCode;
  readonly #chatId: ChatId;
  readonly #collector = new TurnCollector((frame) => frame.startsWith(LAST));
  readonly #ready = Promise.withResolvers<void>();
  #socket: WebSocketClient | null = null;
  #snapshot: Piece | null = null;

  private constructor(server: BooCode, chatId: ChatId) {
    this.#server = server;
    this.#chatId = chatId;
  }

  static async connect(server: BooCode, chatId: ChatId): Promise<WatchedChat> {
    const chat = new WatchedChat(server, chatId);
    const headers = { authorization: `Bearer ${server.token}` };
    const url = `${server.url}/api/ws`;
    const socket = await WebSocketClient.connect(url, { headers, now: preciseNow, onText: (text, at) => chat.#take(text, at) });
    chat.#socket = socket;
    void socket.closed.then(() => chat.#collector.fail());
    socket.send(JSON.stringify({ type: 'subscribe', channel: chatChannel(chatId) }));
    const late = setTimeout(() => chat.#ready.reject(new Error('Cannot measure: no snapshot of the chat came')), READY_MS);
    await chat.#ready.promise.finally(() => clearTimeout(late));
    return chat;
  }

  async ask(text: string): Promise<SeenTurn> {
    const { url, token } = this.#server;
    const send = () => sendHttp({ url: `${url}/api/chats/${this.#chatId}/messages`, method: 'POST', token, body: { text } });
    const { sentAt, frames } = await this.#collector.collect(send);
    return { sentAt, frames, pieces: piecesOf(frames) };
  }

  /** What a screen would show now: the snapshot and every frame since the last prompt, folded as every client does. */
  fold(): ChatState {
    const frames = [...(this.#snapshot === null ? [] : [this.#snapshot]), ...this.#collector.frames];
    return frames.reduce((state, { text }) => {
      const frame = decodeFrame(text);
      if (frame === null) throw new Error(`Cannot read a frame: ${text.slice(0, 200)}`);
      return applyFrame(state, frame);
    }, EMPTY_CHAT);
  }

  /** The pieces of the running answer so far. */
  piecesSoFar(): readonly Piece[] {
    return piecesOf(this.#collector.frames);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket?.close();
  }

  #take(text: string, at: number): void {
    if (text.startsWith('{"type":"hello"')) return;
    if (!text.startsWith('{"type":"chat_snapshot"')) return this.#collector.take(text, at);
    this.#snapshot = { text, at };
    this.#ready.resolve();
  }
}

/** The text of a message, its parts together. */
export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}

function piecesOf(frames: readonly Piece[]): readonly Piece[] {
  return frames.flatMap(({ text, at }) => {
    const frame = decodeFrame(text);
    return frame?.type === 'chat_event' && frame.event.type === 'text' ? [{ text: frame.event.delta, at }] : [];
  });
}
