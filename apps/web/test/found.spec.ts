import type { Page } from '@playwright/test';
import { type BooCode, expect, test } from './boocode.ts';
import { seedChat } from './seed-chat.ts';

async function openSearch(page: Page, boocode: BooCode): Promise<{ readonly sessionId: string; readonly chatId: string }> {
  const path = await boocode.repository({ 'README.md': '# Harbor\n', 'long.txt': Array.from({ length: 400 }, (_, index) => `line ${index + 1}`).join('\n') });
  const seeded = await seedChat(boocode, path, 1_000);
  await page.goto(await boocode.link());
  await expect(page.getByRole('textbox', { name: /project/ })).toBeVisible();
  return seeded;
}

function conversation(page: Page) {
  return page.getByRole('region', { name: 'Conversation' });
}

async function expectMarked(page: Page): Promise<void> {
  await expect(conversation(page).getByText('It speaks of a sunken bell.')).toBeInViewport();
  await expect
    .poll(() => page.evaluate(() => [...(CSS.highlights.get('found') ?? [])].map((range) => (range instanceof Range ? range.toString() : ''))))
    .toEqual(['sunken', 'bell']);
}

test('a message far back is found, shown and marked, as often as it is asked for, wherever the search is', async ({ page, boocode }) => {
  test.setTimeout(120_000);
  const { sessionId, chatId } = await openSearch(page, boocode);
  await page.goto(`${boocode.url}/search`);
  await page.getByRole('searchbox', { name: 'Search in chats' }).fill('sunken bell');
  const hit = page.getByRole('list', { name: 'Messages found' }).getByRole('link');
  const address = (await hit.getAttribute('href'))!;
  await hit.click();
  await expectMarked(page);
  await expect(page).toHaveURL(new RegExp(`/sessions/${sessionId}/${chatId}$`));
  for (let time = 0; time < 2; time++) {
    await page.goto(`${boocode.url}${address}`); // as a link that was kept
    await expectMarked(page);
  }

  await page.getByRole('button', { name: 'New tab in pane 2' }).click();
  await page.getByRole('menuitem', { name: 'Search' }).click();
  const beside = page.getByRole('region', { name: 'Pane 2', exact: true });
  await beside.getByRole('button', { name: 'Chats' }).click();
  await beside.getByRole('searchbox').fill('sunken bell');
  for (let time = 0; time < 2; time++) {
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await expect(conversation(page).getByText('Answer 499.', { exact: false })).toBeInViewport();
    await beside.getByRole('link').click();
    await expectMarked(page);
  }

  // the search stands where the chat does: one hides the other
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await beside.getByRole('tab', { name: 'Search' }).focus();
  await page.keyboard.press('Control+Alt+Shift+ArrowLeft');
  const first = page.getByRole('region', { name: 'Pane 1', exact: true });
  for (let time = 0; time < 2; time++) {
    await first.getByRole('tab', { name: 'Search' }).click();
    await first.getByRole('link').click();
    await expectMarked(page);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await expect(conversation(page).getByText('Answer 499.', { exact: false })).toBeInViewport();
  }
});

test('the same line of a file is shown again, however far the reader went', async ({ page, boocode }) => {
  test.setTimeout(120_000);
  const { sessionId } = await openSearch(page, boocode);
  await page.goto(`${boocode.url}/sessions/${sessionId}/search`);
  await page.getByRole('searchbox', { name: 'Search in files' }).fill('line 300');
  const search = page.locator('[data-pane]', { has: page.getByRole('searchbox', { name: 'Search in files' }) });
  await page.keyboard.press('Control+Alt+Shift+ArrowRight');
  for (let time = 0; time < 2; time++) {
    await search.getByRole('button', { name: /300/ }).last().click();
    const text = page.getByRole('region', { name: 'Text of long.txt' });
    await expect(text.locator('[aria-current="location"]')).toBeInViewport();
    await expect(async () => {
      await text.evaluate((element) => element.scrollTo(0, 0)); // not heard while the jump is still coming to rest
      await expect(text.locator('[aria-current="location"]')).toHaveCount(0, { timeout: 500 });
    }).toPass();
    await page.getByRole('tab', { name: 'Search' }).click();
  }
});
