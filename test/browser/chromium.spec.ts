import { expect, test } from '@playwright/test';

test('the browser of the tests draws a page with its own fonts', async ({ page }) => {
  await page.setContent('<main><h1>BooCode</h1><p id="wide">mmmm</p><p id="narrow">iiii</p></main><style>p { display: inline-block }</style>');
  await expect(page.getByRole('heading', { name: 'BooCode' })).toBeVisible();
  const widths = await page.evaluate(() => ['wide', 'narrow'].map((id) => document.getElementById(id)!.getBoundingClientRect().width));
  expect(widths[0]).toBeGreaterThan(widths[1]!);
  expect(widths[1]).toBeGreaterThan(0);
});
