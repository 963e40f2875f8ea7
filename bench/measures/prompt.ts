import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from '@boocode/contracts/access.ts';
import * as z from 'zod/mini';
import { type Bench, type Measure, openProject, startBooCode, startRelay } from '../bench.ts';
import { atMost, compared, type Figure, ratioAtMost } from '../figure.ts';
import { sendHttp } from '../http.ts';
import type { LiveChat } from '../live-chat.ts';
import { percentile } from '../statistics.ts';

const ROUNDS = 5;
const WARM_UP_ROUNDS = 3;
const PROMPTS = 12;
/** A person does not send the next prompt while the last turn is being put away. */
const PAUSE_MS = 25;

const Recorded = z.array(z.object({ startedAt: z.number(), body: z.object({ messages: z.array(z.object({ role: z.string(), content: z.unknown() })) }) }));

/** From the moment in which a client sends a prompt to the moment in which the model server has the whole request. */
export const prompt: Measure = {
  name: 'prompt',
  title: `Prompt sent to model request received (${ROUNDS * PROMPTS} prompts each)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    await using server = await startBooCode(bench);
    await using relay = await startRelay(bench);
    const projectId = await openProject(bench, server);
    const { sessionId, chatId } = await server.newSession(projectId, 'edits');
    await askOnce(await server.watch(chatId));
    const inWorktree = async (): Promise<LiveChat> => server.watch((await server.api.createChat({ params: { id: sessionId }, body: { access: 'edits' } })).id);
    const reading = server.contestant(projectId, 'read-only' satisfies Access);

    const times: Record<'relay' | 'reading' | 'inWorktree', number[]> = { relay: [], reading: [], inWorktree: [] };
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (const [name, open] of [
        ['relay', () => relay.openChat()],
        ['reading', () => reading.openChat()],
        ['inWorktree', inWorktree],
      ] as const) {
        const taken = await measureRound(bench, open, `${name}-${round}`);
        if (round >= 0) times[name].push(...taken);
      }
    }
    const rows = (name: string, ours: readonly number[], share: number, goals: Parameters<typeof compared>[4][]): Figure =>
      compared(name, percentile(ours, share), percentile(times.relay, share), 'ms', ...goals);
    return [
      rows('read-only chat, p50', times.reading, 0.5, [atMost(8), ratioAtMost(2.4)]),
      rows('read-only chat, p99', times.reading, 0.99, []),
      rows('session with a worktree, p50', times.inWorktree, 0.5, [atMost(8), ratioAtMost(2.4)]),
      rows('session with a worktree, p99', times.inWorktree, 0.99, []),
    ];
  },
};

async function askOnce(chat: LiveChat): Promise<void> {
  await using opened = chat;
  await opened.ask('demo: say ok');
}

/** The prompts of one fresh chat. */
async function measureRound(bench: Bench, open: () => Promise<LiveChat>, mark: string): Promise<readonly number[]> {
  const sent = new Map<string, number>();
  await using chat = await open();
  for (let index = 0; index < PROMPTS; index++) {
    const text = `prompt ${mark}-${index}\ndemo: say ok`;
    sent.set(text, (await chat.ask(text)).sentAt);
    await sleep(PAUSE_MS);
  }
  const received = Recorded.parse(await sendHttp({ url: `${bench.modelUrl.replace(/\/v1$/, '')}/demo/requests` }));
  const taken = received.flatMap(({ startedAt, body }) => {
    const sentAt = sent.get(lastText(body.messages.at(-1)?.content));
    return sentAt === undefined ? [] : [startedAt - sentAt];
  });
  if (taken.length !== PROMPTS) throw new Error(`Cannot measure: the model server saw ${taken.length} of ${PROMPTS} prompts`);
  return taken;
}

const Content = z.union([z.string(), z.array(z.object({ text: z.string() }))]);

function lastText(content: unknown): string {
  const parsed = Content.parse(content);
  return typeof parsed === 'string' ? parsed : parsed.map((part) => part.text).join('');
}
