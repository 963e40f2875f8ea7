import { gzipSync } from 'node:zlib';
import { expect, test, typeLines, watchLayoutShift } from './boocode.ts';

const BUDGET_BYTES = 200_000;
const LAYOUT_SHIFT = 0.02;

test('the first load of a session stays within 200 kB of JavaScript, and nothing jumps', async ({ page, boocode }) => {
  const path = await boocode.repository({ 'README.md': '# Harbor\n' });
  await page.goto(await boocode.link());
  await page.getByRole('textbox', { name: /project/ }).fill(path);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What should change?' }).click();
  await typeLines(page, ['Hello.', 'demo: say One paragraph, and no code in it.']);
  await page.keyboard.press('Enter');
  await expect(page.getByText('One paragraph, and no code in it.', { exact: true })).toBeVisible();

  const scripts = new Set<string>();
  page.on('request', (request) => request.url().endsWith('.js') && scripts.add(request.url()));
  const layoutShift = await watchLayoutShift(page, { withInput: true });
  await page.reload();
  await expect(page.getByText('One paragraph, and no code in it.', { exact: true })).toBeVisible();
  await expect(page.getByText('No changes yet')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const sizes = await Promise.all([...scripts].map(async (url) => gzipSync(await (await fetch(url)).bytes()).length));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`first load: ${(total / 1_000).toFixed(1)} kB of compressed JavaScript in ${scripts.size} files`);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(BUDGET_BYTES);
  expect(await layoutShift()).toBeLessThan(LAYOUT_SHIFT);
});
