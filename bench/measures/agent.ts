import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { type Bench, type Measure, openProject, startBooCode } from '../bench.ts';
import { preciseNow } from '../clock.ts';
import { atMost, type Figure, figure } from '../figure.ts';
import { percentile } from '../statistics.ts';

const AGENT = fileURLToPath(new URL('../../packages/agents/test/acp/scripted-acp-agent.ts', import.meta.url));
const ARGS = ['--no-warnings', AGENT];
const PROMPTS = 40;
const WARM_UP = 5;
const PAUSE_MS = 40;
const PROMPT = 'Say it.\ndo {"say":"here"}';

/** The next prompt of an agent that is kept ready: from sending it to the first word of the answer, through BooCode and without it. */
export const agent: Measure = {
  name: 'agent',
  title: `Prompt sent to first word of a warm agent over ACP (${PROMPTS} prompts each, in turn)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const home = join(bench.folder, 'agent-home');
    const courier = { transport: 'acp', command: process.execPath, args: ARGS, env: { AGENT_HOME: join(bench.folder, 'courier') } };
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'config.json'), JSON.stringify({ providers: { courier } }));
    await using server = await startBooCode(bench, 'agent-home');
    const projectId = await openProject(bench, server);
    const session = await server.api.createSession({ body: { projectId, agent: 'courier', access: 'full' } });
    await using chat = await server.watch(session.chats[0]!.id);
    await using direct = await DirectAgent.start(bench);
    const times: Record<'through' | 'direct', number[]> = { through: [], direct: [] };
    for (let index = -WARM_UP; index < PROMPTS; index++) {
      const { sentAt, pieces } = await chat.ask(PROMPT);
      await sleep(PAUSE_MS);
      const alone = await direct.ask(PROMPT);
      await sleep(PAUSE_MS);
      if (index < 0) continue;
      times.through.push((pieces[0]?.at ?? Number.NaN) - sentAt);
      times.direct.push(alone);
    }
    const at = (share: number) => [percentile(times.through, share), percentile(times.direct, share)] as const;
    const more = (share: number) => at(share)[0] - at(share)[1];
    return [
      figure('through BooCode, p50', at(0.5)[0], 'ms'),
      figure('driven directly, p50', at(0.5)[1], 'ms'),
      figure('more than directly, p50', more(0.5), 'ms', atMost(15)),
      figure('more than directly, p99', more(0.99), 'ms'),
    ];
  },
};

const Answer = z.object({ id: z.optional(z.int()), method: z.optional(z.string()), result: z.optional(z.unknown()) });

/** The same program on the same kind of pipe, with nothing in between. */
class DirectAgent implements AsyncDisposable {
  readonly #child;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #onUpdate: () => void = () => {};
  #last = 0;
  #sessionId = '';

  private constructor(bench: Bench) {
    this.#child = spawn(process.execPath, ARGS, {
      cwd: bench.folder,
      env: { ...bench.env, AGENT_HOME: join(bench.folder, 'direct') },
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: bench.signal,
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { id, method, result } = Answer.parse(JSON.parse(line));
      if (method === 'session/update') this.#onUpdate();
      else if (id !== undefined) this.#waiting.get(id)?.(result);
    });
  }

  static async start(bench: Bench): Promise<DirectAgent> {
    const direct = new DirectAgent(bench);
    await direct.#request('initialize', { protocolVersion: 1, clientCapabilities: {} });
    const { sessionId } = z.object({ sessionId: z.string() }).parse(await direct.#request('session/new', { cwd: bench.folder, mcpServers: [] }));
    direct.#sessionId = sessionId;
    return direct;
  }

  /** Milliseconds to the first word. */
  async ask(text: string): Promise<number> {
    let first = Number.NaN;
    this.#onUpdate = () => (first = Number.isNaN(first) ? preciseNow() : first);
    const sentAt = preciseNow();
    await this.#request('session/prompt', { sessionId: this.#sessionId, prompt: [{ type: 'text', text }] });
    return first - sentAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
  }

  #request(method: string, params: object): Promise<unknown> {
    const id = (this.#last += 1);
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}
