import { createInterface } from 'node:readline/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Context } from '../command/context.ts';
import type { Connection } from '../connection/connect.ts';
import { formatChoices, formatQuestion, readAnswer, type TypedAnswer } from './permission-text.ts';

/** Asks the person at the terminal, one question at a time. A question that somebody else answered is withdrawn. */
export class PermissionAsker {
  readonly #context: Context;
  readonly #connection: () => Connection;
  readonly #done: () => void;
  readonly #asked = new Set<string>();
  #current: { readonly id: string; readonly withdraw: AbortController } | null = null;

  /** `done` is called when the terminal is free again. */
  constructor(context: Context, connection: () => Connection, done: () => void) {
    this.#context = context;
    this.#connection = connection;
    this.#done = done;
  }

  get isAsking(): boolean {
    return this.#current !== null;
  }

  /** Takes the questions that are open now. */
  consider(open: readonly Permission[]): void {
    const current = this.#current;
    if (current !== null) {
      if (!open.some((permission) => permission.id === current.id)) current.withdraw.abort();
      return;
    }
    const next = open.find((permission) => !this.#asked.has(permission.id));
    if (next === undefined) return;
    this.#asked.add(next.id);
    const withdraw = new AbortController();
    this.#current = { id: next.id, withdraw };
    void this.#ask(next, withdraw.signal).finally(() => {
      this.#current = null;
      this.#done();
    });
  }

  withdraw(): void {
    this.#current?.withdraw.abort();
  }

  async #ask(permission: Permission, signal: AbortSignal): Promise<void> {
    const { out } = this.#context;
    out.line(formatQuestion(permission, out.width, out.paint));
    const answer = await this.#readAnswer(permission, signal);
    if (answer === null) {
      out.line('  (no longer open)');
      return;
    }
    try {
      const body = { optionId: answer.option.id, ...(answer.note === null ? {} : { note: answer.note }) };
      await this.#connection().api.answerPermission({ params: { id: permission.id }, body });
    } catch (error) {
      // somebody else was first, or the server is away: the turn itself shows what became of it
      this.#context.err.line(error instanceof BooError ? error.message : 'Cannot send the answer: the connection is lost; it is asked again');
      if (!(error instanceof BooError)) this.#asked.delete(permission.id);
    }
  }

  /** Null when the question was withdrawn, or the input has ended. */
  async #readAnswer(permission: Permission, signal: AbortSignal): Promise<TypedAnswer | null> {
    const { input, output } = this.#context;
    const reader = createInterface({ input, output, terminal: true, prompt: `  ${formatChoices(permission)} > ` });
    const close = () => reader.close();
    signal.addEventListener('abort', close);
    reader.on('SIGINT', () => this.#context.interrupt());
    try {
      reader.prompt();
      for await (const line of reader) {
        const answer = readAnswer(line, permission);
        if (answer !== null) return answer;
        reader.prompt();
      }
      return null;
    } finally {
      signal.removeEventListener('abort', close);
      reader.close();
    }
  }
}
