import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { type BooCode, expect, startSession, test } from './boocode.ts';

const AXE_TIMEOUT_MS = 150_000; // it looks at every element, several times over

/** Opens a project and leaves a session that asks, with everything a timeline can hold. */
async function openAskingSession(page: Page, boocode: BooCode): Promise<void> {
  const lines = [
    'Show everything.',
    'demo: think A thought.',
    'demo: call read {"path":"README.md"}',
    'demo: call edit {"path":"src/add.ts","old_text":"sum = 1","new_text":"sum = 2"}',
    'demo: say ## Plan\\n\\n- one **bold** item\\n- [x] a [link](https://example.org)\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```ts\\nconst a: number = 1; // why\\n```\\n',
    'demo: call shell {"command":"ls"}',
  ];
  await startSession(page, boocode, lines, { 'README.md': '# Harbor\n', 'src/add.ts': 'export const sum = 1;\n' });
  await expect(page.getByRole('group', { name: 'Run this command?' })).toBeVisible();
}

async function chooseTheme(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).click();
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

test('axe finds nothing in a session, in any theme', async ({ page, boocode }) => {
  test.setTimeout(AXE_TIMEOUT_MS);
  await openAskingSession(page, boocode);
  for (const theme of ['Ember', 'Chalk', 'Beacon', 'Tide']) {
    await chooseTheme(page, theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
    await expectAccessible(page);
  }
  await chooseTheme(page, 'Ember');
});

test('axe finds nothing on the other screens, dark and light', async ({ page, boocode }) => {
  test.setTimeout(AXE_TIMEOUT_MS);
  await openAskingSession(page, boocode);
  await page.getByRole('link', { name: 'Inbox' }).click();
  await expect(page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /all projects/ }).click();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('list', { name: 'Projects' }).getByRole('link').first().click();
  await expect(page.getByRole('textbox', { name: 'What should change?' })).toBeVisible();
  await expectAccessible(page);
  await chooseTheme(page, 'Chalk');
  await expectAccessible(page);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'chalk');
  await chooseTheme(page, 'Ember');
});

test('a phone of 360 pixels shows everything, one pane at a time', async ({ page, boocode }) => {
  test.setTimeout(AXE_TIMEOUT_MS);
  await page.setViewportSize({ width: 360, height: 740 });
  await openAskingSession(page, boocode);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'Allow once' }).click();
  await expect(page.getByRole('group', { name: 'Run this command?' })).toBeHidden();
  await page.getByRole('button', { name: /^Changes/ }).click();
  await expect(page.getByRole('button', { name: 'Accept src/add.ts' })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'Accept src/add.ts' }).click();
  await page.getByRole('button', { name: 'Apply 1 hunk' }).click();
  await expect(page.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'applied');
  await expect(page.getByRole('button', { name: 'Take back src/add.ts' })).toBeVisible();
  await page.getByRole('button', { name: 'Open the rail' }).click();
  await expect(page.getByRole('dialog', { name: 'Rail' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Rail' })).toBeHidden();
});

test('a device without a token is told how to come in, and a used link says so', async ({ page, boocode, browser }) => {
  await page.goto(boocode.url);
  await expect(page.getByText('npm start -- open')).toBeVisible();
  await expectAccessible(page);
  const link = await boocode.link();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('textbox', { name: /project/ })).toBeVisible();
  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(link);
  await expect(stranger.getByText('npm start -- open')).toBeVisible();
  await expect(stranger.getByText(/^Cannot exchange the code/)).toBeVisible();
  await other.close();
  // for the next page alone: one that lives would be refused too, and forget the token before it goes
  await page.addInitScript(() => localStorage.setItem('boocode.token', 'not-a-token'));
  await page.reload();
  await expect(page.getByText('does not know this browser')).toBeVisible();
});
