import { setTimeout as sleep } from 'node:timers/promises';
import { chatChannel } from '@boocode/contracts/frames.ts';
import { type Bench, type Measure, openProject, startBooCode } from '../bench.ts';
import { textOf } from '../boocode.ts';
import { preciseNow } from '../clock.ts';
import { atMost, type Figure, figure } from '../figure.ts';
import { median } from '../statistics.ts';
import { readTokens } from '../tokens.ts';

const ROUNDS = 4;
const STREAM_MS = 1_200;

interface Kill {
  readonly lostMs: number;
  readonly lostTokens: number;
  readonly shownTokens: number;
  readonly healthyMs: number;
  readonly interruptedMs: number;
}

/** `kill -9` in the middle of an answer at 200 tokens a second, and the next start. */
export const kill: Measure = {
  name: 'kill',
  title: `kill -9 in mid-turn (${ROUNDS} times)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const kills: Kill[] = [];
    for (let round = 0; round < ROUNDS; round++) kills.push(await killOnce(bench, STREAM_MS + round * 37));
    const most = (key: keyof Kill): number => Math.max(...kills.map((one) => one[key]));
    return [
      figure('age of the oldest shown text that was lost, worst', most('lostMs'), 'ms', atMost(250)),
      figure(`shown tokens lost, worst (of ${most('shownTokens')})`, most('lostTokens'), ''),
      figure('restart to the first healthy answer, median', median(kills.map((one) => one.healthyMs)), 'ms'),
      figure('restart to the turn shown as interrupted, worst', most('interruptedMs'), 'ms', atMost(2_000)),
    ];
  },
};

async function killOnce(bench: Bench, afterMs: number): Promise<Kill> {
  await using server = await startBooCode(bench);
  const { chatId } = await server.newSession(await openProject(bench, server), 'read-only');
  await using chat = await server.watch(chatId);
  chat.ask('demo: stream 4000 tokens at 200 per second stamped').catch(() => {}); // it never ends: the server is killed
  await sleep(afterMs);
  const killedAt = preciseNow();
  await server.kill();
  const shown = readTokens(chat.piecesSoFar()).filter((token) => token.at <= killedAt);
  if (shown.length === 0) throw new Error('Cannot measure: nothing had been shown when the server was killed');

  const restartedAt = performance.now();
  await using again = await startBooCode(bench);
  const healthyMs = performance.now() - restartedAt;
  await using watched = await again.watch(chatId);
  const answer = watched.fold().messages.at(-1);
  const interruptedMs = performance.now() - restartedAt;
  if (answer?.status !== 'interrupted') throw new Error(`Cannot trust the restart: ${chatChannel(chatId)} shows the turn as ${answer?.status}`);
  const kept = readTokens([{ text: textOf(answer), at: 0 }]).length;
  const lost = shown.slice(kept);
  return { lostMs: lost[0] === undefined ? 0 : killedAt - lost[0].at, lostTokens: lost.length, shownTokens: shown.length, healthyMs, interruptedMs };
}
