import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { type BooCode, describeServer, startServer, stop, test } from './boocode.ts';

/** Opens a terminal in a new project, and waits until it can be typed to. */
async function openTerminal(page: Page, boocode: BooCode): Promise<void> {
  const path = await boocode.repository({ 'README.md': '# Harbor\n' });
  const { id } = await boocode.post<{ id: string }>('/api/projects', { path });
  await page.goto(`${boocode.url}/terminal/new?project=${id}${new URL(await boocode.link()).hash}`);
  await expect(page).toHaveURL(/\/terminal\/[0-9a-f-]{36}/);
  await expect(page.getByRole('textbox', { name: 'Terminal. F6 leaves it' })).toBeFocused();
  await expect(rows(page)).toContainText(/[$#]/);
}

function rows(page: Page) {
  return page.locator('.xterm-rows');
}

/** Without the styles that hide carets and stop animations: the page's policy refuses them. */
async function picture(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, caret: 'initial', animations: 'allow' });
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
}

test('a terminal: type, see colours, reload, and it is all still there', async ({ page, boocode }) => {
  await openTerminal(page, boocode);
  await run(page, String.raw`PS1='$ '; clear; printf '\033[38;2;20;200;120mtrue colour\033[0m \033[31mred\033[0m \033[1;4mbold\033[0m\n'; echo $((6 * 7))`);
  await expect(rows(page)).toContainText('42');
  const colored = rows(page).getByText('true colour', { exact: true });
  await expect(colored).toHaveCSS('color', 'rgb(20, 200, 120)');
  const before = await rows(page).innerText();
  await page.reload();
  await expect(rows(page)).toContainText('42');
  expect(await rows(page).innerText()).toBe(before);
  await expect(colored).toHaveCSS('color', 'rgb(20, 200, 120)');

  await run(page, 'stty size');
  await expect(rows(page)).toContainText(/\n?\d+ \d+/);
  await page.setViewportSize({ width: 640, height: 480 });
  await expect(async () => {
    await run(page, 'clear; stty size');
    const [height, width] = /(\d+) (\d+)/
      .exec(await rows(page).innerText())!
      .slice(1)
      .map(Number);
    expect([height! < 27, width! < 82]).toEqual([true, true]);
  }).toPass();
});

test('the terminal follows the theme, can be searched, left by keyboard, and says how its shell ended', async ({ page, boocode }, info) => {
  await openTerminal(page, boocode);
  await run(page, "PS1='$ '; clear; ls -la --color=always; seq 1 200; echo needle in the hay; seq 1 30");
  await expect(rows(page)).toContainText('30');
  const background = () =>
    page
      .locator('.xterm-scrollable-element')
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background()).toBe('rgb(14, 13, 12)');
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'chalk'));
  await expect.poll(background).toBe('rgb(242, 243, 245)');
  await picture(page, info.outputPath('chalk.png'));
  expect((await new AxeBuilder({ page }).include('#main').analyze()).violations).toEqual([]);
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'ember'));

  await page.keyboard.press('Control+Shift+F');
  const find = page.getByRole('textbox', { name: 'Find in terminal' });
  await expect(find).toBeFocused();
  await find.fill('needle');
  await expect(page.locator('.xterm-selection div').first()).toBeAttached();
  await picture(page, info.outputPath('ember.png'));
  await find.fill('no such text');
  await expect(page.getByText('Not found')).toBeVisible();
  await page.keyboard.press('Escape');
  const input = page.getByRole('textbox', { name: 'Terminal. F6 leaves it' });
  await expect(input).toBeFocused();

  await page.keyboard.press('Tab');
  await expect(input).toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('button', { name: 'Screen reader mode' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.xterm-accessibility')).toBeAttached();
  expect((await new AxeBuilder({ page }).include('#main').analyze()).violations).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(input).toBeFocused();
  await page.keyboard.press('F6');
  await expect(input).not.toBeFocused();

  await input.focus();
  await page.keyboard.press('Control+C');
  await run(page, 'exit 3');
  await expect(page.getByText(/has ended with status 3\./)).toBeVisible();
  const address = page.url();
  await page.getByRole('button', { name: 'Open a new terminal' }).click();
  await expect(page).not.toHaveURL(address);
  await expect(rows(page)).toContainText(/[$#]/);
});

test('a terminal on a phone, and its honest lines when the server goes', async ({ page }, info) => {
  const root = await mkdtemp(join(tmpdir(), 'boocode-terminal-'));
  const home = join(root, 'home');
  let server = await startServer(home);
  try {
    await page.setViewportSize({ width: 360, height: 740 });
    await openTerminal(page, describeServer(server, root));
    await run(page, 'echo be""fore');
    await expect(rows(page)).toContainText('before');
    await stop(server.child, 'SIGKILL');
    await expect(page.getByText('Reconnecting. What runs here goes on, unless BooCode was stopped.')).toBeVisible();
    await picture(page, info.outputPath('away.png'));
    server = await startServer(home, Number(new URL(server.url).port));
    await expect(page.getByText(/it was closed, or BooCode was started again since/)).toBeVisible({ timeout: 30_000 });
    await picture(page, info.outputPath('gone.png'));
    await page.getByRole('button', { name: 'Open a new terminal' }).click();
    await expect(rows(page)).toContainText(/[$#]/);
    await expect(rows(page)).not.toContainText('before');
  } finally {
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
