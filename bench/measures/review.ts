import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-chromium.ts';
import { type Bench, type Measure, openProject, startBooCode } from '../bench.ts';
import type { BooCode } from '../boocode.ts';
import { atMost, type Figure, figure } from '../figure.ts';
import { median } from '../statistics.ts';

const HUNKS = 250;
const HUNK_LINES = 10;
const OPENINGS = 5;
const MARKS = 9;
const SCROLLS = 120;
const FILE = 'src/large.ts';
const LINES = (HUNKS * HUNK_LINES * 2).toLocaleString('en');
/** The change that waits: what was applied before is listed too. */
const LARGE = `[data-change="${FILE}"][data-state="pending"]`;

/** What the page notes about itself. */
interface Seen {
  readonly operableAt: number | null;
  readonly longest: number;
  readonly shift: number;
}

/** A large diff in Chromium: how soon its first hunk can be decided, and that it stays smooth and in place while it is read. */
export const review: Measure = {
  name: 'review',
  title: `A diff of ${LINES} lines in ${HUNKS} hunks in Chromium`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    await using server = await startBooCode(bench, 'review-home');
    const path = await makeChange(bench, server);
    const found = await findChromium(process.env);
    const browser = await chromium.launch({ executablePath: found.executablePath, args: [...CHROMIUM_FLAGS], env: { ...process.env, ...found.env } });
    try {
      const openings: number[] = [];
      for (let opening = 0; opening < OPENINGS; opening++) {
        const context = await browser.newContext(); // nothing remembered
        openings.push(await firstHunk(await openReview(context, server, path)));
        await context.close();
      }
      const shown = await openReview(await browser.newContext(), server, path);
      await firstHunk(shown);
      const unfolds: number[] = [];
      for (let opening = 0; opening < OPENINGS; opening++) unfolds.push(await unfold(shown));
      const marks: number[] = [];
      for (let press = 0; press < MARKS; press++) marks.push(await mark(shown));
      const { longest, shift } = await scroll(shown);
      return [
        figure(`first hunk operable after its data, median of ${OPENINGS}`, median(openings), 'ms', atMost(200)),
        figure('first hunk operable after its data, worst', Math.max(...openings), 'ms'),
        figure(`first hunk operable after the file is unfolded, median of ${OPENINGS}`, median(unfolds), 'ms', atMost(200)),
        figure(`a decision shown after the press, median of ${MARKS}`, median(marks), 'ms', atMost(100)),
        figure(`longest task while ${SCROLLS} screens are scrolled`, longest, 'ms', atMost(100)),
        figure('layout shift while they are scrolled', shift, '', atMost(0.1)),
      ];
    } finally {
      await browser.close();
    }
  },
};

/** A session with one changed file; gives where it is shown. */
async function makeChange(bench: Bench, server: BooCode): Promise<string> {
  const projectId = await openProject(bench, server);
  const { sessionId, chatId } = await server.newSession(projectId, 'full');
  const chat = await server.watch(chatId);
  const line = (at: number, is: string) => `const value${at} = compute(${at}, "${is}", { retries: ${at % 7} });`;
  const text = (is: string) =>
    Array.from({ length: HUNKS * HUNK_LINES * 2 }, (_, at) => line(at, at % (2 * HUNK_LINES) < HUNK_LINES ? 'the same' : is)).join('\n');
  await chat.ask('demo: call write {"path":"first.txt","content":"first"}');
  const { items } = await server.api.listWorktrees({ query: {} });
  const worktree = items.find((item) => item.sessionId === sessionId);
  if (worktree === undefined) throw new Error('Cannot measure: the session has no worktree');
  const write = async (is: string) => {
    writeFileSync(join(worktree.path, FILE), `${text(is)}\n`);
    await chat.ask('demo: call write {"path":"first.txt","content":"again"}');
  };
  await write('before');
  await server.api.applyChanges({ params: { id: sessionId }, body: {} });
  await write('after');
  const { items: changes } = await server.api.listChanges({ params: { id: sessionId }, query: { state: 'pending' } });
  const hunks = changes.find((change) => change.path === FILE)?.hunks.length;
  if (hunks !== HUNKS) throw new Error(`Cannot measure: ${FILE} has ${hunks} hunks instead of ${HUNKS}`);
  return `/sessions/${sessionId}`;
}

async function openReview(context: BrowserContext, server: BooCode, path: string): Promise<Page> {
  const opened = await context.newPage();
  await opened.addInitScript(noteWhatHappens);
  const { code } = await server.api.createCode();
  await opened.goto(`${server.url}${path}#code=${code}`);
  return opened;
}

/** Runs in the page: when the first hunk can be decided, tasks that blocked, and what jumped. */
function noteWhatHappens(): void {
  const seen: { operableAt: number | null; longest: number; shift: number } = { operableAt: null, longest: 0, shift: 0 };
  Object.assign(globalThis, { seen });
  const look = (): void => {
    if (document.querySelector('[data-hunk] button[aria-pressed]:not(:disabled)') === null) return void requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => (seen.operableAt = performance.now())));
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if ('value' in entry && typeof entry.value === 'number') seen.shift += entry.value;
  }).observe({ type: 'layout-shift' });
}

/** From the last byte of the list of changes to the frame after the first hunk can be decided. */
async function firstHunk(shown: Page): Promise<number> {
  await shown.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.operableAt !== null);
  return shown.evaluate(() => {
    const { operableAt } = (globalThis as unknown as { seen: Seen }).seen;
    const [list] = performance.getEntriesByType('resource').filter(({ name }) => /\/sessions\/[^/]+\/changes\?/.test(name));
    if (operableAt === null || !(list instanceof PerformanceResourceTiming)) throw new Error('Cannot measure: the changes were not read');
    return operableAt - list.responseEnd;
  });
}

/** Folds the large file and unfolds it again; from the press to the frame after its first hunk can be decided. */
function unfold(shown: Page): Promise<number> {
  return shown.locator(LARGE).evaluate(async (file) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const toggle = file.querySelector<HTMLButtonElement>('button[aria-expanded]');
    if (toggle?.getAttribute('aria-expanded') === 'true') toggle.click();
    await frame();
    const startedAt = performance.now();
    toggle?.click();
    do await frame();
    while (file.querySelector('[data-hunk] button[aria-pressed]:not(:disabled)') === null);
    return performance.now() - startedAt;
  });
}

/** Accepts the first hunk of the large file, or takes that back; from the press to the frame that shows it. */
function mark(shown: Page): Promise<number> {
  return shown.locator(`${LARGE} [data-hunk="0"] button[aria-pressed]`).evaluate(async (button) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const before = button.getAttribute('aria-pressed');
    const startedAt = performance.now();
    if (button instanceof HTMLElement) button.click();
    do await frame();
    while (button.getAttribute('aria-pressed') === before);
    return performance.now() - startedAt;
  });
}

async function scroll(shown: Page): Promise<Pick<Seen, 'longest' | 'shift'>> {
  return shown.locator(LARGE).evaluate(async (file, steps) => {
    const seen = (globalThis as unknown as { seen: { longest: number; shift: number } }).seen;
    Object.assign(seen, { longest: 0, shift: 0 });
    const area = file.closest('.overflow-y-auto');
    for (let step = 0; step < steps; step++) {
      area?.scrollBy(0, area.clientHeight);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { longest: seen.longest, shift: seen.shift };
  }, SCROLLS);
}
