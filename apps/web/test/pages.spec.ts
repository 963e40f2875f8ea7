import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { describeServer, expect, startServer, startSession, stop, test } from './boocode.ts';

/** Through the rail, as a person goes: nothing is loaded anew. */
async function goTo(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Places' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

test('a question is answered in the inbox, the window says that it waits, and its task is found', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Look around the harbor.', 'demo: call shell {"command":"ls"}', 'demo: say All seen.']);
  await expect(page.getByRole('group', { name: 'Run this command?' })).toBeVisible();
  await expect(page).toHaveTitle(/^\(\d+\) /);
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute('href', /^data:image\/svg/);
  await goTo(page, 'Inbox');
  await page.getByRole('button', { name: 'Allow once' }).click();
  await expect(page.getByRole('group', { name: 'Run this command?' })).toBeHidden();
  await expect(page.getByText('Nothing needs you')).toBeVisible();

  await goTo(page, 'Tasks');
  const tasks = page.getByRole('list', { name: 'Tasks' });
  await expect(tasks.getByRole('listitem').filter({ hasText: 'Look around the harbor.' })).toContainText('Completed');
  await page.getByRole('searchbox', { name: 'In the prompt' }).fill('nothing like this');
  await expect(page.getByText('No task fits')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByRole('combobox', { name: 'State' }).selectOption('completed');
  await expect(page).toHaveURL(/state=completed/);
  await expectAccessible(page);
  await tasks.getByRole('link', { name: 'Look around the harbor.' }).first().click();
  await expect(page.getByText('All seen.').first()).toBeVisible();

  await goTo(page, 'Costs');
  await expect(page.getByRole('img', { name: /^Tokens per day/ })).toBeVisible();
  await expect(page.getByText('no charge').first()).toBeVisible();
  await expectAccessible(page);
});

test('settings: a model server is added, tested, changed and removed; a theme holds over a reload', async ({ page, boocode }) => {
  await page.goto(await boocode.link());
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Add a model server' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('harbor');
  await page.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:9/v1');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  const servers = page.getByRole('list', { name: 'Model servers' });
  await expect(servers).toContainText('http://127.0.0.1:9/v1');
  await page.getByRole('button', { name: 'Change harbor' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:10/v1');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(servers).toContainText('http://127.0.0.1:10/v1');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove harbor' }).click();
  await page.getByRole('button', { name: 'Really remove harbor' }).click();
  await expect(page.getByText('None is set up')).toBeVisible();

  await page.getByRole('radio', { name: /^Chalk/ }).press('Space');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'chalk');
  await expectAccessible(page);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'chalk');
  await page.getByRole('radio', { name: /^Ember/ }).press('Space');
  await page.getByRole('radio', { name: 'Reduced' }).press('Space');
  await expect(page.locator('html')).toHaveAttribute('data-motion', 'on');
  await page.getByRole('radio', { name: 'Like the system' }).last().press('Space');
});

test('while the server is away the page opens from this device, and a message waits and arrives once', async ({ page, context }) => {
  test.setTimeout(150_000); // two starts of a server with its own database
  const root = await mkdtemp(join(tmpdir(), 'boocode-offline-'));
  const home = join(root, 'home');
  let server = await startServer(home);
  try {
    await startSession(page, describeServer(server, root), ['Hello.', 'demo: say Said before the storm.']);
    await expect(page.getByText('Said before the storm.', { exact: true })).toBeVisible();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await page.reload(); // now the worker has the page
    await expect(page.getByText('Said before the storm.', { exact: true })).toBeVisible();

    await expect.poll(() => cachedPaths(page)).toContainEqual(expect.stringContaining('/ChangesTab'));
    await stop(server.child);
    await expect(page.getByText(/stopped or is restarting/)).toBeVisible();
    await page.reload();
    await expect(page.getByText('Said before the storm.', { exact: true })).toBeVisible();
    await expect(page.getByText(/^Reconnecting/)).toBeVisible();
    const composer = page.getByRole('textbox', { name: 'Message to boocode' });
    await composer.fill('Sent into the storm.\ndemo: say Heard after it.');
    await composer.press('Enter');
    await expect(page.getByText(/Kept on this device/)).toBeVisible();
    await page.reload();
    await expect(page.getByText(/Kept on this device/)).toBeVisible();

    server = await startServer(home, Number(new URL(server.url).port));
    await expect(page.getByText('Heard after it.', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/Kept on this device/)).toBeHidden();
    await page.reload();
    await expect(page.getByText('Heard after it.', { exact: true })).toHaveCount(1);
    expect(await cachedPaths(page)).not.toContainEqual(expect.stringContaining('/api'));

    // for the next page alone: one that lives would be refused too, and forget the token before it goes
    await page.addInitScript(() => localStorage.setItem('boocode.token', 'not-a-token'));
    await page.reload();
    await expect(page.getByText('does not know this browser')).toBeVisible();
    expect(await page.evaluate(() => localStorage.getItem('boocode.cache.user'))).toBeNull();
  } finally {
    await context.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('a part of the page that cannot be fetched says so, and the rest stays', async ({ context, boocode }) => {
  const page = await context.newPage(); // its console may complain
  await page.route(/\/assets\/(Palette|FilesPane)-/, (route) => route.abort());
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('alert')).toContainText('This part could not be loaded');
  await page.keyboard.press('Control+Alt+f');
  await expect(page.getByRole('tabpanel', { name: 'Files' }).getByRole('button', { name: 'Reload' })).toBeVisible();
  await page.getByRole('tab').first().click();
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await page.unroute(/\/assets\/(Palette|FilesPane)-/);
  const loaded = page.waitForEvent('load');
  await page.getByRole('alert').getByRole('button', { name: 'Reload' }).click();
  await loaded;
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Search or run a command' })).toBeFocused();
});

test('of many quiet sessions the newest are listed, and all of them when asked for', async ({ page, boocode }) => {
  const project = await boocode.post<{ id: string }>('/api/projects', { path: await boocode.repository({ 'README.md': '# Harbor\n' }) });
  for (let index = 0; index < 42; index++) await boocode.post('/api/sessions', { projectId: project.id, title: `Talk ${index}` });
  await page.goto(`${boocode.url}/projects/${project.id}${new URL(await boocode.link()).hash}`);
  const rail = page.getByRole('navigation', { name: 'Sessions' });
  const quiet = rail.getByRole('list', { name: 'Quiet' }).getByRole('listitem');
  await expect(quiet).toHaveCount(40);
  await expect(quiet.first()).toContainText('Talk 41');
  await rail.getByRole('button', { name: 'Show all 42 quiet ones' }).press('Enter');
  await expect(quiet).toHaveCount(42);
  await expect(rail.getByRole('button', { name: 'Show the newest' })).toBeFocused();
});

test('it can be installed: a manifest with icons that exist, and a worker that keeps only the page and its files', async ({ page, boocode }) => {
  await page.goto(await boocode.link());
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  const manifest = await page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
  expect([manifest.name, manifest.display, manifest.start_url]).toEqual(['BooCode', 'standalone', '/']);
  for (const { src, type } of manifest.icons) {
    const response = await page.request.get(new URL(src, boocode.url).href);
    expect([response.status(), response.headers()['content-type']]).toEqual([200, type]);
  }
  const paths = await cachedPaths(page);
  expect(paths).toContain('/');
  expect(paths.filter((path) => !/^\/($|assets\/|theme\.js$|favicon\.svg$)/.test(path))).toEqual([]);
});

function cachedPaths(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(opened.map((cache) => cache.keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
}
