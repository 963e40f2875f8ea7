import { basename } from 'node:path';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { AgentLaunch, PlanLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { promptText } from '../prompt-text.ts';
import { childRules, decideRules, endsWithRules } from './access-rules-policy.ts';
import { watchNewborn } from './end-newborn.ts';
import { findProjectConfig } from './find-project-config.ts';
import { findContextSize, mapInfo, splitModel } from './map-opencode-info.ts';
import { newMessageId } from './message-id.ts';
import type { PromptBody } from './opencode-client.ts';
import type { OpencodeServer, SessionListener } from './opencode-server.ts';
import type { ServerLease } from './opencode-servers.ts';
import { OpencodeTurn, type TurnLimits } from './opencode-turn.ts';
import type { OpencodeEvent, WireProviders, WireRule } from './opencode-wire.ts';
import { formatResumeToken, isStale, parseResumeToken, providerFingerprint } from './resume-token.ts';

const UNATTENDED = 'No turn of this chat runs, so nobody can be asked.';

export interface SessionPlace {
  readonly label: string;
  readonly plan: PlanLaunch;
  readonly launch: AgentLaunch;
  readonly lease: ServerLease;
  readonly limits: TurnLimits;
  readonly now: () => number;
  /** How many turns run on the server, in all conversations. */
  readonly running: Set<OpencodeTurn>;
}

/** Why opencode must not work in a folder: what a repository without trust brings would run inside its server. Null: it may. */
export async function findTrustRefusal({ isTrusted, cwd }: OpenOptions, label: string): Promise<BooError | null> {
  const found = isTrusted ? null : await findProjectConfig(cwd);
  if (found === null) return null;
  return new BooError(
    'agent_unavailable',
    `Cannot use ${label} here: the project is not trusted, and what "${found}" names would run inside it; look at it and approve the project's settings, or choose another agent`,
  );
}

/** A conversation of opencode: one session of a server that serves many. It lasts in opencode's own storage. */
export class OpencodeSession implements AgentSession, SessionListener {
  readonly isResumed: boolean;
  readonly closed: Promise<void>;
  readonly #place: SessionPlace;
  readonly #options: OpenOptions;
  readonly #server: OpencodeServer;
  readonly #id: string;
  readonly #closing = Promise.withResolvers<void>();
  /** Sub-agents, each with the title of its session. */
  readonly #children = new Map<string, string>();
  readonly #busyChildren = new Set<string>();
  readonly #stop = new AbortController();
  #rules: readonly WireRule[];
  #provider: string | null = null;
  #hasSpoken = false;
  #turn: OpencodeTurn | null = null;
  #notices: AgentEvent[] = [];
  #info: Promise<Pick<AgentInfo, 'modes' | 'commands' | 'models'> | null> = Promise.resolve(null);
  #providers: WireProviders = { providers: [] };

  private constructor(
    place: SessionPlace,
    options: OpenOptions,
    found: { readonly id: string; readonly isResumed: boolean; readonly rules: readonly WireRule[] },
  ) {
    this.#place = place;
    this.#options = options;
    this.#server = place.lease.server;
    this.#id = found.id;
    this.#rules = found.rules;
    this.isResumed = found.isResumed;
    this.closed = Promise.race([this.#closing.promise, this.#server.closed]);
  }

  /** The session that the resume token names, where it still is one of this folder and of the same model provider; else another one. */
  static async open(place: SessionPlace, options: OpenOptions): Promise<OpencodeSession> {
    const { client } = place.lease.server;
    const token = options.resumeToken === null ? null : parseResumeToken(options.resumeToken);
    const known = token === null || isStale(token, place.launch) ? null : await client.findSession(options.cwd, token.sessionId);
    const rules = decideRules(options.access, options.mode ?? place.launch.mode, options.allowedReadPaths);
    const isOurs = known !== null && known.directory === options.cwd;
    const session = isOurs ? known : await client.createSession(options.cwd, { title: `BooCode: ${basename(options.cwd)}`, permission: rules });
    const opened = new OpencodeSession(place, options, { id: session.id, isResumed: isOurs, rules: isOurs ? session.permission : rules });
    opened.#provider = token !== null && isOurs ? (token.provider?.id ?? null) : null;
    await opened.#begin();
    return opened;
  }

  get resumeToken(): string {
    const fingerprint = this.#provider === null ? null : providerFingerprint(this.#place.launch, this.#provider);
    const provider = this.#provider === null || fingerprint === null ? null : { id: this.#provider, fingerprint };
    return formatResumeToken({ sessionId: this.#id, provider });
  }

  get pid(): number {
    return this.#server.pid;
  }

  get isBusy(): boolean {
    return this.#busyChildren.size > 0;
  }

  prompt(prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent> {
    return this.#run(prompt, AbortSignal.any([signal, this.#stop.signal]));
  }

  onEvent(event: OpencodeEvent): void {
    if (event.sessionId !== this.#id) this.#onChild(event);
    else if (event.type === 'session' && event.session.title != null && !event.session.title.startsWith('BooCode: '))
      this.#options.onInfo({ title: event.session.title });
    if (this.#turn !== null) this.#turn.onEvent(event);
    else this.#refuse(event);
  }

  onGap(): void {
    void this.#readChildren();
    this.#turn?.onGap();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    const turn = this.#turn;
    if (turn !== null) await turn.over;
    if (this.isBusy) await this.#server.client.abort(this.#options.cwd, this.#id, this.#place.limits.cancelMs).catch(() => {}); // it is gone
    this.#server.detach(this);
    this.#place.lease.release();
    this.#closing.resolve();
  }

  async #begin(): Promise<void> {
    const { cwd, mcpServers, signal, onInfo } = this.#options;
    const { client } = this.#server;
    this.#server.attach(this.#id, this);
    void this.#server.closed.then(() => this.#onCrash());
    for (const server of mcpServers) {
      await client.addMcpServer(cwd, server).catch((error: unknown) => {
        const text = `The MCP server "${server.name}" cannot be used: ${error instanceof Error ? error.message : String(error)}`;
        this.#notices.push({ type: 'notice', level: 'warning', code: 'mcp_failed', text });
      });
    }
    this.#info = Promise.all([client.listAgents(cwd), client.listCommands(cwd), client.listProviders(cwd)])
      .then(([agents, commands, providers]) => {
        this.#providers = providers;
        return mapInfo({ agents, commands, providers });
      })
      .catch(() => null); // it only offers less
    void this.#info.then((info) => info !== null && !this.#stop.signal.aborted && onInfo(info));
    signal.addEventListener('abort', () => void this[Symbol.asyncDispose](), { once: true, signal: this.#stop.signal });
    if (signal.aborted) await this[Symbol.asyncDispose]();
  }

  async *#run(prompt: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const failure = await this.#whyNot(signal);
    if (failure !== null) {
      yield failure;
      return;
    }
    const { label, limits, now, running } = this.#place;
    const { cwd, allowedReadPaths } = this.#options;
    const messageId = newMessageId(now());
    let model: string | null = null;
    let endNewborn = async (): Promise<void> => {};
    const turn: OpencodeTurn = new OpencodeTurn(
      {
        server: this.#server,
        name: label,
        sessionId: this.#id,
        cwd,
        allowedReadPaths,
        limits,
        now,
        contextSize: () => findContextSize(this.#providers, model),
        titleOfChild: (id) => this.#children.get(id) ?? null,
        endNewborn: () => endNewborn(),
      },
      {
        prompt,
        messageId,
        model: () => model,
        notices: this.#notices,
        send: async () => {
          const launch = await this.#launchFor(prompt);
          model = launch.model;
          await this.#allow(prompt, launch.mode);
          await this.#send(turn, prompt, {
            messageID: messageId,
            model: splitModel(model),
            agent: launch.mode,
            text: promptText(prompt, this.isResumed || this.#hasSpoken),
          });
          endNewborn = watchNewborn(this.#server.pid, cwd, () => [...running].every((each) => each === turn)); // after the prompt, which it would delay
          this.#hasSpoken = true;
          this.#provider = splitModel(model)?.providerID ?? null;
        },
      },
      signal,
    );
    this.#notices = [];
    this.#turn = turn;
    running.add(turn);
    try {
      yield* turn.run();
    } finally {
      running.delete(turn);
      this.#turn = null;
    }
  }

  async #whyNot(signal: AbortSignal): Promise<AgentEvent | null> {
    if (signal.aborted) return { type: 'ended', outcome: 'cancelled', failure: null };
    if (this.#turn !== null) throw new TypeError('a conversation runs one prompt at a time');
    const reason = this.#server.isClosed ? await this.#server.crash() : await findTrustRefusal(this.#options, this.#place.label);
    return reason === null ? null : { type: 'ended', outcome: 'failed', failure: { code: reason.code, message: reason.message } };
  }

  /** A prompt may name another model or mode than the conversation was opened with. */
  async #launchFor({ model, mode, access }: Prompt): Promise<AgentLaunch> {
    const options = this.#options;
    if (model === options.model && mode === options.mode && access === options.access) return this.#place.launch;
    return this.#place.plan({ ...options, model, mode, access });
  }

  /** Sets what this turn may do without a question, where it differs from what holds. */
  async #allow({ access }: Prompt, mode: string | null): Promise<void> {
    const rules = decideRules(access, mode, this.#options.allowedReadPaths);
    if (endsWithRules(this.#rules, rules)) return;
    await this.#server.client.addRules(this.#options.cwd, this.#id, rules);
    this.#rules = rules;
  }

  async #send(turn: OpencodeTurn, prompt: Prompt, body: PromptBody): Promise<void> {
    const { client } = this.#server;
    const command = await this.#findCommand(prompt.text);
    if (command === null) return client.prompt(this.#options.cwd, this.#id, body);
    client.command(this.#options.cwd, this.#id, { ...body, text: command.rest }, command.name).catch((error: unknown) => turn.onSendFailure(error));
  }

  async #findCommand(text: string): Promise<{ readonly name: string; readonly rest: string } | null> {
    const [, name, rest = ''] = /^\/([^\s/]+)(?:\s+([^]*))?$/.exec(text.trim()) ?? [];
    if (name === undefined) return null;
    const info = await this.#info;
    return info?.commands.some((command) => command.name === name) === true ? { name, rest } : null;
  }

  #onChild(event: OpencodeEvent): void {
    const { sessionId } = event;
    if (event.type === 'session') this.#addChild(sessionId, event.session.title ?? '');
    if (event.type !== 'status') return;
    if (event.status.type === 'idle') this.#busyChildren.delete(sessionId);
    else this.#busyChildren.add(sessionId);
  }

  /** Sub-agents inherit what is denied; what is asked for must be said to them too. */
  #addChild(id: string, title: string): void {
    const isNew = !this.#children.has(id);
    this.#children.set(id, title);
    if (isNew) void this.#server.client.addRules(this.#options.cwd, id, childRules(this.#rules)).catch(() => {}); // the settings of the launch ask too
  }

  async #readChildren(): Promise<void> {
    const { client } = this.#server;
    const { cwd } = this.#options;
    try {
      for (const { id, title } of await client.listChildren(cwd, this.#id)) {
        this.#server.attach(id, this);
        this.#addChild(id, title ?? '');
        const status = await client.findStatus(cwd, id);
        if (status === null || status.type === 'idle') this.#busyChildren.delete(id);
      }
    } catch {
      // the server is gone, which is noticed by itself
    }
  }

  /** Between turns a sub-agent can ask nobody. */
  #refuse(event: OpencodeEvent): void {
    const { client } = this.#server;
    const { cwd } = this.#options;
    const ignore = (): void => {}; // answered before, or the server is gone
    if (event.type === 'permission') client.replyPermission(cwd, event.request.id, { reply: 'reject', message: UNATTENDED }).catch(ignore);
    if (event.type === 'question') client.rejectQuestion(cwd, event.request.id).catch(ignore);
  }

  async #onCrash(): Promise<void> {
    this.#busyChildren.clear();
    this.#turn?.onCrash(await this.#server.crash());
    this.#server.detach(this);
    if (!this.#stop.signal.aborted) this.#place.lease.release();
    this.#stop.abort();
  }
}
