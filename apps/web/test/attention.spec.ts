import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type BooCode, describeServer, expect, startServer, stop, test } from './boocode.ts';

interface Watched {
  looksElsewhere: boolean;
  sounds: number;
  readonly calls: { readonly title: string; readonly body: string; readonly path: string }[];
}

/** What the system would show and play; a browser without a screen shows none of it. Also lets a test look elsewhere, which focus in a test never does. */
async function watchCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { looksElsewhere: false, sounds: 0, calls: [] };
    Object.assign(window, { watched });
    Document.prototype.hasFocus = () => !watched.looksElsewhere;
    Object.defineProperty(Notification, 'permission', { get: () => 'granted' }); // without a screen it is always denied
    ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
      const { path }: { path: string } = options?.data ?? { path: '' };
      watched.calls.push({ title, body: options?.body ?? '', path });
    };
    window.AudioContext = class extends AudioContext {
      constructor() {
        super();
        watched.sounds++;
      }
    };
  });
}

const watchedOf = (page: Page) => page.evaluate(() => (window as unknown as { watched: Watched }).watched);
const look = (page: Page, where: 'here' | 'elsewhere') =>
  page.evaluate((place) => void ((window as unknown as { watched: Watched }).watched.looksElsewhere = place === 'elsewhere'), where);

interface Asked {
  readonly sessionId: string;
  readonly chatId: string;
}

/** An agent asks, in a session of its own. */
async function askSomething(boocode: BooCode, command: string): Promise<Asked> {
  const path = await boocode.repository({ 'README.md': '# Harbor\n' });
  const input = ['Look around.', `demo: call shell {"command":"${command}"}`, 'demo: say Seen.'].join('\n');
  return boocode.post<Asked>('/api/tasks', { input, projectPath: path, access: 'ask' });
}

async function chooseInSettings(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Settings' }).click();
  const choice = page.getByRole('switch', { name });
  await expect(choice).not.toBeChecked();
  await choice.press('Space');
  await expect(choice).toBeChecked();
}

test('questions call: silent at first, then by notification and sound, each leading to exactly its question', async ({ page, context }) => {
  test.setTimeout(60_000);
  const root = await mkdtemp(join(tmpdir(), 'boocode-attention-'));
  const server = await startServer(join(root, 'home'));
  try {
    const boocode = describeServer(server, root);
    await context.grantPermissions(['notifications'], { origin: boocode.url });
    await watchCalls(page);
    await page.goto(await boocode.link());
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await expect(page.getByRole('heading', { name: 'Welcome to BooCode' })).toBeVisible();
    const icon = page.locator('link[rel="icon"]');
    const plain = await icon.getAttribute('href');
    await expect(page).toHaveTitle('Projects · BooCode');

    // Title and icon say it always; nothing else does before it is wished.
    await look(page, 'elsewhere');
    await askSomething(boocode, 'echo first');
    await expect(page).toHaveTitle('(1) Projects · BooCode');
    await expect(icon).toHaveAttribute('href', /^data:image\/svg.*M48%2031/); // the diamond of a question
    expect(await watchedOf(page)).toMatchObject({ sounds: 0, calls: [] });

    await chooseInSettings(page, 'Notifications of the browser');
    await chooseInSettings(page, 'A sound');
    expect((await watchedOf(page)).sounds).toBe(1); // once, to hear what it is
    const second = await askSomething(boocode, 'echo second');
    await expect(page).toHaveTitle('(2) Settings · BooCode');
    await expect.poll(async () => (await watchedOf(page)).calls.length).toBe(1);
    const [call] = (await watchedOf(page)).calls;
    expect(call).toMatchObject({ title: 'boocode: Run this command?', body: expect.stringContaining('echo second') });
    expect((await watchedOf(page)).sounds).toBe(2);

    await look(page, 'here');
    // A click on the notification, as the browser tells the worker of it.
    await context.serviceWorkers()[0]?.evaluate((path) => {
      const click = Object.assign(new Event('notificationclick'), { notification: { data: { path }, close() {} }, waitUntil() {} });
      self.dispatchEvent(click);
    }, call?.path);
    await expect(page).toHaveURL(new RegExp(`/sessions/${second.sessionId}/${second.chatId}`));
    const question = page.getByRole('group', { name: 'Run this command?' });
    await expect(question).toContainText('echo second');
    await expect(question).toBeFocused();
    await question.getByRole('button', { name: 'Allow once' }).click();
    await expect(page).toHaveTitle(/^\(1\) /);

    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Inbox' }).click();
    await page.getByRole('button', { name: /^Deny(?! with)/ }).click();
    await expect(page.getByText('Nothing needs you')).toBeVisible();
    await expect(page).toHaveTitle('Inbox · BooCode');
    await expect(icon).toHaveAttribute('href', new RegExp(`${plain}$`));
  } finally {
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
