import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { describeServer, expect, startServer, startSession, stop, test } from './boocode.ts';
import { UpdatingProxy } from './updating-proxy.ts';

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message to boocode' });
  await composer.fill(text);
  await composer.press('Enter');
  await expect(composer).toHaveValue('');
}

interface Message {
  readonly role: string;
  readonly parts: readonly { readonly text?: string }[];
}

test('two windows of one browser send each message once, in order, also those of a window that was closed', async ({ page, context }) => {
  test.setTimeout(150_000); // two starts of a server with its own database
  const root = await mkdtemp(join(tmpdir(), 'boocode-windows-'));
  const home = join(root, 'home');
  let server = await startServer(home);
  try {
    const { address, chatId } = await startSession(page, describeServer(server, root), ['Hello.', 'demo: say Before the storm.']);
    await expect(page.getByText('Before the storm.', { exact: true })).toBeVisible();
    const other = await context.newPage();
    await other.goto(address);
    await expect(other.getByText('Before the storm.', { exact: true })).toBeVisible();

    await stop(server.child);
    for (const window of [page, other]) await expect(window.getByText(/stopped or is restarting/)).toBeVisible();
    await say(page, 'one');
    await expect(other.getByText(/Kept on this device/)).toHaveCount(1);
    await say(other, 'two');
    await expect(page.getByText(/Kept on this device/)).toHaveCount(2);
    await say(page, 'three');
    await expect(other.getByText(/Kept on this device/)).toHaveCount(3);
    await other.close();

    server = await startServer(home, Number(new URL(server.url).port));
    const boocode = describeServer(server, root);
    const prompts = async () => {
      const { items } = await boocode.get<{ items: readonly Message[] }>(`/api/chats/${chatId}/messages?limit=50`);
      return items.filter(({ role }) => role === 'user').map(({ parts }) => parts[0]?.text);
    };
    await expect.poll(prompts, { timeout: 30_000 }).toEqual(['Hello.\ndemo: say Before the storm.', 'one', 'two', 'three']);
    await expect(page.getByText(/Kept on this device/)).toBeHidden();
    expect(await prompts()).toHaveLength(4);
  } finally {
    await context.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('a newer build says so and waits: nothing reloads by itself, and a draft is still there afterwards', async ({ page, boocode }) => {
  await using proxy = await UpdatingProxy.start(boocode.url);
  await startSession(page, { ...boocode, url: proxy.url }, ['Hello.', 'demo: say Here I am.']);
  await expect(page.getByText('Here I am.', { exact: true })).toBeVisible();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  await page.reload(); // now the worker has the page
  const composer = page.getByRole('textbox', { name: 'Message to boocode' });
  await composer.fill('Half a thought');
  await page.evaluate(() => void Object.assign(window, { isStillTheSame: true }));
  const stillTheSame = () => page.evaluate(() => 'isStillTheSame' in window);

  proxy.update(); // a server that was stopped, updated and started again
  const notice = page.getByText('A newer version of this page is here.');
  await expect(notice).toBeVisible();
  expect(await stillTheSame()).toBe(true);
  await expect(composer).toHaveValue('Half a thought');
  await composer.fill('Half a thought, and the other half');

  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Reload' }).click();
  await loaded;
  expect(await stillTheSame()).toBe(false);
  await expect(composer).toHaveValue('Half a thought, and the other half');
  await expect(page.getByText('Here I am.', { exact: true })).toBeVisible();
  await expect(notice).toBeHidden();
  const workers = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return { waiting: registration.waiting !== null, caches: await caches.keys() };
  });
  expect(workers).toEqual({ waiting: false, caches: [expect.stringMatching(/-newer$/)] });
});
