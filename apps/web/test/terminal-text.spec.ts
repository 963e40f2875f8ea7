import type { Page } from '@playwright/test';
import { type BooCode, expect, test } from './boocode.ts';

const rows = (page: Page) => page.locator('.xterm-rows');

/** Opens a terminal in a new project, and waits until it can be typed to. */
async function openTerminal(page: Page, boocode: BooCode): Promise<void> {
  const { id } = await boocode.post<{ id: string }>('/api/projects', { path: await boocode.repository({ 'README.md': '# Harbor\n' }) });
  await page.goto(`${boocode.url}/terminal/new?project=${id}${new URL(await boocode.link()).hash}`);
  await expect(page).toHaveURL(/\/terminal\/[0-9a-f-]{36}/);
  await expect(page.getByRole('textbox', { name: 'Terminal. F6 leaves it' })).toBeFocused();
  await expect(rows(page)).toContainText(/[$#]/);
  await run(page, "PS1='> '; clear");
  await expect(rows(page)).toHaveText(/^>\s*$/);
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
}

test('text of a terminal is copied, and pasted text is typed but not run', async ({ page, context, boocode }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: boocode.url });
  await openTerminal(page, boocode);
  await run(page, 'echo light""house');
  const word = await placeOf(page, 'lighthouse');
  await page.mouse.dblclick(word.x, word.y);
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('lighthouse');

  await page.evaluate(() => navigator.clipboard.writeText('echo from""-the-clipboard'));
  await page.keyboard.press('Control+Shift+V');
  await expect(rows(page)).toContainText('> echo from""-the-clipboard');
  await expect(rows(page)).not.toContainText('from-the-clipboard');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toContainText('from-the-clipboard');
});

test('a link in a terminal opens a page of the web, and nothing else', async ({ page, context, boocode }) => {
  await openTerminal(page, boocode);
  const address = `${boocode.url}/api/health`;
  await run(page, `echo "see ${address.replace('health', 'hea""lth')} there"`);
  await expect(rows(page)).toContainText(`see ${address} there`);
  const opened = context.waitForEvent('page');
  await clickText(page, address);
  const tab = await opened;
  await expect(tab).toHaveURL(address);
  expect(await tab.evaluate(() => window.opener === null)).toBe(true);
  await tab.close();

  await page.bringToFront();
  await run(page, String.raw`printf '\033]8;;javascript:alert(1)\033\\a trap\033]8;;\033\\\n'; printf '\033]8;;${address}\033\\named link\033]8;;\033\\\n'`);
  await expect(rows(page).getByText('named link')).toBeVisible();
  const pages: string[] = [];
  context.on('page', (other) => pages.push(other.url()));
  const trap = await placeOf(page, 'a trap');
  await page.mouse.click(trap.x, trap.y);
  const named = context.waitForEvent('page');
  await clickText(page, 'named link');
  await expect(await named).toHaveURL(address);
  expect(pages).toHaveLength(1);
});

/** The terminal finds a link under the pointer, so it has to be over it first. */
async function clickText(page: Page, text: string): Promise<void> {
  const { x, y } = await placeOf(page, text);
  await page.mouse.move(x - 1, y);
  await page.mouse.move(x, y);
  await expect(page.locator('.xterm-cursor-pointer')).toBeAttached();
  await page.mouse.click(x, y);
}

/** Where the third letter of the text stands, in its last row. */
async function placeOf(page: Page, text: string): Promise<{ readonly x: number; readonly y: number }> {
  await expect(rows(page)).toContainText(text);
  return rows(page)
    .locator('> div')
    .filter({ hasText: text })
    .last()
    .evaluate((row, wanted) => {
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      const start = row.textContent.indexOf(wanted) + 2;
      let before = 0;
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const own = node.textContent ?? '';
        if (before + own.length > start) {
          const range = document.createRange();
          range.setStart(node, start - before);
          range.setEnd(node, start - before + 1);
          const { left, top, width, height } = range.getBoundingClientRect();
          return { x: left + width / 2, y: top + height / 2 };
        }
        before += own.length;
      }
      throw new Error(`Cannot find "${wanted}"`);
    }, text);
}
