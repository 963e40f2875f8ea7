import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-chromium.ts';
import { type Bench, type Measure, startBooCode } from '../bench.ts';
import type { BooCode } from '../boocode.ts';
import { atMost, type Figure, figure } from '../figure.ts';
import { fillChats } from './history.ts';
import { median } from '../statistics.ts';

const MESSAGES = 10_000;
const OPENINGS = 5;
const SCROLLS = 240;
const TOKENS_PER_SECOND = 200;
/** Until what is made once (grammars, pools, caches) has been made. */
const SETTLED_MS = 8_000;

/** How long the answer streams: `BENCH_STREAM_SECONDS=600` for the ten minutes of a long one. */
export const STREAM_SECONDS = Number(process.env['BENCH_STREAM_SECONDS'] ?? 20);

/** What the page notes about itself. */
interface Seen {
  readonly dataAt: number | null;
  readonly paintedAt: number | null;
  readonly longest: number;
}

/** A long chat in Chromium: how soon it is there, and that it stays smooth while it is scrolled and while an answer streams into it. */
export const page: Measure = {
  name: 'page',
  title: `A chat of ${MESSAGES.toLocaleString('en')} messages in Chromium, with an answer of ${STREAM_SECONDS} s at ${TOKENS_PER_SECOND} tokens/s`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { sessionId, chats } = await fillChats(bench, 'page-home', [MESSAGES]);
    const [chat] = chats;
    if (chat === undefined) throw new TypeError('a home is filled with the chats it is asked for');
    await using server = await startBooCode(bench, 'page-home');
    const found = await findChromium(process.env);
    const browser = await chromium.launch({ executablePath: found.executablePath, args: [...CHROMIUM_FLAGS], env: { ...process.env, ...found.env } });
    try {
      const open = async (context: BrowserContext) => openChat(context, server, `/sessions/${sessionId}/${chat.id}`);
      const paints: number[] = [];
      for (let opening = 0; opening < OPENINGS; opening++) {
        const context = await browser.newContext(); // nothing remembered: the page is drawn from the data
        paints.push(await firstPaint(await open(context)));
        await context.close();
      }
      const shown = await open(await browser.newContext());
      await firstPaint(shown);
      const scrolling = await longestWhile(shown, () => scrollUp(shown));
      await shown.getByRole('button', { name: 'Go to the end' }).click();
      const streamed = await stream(shown, server, chat.id);
      return [
        figure(`first paint of the newest page after its data, median of ${OPENINGS}`, median(paints), 'ms', atMost(300)),
        figure('first paint of the newest page after its data, worst', Math.max(...paints), 'ms'),
        figure(`longest task while ${SCROLLS} screens are scrolled`, scrolling, 'ms', atMost(100)),
        figure('longest task while an answer streams', streamed.longest, 'ms', atMost(100)),
        figure(`heap of the page ${SETTLED_MS / 1_000} s into the answer`, streamed.heapBefore, 'MB'),
        figure('heap of the page at the end of the answer', streamed.heapAfter, 'MB', atMost(Math.ceil(streamed.heapBefore) + 10)),
      ];
    } finally {
      await browser.close();
    }
  },
};

async function openChat(context: BrowserContext, server: BooCode, path: string): Promise<Page> {
  const opened = await context.newPage();
  await opened.addInitScript(noteWhatHappens);
  const { code } = await server.api.createCode();
  await opened.goto(`${server.url}${path}#code=${code}`);
  return opened;
}

/** Runs in the page: when the chat's data came, when its rows were painted, and tasks that blocked. */
function noteWhatHappens(): void {
  const seen: { dataAt: number | null; paintedAt: number | null; longest: number } = { dataAt: null, paintedAt: null, longest: 0 };
  Object.assign(globalThis, { seen });
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && data.startsWith('{"type":"chat_snapshot"')) seen.dataAt ??= performance.now();
      });
    }
  };
  const look = (): void => {
    if (document.querySelector('[data-row]') === null) return void requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => (seen.paintedAt = performance.now())));
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: 'longtask' });
}

function readSeen(shown: Page): Promise<Seen> {
  return shown.evaluate(() => ({ ...(globalThis as unknown as { seen: Seen }).seen }));
}

async function firstPaint(shown: Page): Promise<number> {
  await shown.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.paintedAt !== null);
  const { dataAt, paintedAt } = await readSeen(shown);
  if (dataAt === null || paintedAt === null) throw new Error('Cannot measure: the page drew rows before it had data');
  return paintedAt - dataAt;
}

async function longestWhile(shown: Page, work: () => Promise<void>): Promise<number> {
  await sleep(1_000); // what opening the page left to do
  await shown.evaluate(() => void ((globalThis as unknown as { seen: { longest: number } }).seen.longest = 0));
  await work();
  return (await readSeen(shown)).longest;
}

function scrollUp(shown: Page): Promise<void> {
  return shown.getByRole('region', { name: 'Conversation' }).evaluate(async (area, steps) => {
    for (let step = 0; step < steps; step++) {
      area.scrollTop -= area.clientHeight;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, SCROLLS);
}

async function stream(shown: Page, server: BooCode, chatId: Parameters<BooCode['api']['sendMessage']>[0]['params']['id']) {
  const heap = { before: 0, after: 0 };
  const longest = await longestWhile(shown, async () => {
    const text = `demo: stream ${STREAM_SECONDS * TOKENS_PER_SECOND} tokens at ${TOKENS_PER_SECOND} per second`;
    await server.api.sendMessage({ params: { id: chatId }, body: { text } });
    await sleep(SETTLED_MS);
    heap.before = await heapOf(shown);
    await shown.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached', timeout: (STREAM_SECONDS + 60) * 1_000 });
  });
  heap.after = await heapOf(shown);
  return { longest, heapBefore: heap.before, heapAfter: heap.after };
}

/** MB, after a collection. */
async function heapOf(shown: Page): Promise<number> {
  const session = await shown.context().newCDPSession(shown);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_000_000;
}
