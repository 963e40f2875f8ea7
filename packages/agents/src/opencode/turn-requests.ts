import { askByAccess } from '../ask-by-access.ts';
import type { Prompt } from '../backend.ts';
import { isAllowedReach, mapAnswer, mapPermission, mapQuestion, type RequestOrigin } from './map-opencode-request.ts';
import type { OpencodeServer } from './opencode-server.ts';
import type { OpencodeEvent, WirePermission, WireQuestion } from './opencode-wire.ts';

const DENIED = 'The person has denied this. Go on without it, or say why it is needed.';

export interface RequestPlace {
  readonly server: OpencodeServer;
  readonly sessionId: string;
  readonly cwd: string;
  readonly allowedReadPaths: readonly string[];
  /** The title of a sub-agent's session; null for the conversation itself. */
  readonly titleOfChild: (sessionId: string) => string | null;
}

interface RequestHooks {
  /** The call of the chat in which a sub-agent works. */
  readonly callOfChild: (sessionId: string) => string | null;
  /** Resolves when the prompt has been taken, and what runs from then on is known to be of this turn. Nothing is allowed before. */
  readonly sent: Promise<void>;
  /** A request could not be answered: opencode would wait for ever. */
  readonly onFailure: (error: unknown) => void;
}

/** The requests of one turn, of the conversation and its sub-agents: each is answered once, as the access says or by the person. */
export class TurnRequests {
  readonly #place: RequestPlace;
  readonly #prompt: Prompt;
  readonly #hooks: RequestHooks;
  readonly #stop = new AbortController();
  /** Those that are being answered, or have been. */
  readonly #asked = new Map<string, AbortController>();

  constructor(place: RequestPlace, prompt: Prompt, hooks: RequestHooks) {
    this.#place = place;
    this.#prompt = prompt;
    this.#hooks = hooks;
  }

  /** What the server says of requests. */
  take(event: Extract<OpencodeEvent, { type: 'permission' | 'question' | 'answered' }>): void {
    switch (event.type) {
      case 'permission':
        return this.#onPermission(event.request);
      case 'question':
        return this.#onQuestion(event.request);
      case 'answered': // by somebody, or it is void
        this.#asked.get(event.requestId)?.abort();
    }
  }

  #onPermission(request: WirePermission): void {
    const { server, cwd, allowedReadPaths } = this.#place;
    void this.#answer(request.id, async (signal) => {
      const answer = isAllowedReach(request, cwd, allowedReadPaths)
        ? { allowed: true, note: null }
        : await askByAccess(this.#prompt, cwd, mapPermission(request, this.#origin(request)), signal);
      await this.#prompt.commit();
      signal.throwIfAborted();
      // What is allowed for good is kept by BooCode, where it can be seen and taken back: opencode itself is told "once".
      await server.client.replyPermission(cwd, request.id, answer.allowed ? { reply: 'once' } : { reply: 'reject', message: answer.note ?? DENIED });
    });
  }

  #onQuestion(request: WireQuestion): void {
    const { server, cwd } = this.#place;
    void this.#answer(request.id, async (signal) => {
      const answers: (readonly string[])[] = [];
      for (const item of request.questions) {
        const answer = mapAnswer(item, await askByAccess(this.#prompt, cwd, mapQuestion(item, this.#origin(request)), signal));
        signal.throwIfAborted();
        if (answer === null) return server.client.rejectQuestion(cwd, request.id);
        answers.push(answer);
      }
      await this.#prompt.commit();
      await server.client.replyQuestion(cwd, request.id, answers);
    });
  }

  /** Requests that were made while the stream was interrupted. */
  async readAll(): Promise<void> {
    const { server, cwd, sessionId, titleOfChild } = this.#place;
    const isOurs = ({ sessionID }: { readonly sessionID: string }): boolean => sessionID === sessionId || titleOfChild(sessionID) !== null;
    try {
      for (const request of (await server.client.listPermissions(cwd)).filter(isOurs)) this.#onPermission(request);
      for (const request of (await server.client.listQuestions(cwd)).filter(isOurs)) this.#onQuestion(request);
    } catch {
      // the server is gone, which is noticed by itself
    }
  }

  /** Nobody is asked any more. */
  stop(): void {
    this.#stop.abort();
  }

  /** opencode keeps the requests of a stopped turn. */
  async dismissAll(): Promise<void> {
    const { server, cwd } = this.#place;
    for (const id of this.#asked.keys()) {
      const reply = id.startsWith('que') ? server.client.rejectQuestion(cwd, id) : server.client.replyPermission(cwd, id, { reply: 'reject' });
      await reply.catch(() => {}); // answered before
    }
  }

  /** One that somebody else has answered, or that belongs to a stopped turn, is let go. */
  async #answer(id: string, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#asked.has(id) || this.#stop.signal.aborted) return;
    const asked = new AbortController();
    this.#asked.set(id, asked);
    const signal = AbortSignal.any([asked.signal, this.#stop.signal]);
    try {
      await this.#hooks.sent;
      await run(signal);
    } catch (error) {
      if (!signal.aborted) this.#hooks.onFailure(error);
    }
  }

  #origin({ sessionID, tool }: WirePermission | WireQuestion): RequestOrigin {
    const { cwd, sessionId, titleOfChild } = this.#place;
    if (sessionID === sessionId) return { cwd, callId: tool?.callID ?? null, subAgent: null };
    return { cwd, callId: this.#hooks.callOfChild(sessionID), subAgent: titleOfChild(sessionID) ?? 'sub-agent' };
  }
}
