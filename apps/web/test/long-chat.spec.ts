import type { Page } from '@playwright/test';
import { type BooCode, expect, test } from './boocode.ts';
import { seedChat } from './seed-chat.ts';

const MESSAGES = 2_000;

async function openLongChat(page: Page, boocode: BooCode): Promise<void> {
  const path = await boocode.repository({ 'README.md': '# Harbor\n' });
  const { sessionId, chatId } = await seedChat(boocode, path, MESSAGES);
  await page.goto(`${boocode.url}/sessions/${sessionId}/${chatId}${new URL(await boocode.link()).hash}`);
  await expect(conversation(page).getByText(`Answer ${MESSAGES / 2 - 1}.`, { exact: false })).toBeVisible();
}

function conversation(page: Page) {
  return page.getByRole('region', { name: 'Conversation' });
}

test('find reaches what is not loaded, and leads back to the end', async ({ page, boocode }) => {
  await openLongChat(page, boocode);
  await conversation(page).focus();
  await page.keyboard.press('Control+f');
  const find = page.getByRole('textbox', { name: 'Find in this chat' });
  await expect(find).toBeFocused();
  await page.keyboard.type('sunken BELL');
  await expect(page.getByText('1 of 1')).toBeVisible();
  await expect(conversation(page).getByText('It speaks of a sunken bell.')).toBeInViewport();
  await expect(conversation(page).getByText(/^Question 40$/)).toBeVisible();
  expect(await page.evaluate(() => CSS.highlights.get('found-here')?.size)).toBe(1);

  await find.fill('Question 4');
  await expect(page.getByText(/^111 of 111$/)).toBeVisible();
  await expect(conversation(page).getByText(/^Question 499$/)).toBeInViewport();
  await find.press('Enter');
  await expect(page.getByText(/^110 of 111$/)).toBeVisible();
  await expect(conversation(page).getByText(/^Question 498$/)).toBeInViewport();
  await page.getByRole('button', { name: 'Next match' }).click();
  await page.getByRole('button', { name: 'Next match' }).click();
  await expect(page.getByText(/^1 of 111$/)).toBeVisible();
  await expect(conversation(page).getByText(/^Question 4$/)).toBeInViewport();

  await find.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Message to boocode' })).toBeFocused();
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await expect(conversation(page).getByText(`Answer ${MESSAGES / 2 - 1}.`, { exact: false })).toBeInViewport();
});

test('a window in the middle grows in both directions without moving what is read', async ({ page, boocode }) => {
  await openLongChat(page, boocode);
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find in this chat' }).fill('sunken bell');
  const found = conversation(page).getByText('It speaks of a sunken bell.');
  await expect(found).toBeInViewport();
  const area = conversation(page);
  const top = () => found.evaluate((element) => element.getBoundingClientRect().top);
  const newer = page.waitForResponse((response) => response.url().includes('after='));
  // by the page, as a reader does: what find itself still scrolls cannot undo it
  const scrollTo = (text: RegExp, pixels: number) =>
    expect
      .poll(
        async () => {
          await area.evaluate((element, by) => element.scrollBy(0, by), pixels);
          return area.getByText(text).count();
        },
        { intervals: [50] },
      )
      .toBe(1);
  await scrollTo(/^Question 56$/, 300);
  await newer;
  const older = page.waitForResponse((response) => response.url().includes('before='));
  await scrollTo(/^Question 25$/, -300);
  await older;
  await page.getByRole('button', { name: 'Previous match' }).click();
  await expect(found).toBeInViewport();
  const before = await top();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
});

test('a long chat draws only what is seen, however far it is scrolled', async ({ page, boocode }) => {
  await openLongChat(page, boocode);
  await page.evaluate(() => {
    const long: number[] = [];
    Object.assign(window, { long });
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  await conversation(page).evaluate(async (area) => {
    for (let step = 0; step < 60; step++) {
      area.scrollTop -= 600;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  const rows = await conversation(page).evaluate((area) => area.querySelectorAll('[data-row]').length);
  const long = await page.evaluate(() => (window as unknown as { long: number[] }).long);
  console.log(`long chat: ${rows} rows drawn, longest task while scrolling ${Math.round(Math.max(0, ...long))} ms`);
  expect(rows).toBeLessThan(80);
});
