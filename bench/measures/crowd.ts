import { type Bench, type Measure, openProject, startBooCode, startRelay } from '../bench.ts';
import { textOf, WatchedChat } from '../boocode.ts';
import { atMost, compared, type Figure, figure } from '../figure.ts';
import type { Contestant, LiveChat } from '../live-chat.ts';
import { memoryOf } from '../process-usage.ts';
import { percentile } from '../statistics.ts';
import { findTokenFault, latencies, readTokens } from '../tokens.ts';

const CHATS = 50;
const ROUNDS = 2;
const SECONDS = 6;
const SAMPLE_MS = 200;

interface Crowd {
  readonly latencies: number[];
  rssMb: number;
  faults: number;
  tokens: number;
}

/** Many chats at once, each with its own client, at 20 to 50 tokens a second. */
export const crowd: Measure = {
  name: 'crowd',
  title: `${CHATS} chats at once, 20 to 50 tokens/s each, ${ROUNDS} x ${SECONDS} s`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    await using server = await startBooCode(bench);
    await using relay = await startRelay(bench);
    const ours = server.contestant(await openProject(bench, server), 'read-only');
    const [a, b] = [emptyCrowd(), emptyCrowd()];
    for (let round = 0; round < ROUNDS; round++) {
      await runCrowd(relay, b);
      await runCrowd(ours, a);
    }
    return [
      compared('model server to client, p50', percentile(a.latencies, 0.5), percentile(b.latencies, 0.5), 'ms', atMost(20)),
      compared('model server to client, p99', percentile(a.latencies, 0.99), percentile(b.latencies, 0.99), 'ms', atMost(80)),
      compared('largest RSS of our process', a.rssMb, b.rssMb, 'MB', atMost(200)),
      figure(`chats of ${ROUNDS * CHATS} with a token lost, doubled or reordered (${a.tokens} tokens)`, a.faults, '', atMost(0)),
    ];
  },
};

function emptyCrowd(): Crowd {
  return { latencies: [], rssMb: 0, faults: 0, tokens: 0 };
}

async function runCrowd(contestant: Contestant, result: Crowd): Promise<void> {
  await using open = new AsyncDisposableStack();
  const chats: LiveChat[] = [];
  for (let index = 0; index < CHATS; index++) chats.push(open.use(await contestant.openChat()));
  const sampler = setInterval(() => (result.rssMb = Math.max(result.rssMb, memoryOf(contestant.pid).rssMb)), SAMPLE_MS);
  open.defer(() => clearInterval(sampler));
  await Promise.all(
    chats.map(async (chat, index) => {
      const perSecond = 20 + (index % 4) * 10;
      const count = perSecond * SECONDS;
      const { pieces } = await chat.ask(`demo: stream ${count} tokens at ${perSecond} per second stamped`);
      result.latencies.push(...latencies(readTokens(pieces)));
      result.tokens += count;
      if (findFault(chat, pieces.map((piece) => piece.text).join(''), count) !== null) result.faults += 1;
    }),
  );
}

/** The stream's text, what the fold of all frames shows, and what is stored must be one and the same. */
function findFault(chat: LiveChat, streamed: string, count: number): string | null {
  const fault = findTokenFault(streamed, count);
  if (fault !== null || !(chat instanceof WatchedChat)) return fault;
  const answer = chat.fold().messages.at(-1);
  return answer?.status === 'completed' && textOf(answer) === streamed ? null : 'the folded message differs from the stream';
}
