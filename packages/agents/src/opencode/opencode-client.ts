import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import type { McpServer } from '../backend.ts';
import { listOf } from '../acp/lenient.ts';
import {
  WireAgents,
  WireCommands,
  WireMessages,
  WirePermission,
  WireProviders,
  WireQuestion,
  type WireRule,
  WireSession,
  type WireStatus,
  WireStatuses,
} from './opencode-wire.ts';

const REQUEST_MS = 30_000;
/** As many messages as one turn is expected to have at most. */
const LAST_MESSAGES = 200;

export interface PromptBody {
  readonly messageID: string;
  readonly model: { readonly providerID: string; readonly modelID: string } | null;
  readonly agent: string | null;
  readonly text: string;
}

/** The HTTP interface of one server, as far as it is used. Every call rejects with a BooError when the server does not do it. */
export class OpencodeClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;
  readonly #name: string;

  /** `signal` aborts when the server is gone. */
  constructor(options: { readonly url: string; readonly password: string; readonly name: string; readonly signal: AbortSignal }) {
    this.#url = options.url;
    this.#name = options.name;
    this.#headers = { authorization: `Basic ${Buffer.from(`opencode:${options.password}`).toString('base64')}` };
    this.#signal = options.signal;
  }

  /** The stream of everything that happens, for all folders. `signal` ends it. */
  async events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await fetch(`${this.#url}/global/event`, { headers: this.#headers, signal: AbortSignal.any([signal, this.#signal]) });
    if (!response.ok || response.body === null) throw await this.#refusal('follow what happens', response);
    return response.body;
  }

  async createSession(directory: string, body: { readonly title: string; readonly permission: readonly WireRule[] }): Promise<WireSession> {
    return z.parse(WireSession, await this.#json('start a session', 'POST', '/session', directory, body));
  }

  /** Null when the server does not know it. */
  async findSession(directory: string, id: string): Promise<WireSession | null> {
    const response = await this.#send('GET', `/session/${encodeURIComponent(id)}`, directory, null);
    if (response.status === 404 || response.status === 400) return null;
    if (!response.ok) throw await this.#refusal('find the session', response);
    const found = WireSession.safeParse(await response.json());
    return found.success ? found.data : null;
  }

  /** Appends rules to those that the session has; the last that fits decides. */
  async addRules(directory: string, id: string, permission: readonly WireRule[]): Promise<void> {
    await this.#json('set what is allowed', 'PATCH', `/session/${id}`, directory, { permission });
  }

  async listMessages(directory: string, id: string): Promise<WireMessages> {
    return z.parse(WireMessages, await this.#json('read the answer', 'GET', `/session/${id}/message?limit=${LAST_MESSAGES}`, directory, null));
  }

  /** What the session does; null: nothing. */
  async findStatus(directory: string, id: string): Promise<WireStatus | null> {
    return z.parse(WireStatuses, await this.#json('read the status', 'GET', '/session/status', directory, null))[id] ?? null;
  }

  async listChildren(directory: string, id: string): Promise<readonly WireSession[]> {
    return z.parse(listOf(WireSession), await this.#json('list the sub-agents', 'GET', `/session/${id}/children`, directory, null));
  }

  /** Resolves when the prompt is accepted, long before it is answered. */
  async prompt(directory: string, id: string, { messageID, model, agent, text }: PromptBody): Promise<void> {
    const parts = [{ type: 'text', text }];
    const body = { messageID, ...(model === null ? {} : { model }), ...(agent === null ? {} : { agent }), parts };
    await this.#json('send the prompt', 'POST', `/session/${id}/prompt_async`, directory, body);
  }

  /** Resolves when the command is answered: the answer comes as events, as that of a prompt. */
  async command(directory: string, id: string, { messageID, model, agent, text }: PromptBody, name: string): Promise<void> {
    const named = model === null ? {} : { model: `${model.providerID}/${model.modelID}` };
    const body = { messageID, ...named, ...(agent === null ? {} : { agent }), command: name, arguments: text };
    await this.#json(`run "/${name}"`, 'POST', `/session/${id}/command`, directory, body, this.#signal);
  }

  async abort(directory: string, id: string, limitMs: number): Promise<void> {
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(limitMs)]);
    await this.#json('stop the turn', 'POST', `/session/${id}/abort`, directory, null, limit);
  }

  async replyPermission(directory: string, id: string, body: { readonly reply: 'once' | 'reject'; readonly message?: string }): Promise<void> {
    await this.#json('answer the request', 'POST', `/permission/${id}/reply`, directory, body);
  }

  async listPermissions(directory: string): Promise<readonly WirePermission[]> {
    return z.parse(listOf(WirePermission), await this.#json('list the requests', 'GET', '/permission', directory, null));
  }

  async replyQuestion(directory: string, id: string, answers: readonly (readonly string[])[]): Promise<void> {
    await this.#json('answer the question', 'POST', `/question/${id}/reply`, directory, { answers });
  }

  async rejectQuestion(directory: string, id: string): Promise<void> {
    await this.#json('dismiss the question', 'POST', `/question/${id}/reject`, directory, null);
  }

  async listQuestions(directory: string): Promise<readonly WireQuestion[]> {
    return z.parse(listOf(WireQuestion), await this.#json('list the questions', 'GET', '/question', directory, null));
  }

  async listAgents(directory: string): Promise<z.infer<typeof WireAgents>> {
    return z.parse(WireAgents, await this.#json('list the agents', 'GET', '/agent', directory, null));
  }

  async listCommands(directory: string): Promise<z.infer<typeof WireCommands>> {
    return z.parse(WireCommands, await this.#json('list the commands', 'GET', '/command', directory, null));
  }

  async listProviders(directory: string): Promise<WireProviders> {
    return z.parse(WireProviders, await this.#json('list the models', 'GET', '/config/providers', directory, null));
  }

  async addMcpServer(directory: string, server: McpServer): Promise<void> {
    const config =
      server.type === 'stdio'
        ? { type: 'local', command: [server.command, ...server.args], environment: server.env, enabled: true }
        : { type: 'remote', url: server.url, headers: server.headers, enabled: true };
    await this.#json(`connect "${server.name}"`, 'POST', '/mcp', directory, { name: server.name, config });
  }

  async #json(what: string, method: string, path: string, directory: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const response = await this.#send(method, path, directory, body, signal);
    if (!response.ok) throw await this.#refusal(what, response);
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }

  async #send(method: string, path: string, directory: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const url = new URL(path, this.#url);
    url.searchParams.set('directory', directory);
    const limit = signal ?? AbortSignal.any([this.#signal, AbortSignal.timeout(REQUEST_MS)]);
    const sent = body === null ? {} : { body: JSON.stringify(body) };
    try {
      return await fetch(url, { method, headers: { ...this.#headers, 'content-type': 'application/json' }, signal: limit, ...sent });
    } catch (cause) {
      throw new BooError('agent_crashed', `Cannot reach ${this.#name}: its server does not answer; send the message again`, { cause });
    }
  }

  async #refusal(what: string, response: Response): Promise<BooError> {
    const said = (await response.text().catch(() => '')).slice(0, 300); // the status alone must do
    return new BooError('agent_crashed', `Cannot ${what}: ${this.#name} answered with status ${response.status}${said === '' ? '' : `: ${said}`}; try again`);
  }
}
