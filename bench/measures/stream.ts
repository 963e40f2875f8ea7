import { type Bench, type Measure, openProject, startBooCode, startRelay } from '../bench.ts';
import { atMost, compared, type Figure, figure, ratioAtLeast, ratioAtMost } from '../figure.ts';
import type { Contestant } from '../live-chat.ts';
import { cpuMs, cpuMsOfTree } from '../process-usage.ts';
import { median, percentile } from '../statistics.ts';
import { findTokenFault, latencies, readTokens } from '../tokens.ts';

const PACED = { rounds: 2, tokens: 1_000, perSecond: 200 };
const UNLIMITED = { rounds: 4, tokens: 40_000 };

/** One chat alone: how late a token is, how many go through, and what they cost. */
export const stream: Measure = {
  name: 'stream',
  title: `One stream: ${PACED.rounds} x ${PACED.tokens} tokens at ${PACED.perSecond}/s, ${UNLIMITED.rounds} x ${UNLIMITED.tokens} unlimited`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    await using server = await startBooCode(bench);
    await using relay = await startRelay(bench);
    const ours = server.contestant(await openProject(bench, server), 'read-only');
    const both = { ours: new Runs(ours), relay: new Runs(relay) };
    const { database } = await server.api.status();
    for (const runs of [both.relay, both.ours]) await runs.warmUp();
    const before = database.pid === null ? 0 : cpuMsOfTree(database.pid);
    for (let round = 0; round < PACED.rounds; round++) for (const runs of [both.relay, both.ours]) await runs.runPaced();
    const after = database.pid === null ? 0 : cpuMsOfTree(database.pid);
    for (let round = 0; round < UNLIMITED.rounds; round++) for (const runs of [both.relay, both.ours]) await runs.runUnlimited();
    const { ours: a, relay: b } = both;
    return [
      compared('200 tokens/s, model server to client, p50', percentile(a.latencies, 0.5), percentile(b.latencies, 0.5), 'ms', atMost(12)),
      compared('200 tokens/s, model server to client, p99', percentile(a.latencies, 0.99), percentile(b.latencies, 0.99), 'ms', atMost(40)),
      compared('200 tokens/s, CPU per 1,000 tokens', median(a.pacedCpu), median(b.pacedCpu), 'ms', ratioAtMost(1.9)),
      figure('200 tokens/s, CPU of PostgreSQL per 1,000 tokens', ((after - before) * 1_000) / (PACED.rounds * PACED.tokens), 'ms'),
      compared('unlimited, tokens per second from the prompt to the last token', median(a.speeds), median(b.speeds), '/s', ratioAtLeast(0.6)),
      compared('unlimited, CPU per 1,000 tokens', median(a.freeCpu), median(b.freeCpu), 'ms', ratioAtMost(1.9)),
    ];
  },
};

/** What one contestant did, round after round. */
class Runs {
  readonly latencies: number[] = [];
  readonly pacedCpu: number[] = [];
  readonly freeCpu: number[] = [];
  readonly speeds: number[] = [];
  readonly #contestant: Contestant;

  constructor(contestant: Contestant) {
    this.#contestant = contestant;
  }

  async warmUp(): Promise<void> {
    await using chat = await this.#contestant.openChat();
    await chat.ask('demo: stream 5000 tokens');
    await chat.ask('demo: stream 100 tokens at 200 per second stamped');
  }

  async runPaced(): Promise<void> {
    await using chat = await this.#contestant.openChat();
    const before = cpuMs(this.#contestant.pid);
    const { pieces } = await chat.ask(`demo: stream ${PACED.tokens} tokens at ${PACED.perSecond} per second stamped`);
    this.pacedCpu.push(((cpuMs(this.#contestant.pid) - before) * 1_000) / PACED.tokens);
    const fault = findTokenFault(pieces.map((piece) => piece.text).join(''), PACED.tokens);
    if (fault !== null) throw new Error(`Cannot trust the stream: ${fault}`);
    this.latencies.push(...latencies(readTokens(pieces)));
  }

  async runUnlimited(): Promise<void> {
    await using chat = await this.#contestant.openChat();
    const before = cpuMs(this.#contestant.pid);
    const { sentAt, pieces } = await chat.ask(`demo: stream ${UNLIMITED.tokens} tokens`);
    this.freeCpu.push(((cpuMs(this.#contestant.pid) - before) * 1_000) / UNLIMITED.tokens);
    const text = pieces.map((piece) => piece.text).join('');
    if (text !== Array.from({ length: UNLIMITED.tokens }, (_, index) => `${index} `).join(''))
      throw new Error('Cannot trust the stream: the text is not what the model said');
    this.speeds.push((UNLIMITED.tokens * 1_000) / ((pieces.at(-1)?.at ?? Number.NaN) - sentAt));
  }
}
