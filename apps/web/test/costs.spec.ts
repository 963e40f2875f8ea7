import { expectAccessible } from './accessible.ts';
import { expect, startSession, test } from './boocode.ts';

test('costs are a picture first: stacked by group, read day by day with the keys, and the same numbers in a table', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Something that costs.']);
  await expect(page.getByText('Something that costs.', { exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Costs' }).click();
  const picture = page.getByRole('img', { name: /^Tokens per day by model over 30 days\. Most on .* tasks?/ });
  await expect(picture).toBeVisible();
  await expect(page.getByRole('list', { name: 'Tokens per day by model: colours' })).toContainText('demo');
  await expect(page.getByRole('row', { name: /^demo/ })).toContainText('no charge');

  const days = page.getByRole('slider', { name: 'Tokens per day by model, day by day' });
  await days.focus();
  await expect(days).toHaveAttribute('aria-valuetext', /: .* tokens in \d+ tasks?/);
  const today = await days.getAttribute('aria-valuetext');
  await page.keyboard.press('ArrowLeft');
  await expect(days).not.toHaveAttribute('aria-valuetext', today ?? '');
  await page.keyboard.press('End');
  await expect(days).toHaveAttribute('aria-valuetext', today ?? '');

  await page.getByRole('radio', { name: 'Agent' }).press('Space');
  await expect(page.getByRole('row', { name: /^boocode/ })).toBeVisible();
  await expect(page).toHaveURL(/by=agent/);
  await page.getByRole('radio', { name: 'Day', exact: true }).press('Space');
  await expect(page.getByRole('list', { name: 'Tokens per day in all: colours' })).toContainText('Written');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectAccessible(page);
});
