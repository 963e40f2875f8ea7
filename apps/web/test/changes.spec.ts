import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, typeLines } from './boocode.ts';

test('a conflict is said in a sentence and changes nothing; the rest can be applied at once', async ({ page, boocode }) => {
  const path = await boocode.repository({ 'README.md': '# Harbor\n', 'src/add.ts': 'export const sum = 1;\n' });
  await page.goto(await boocode.link());
  await page.getByRole('textbox', { name: /project/ }).fill(path);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What should change?' }).click();
  await typeLines(page, [
    'Change three files.',
    'demo: call edit {"path":"src/add.ts","old_text":"sum = 1","new_text":"sum = 2"}',
    'demo: call edit {"path":"README.md","old_text":"# Harbor","new_text":"# Harbour"}',
    'demo: call write {"path":"docs/new.md","content":"# New\\n"}',
    'demo: say Ready.',
  ]);
  await page.keyboard.press('Enter');

  const changes = page.getByRole('region', { name: 'Changes', exact: true });
  await expect(changes.getByRole('listitem')).toHaveCount(3);
  await writeFile(join(path, 'src/add.ts'), 'export const sum = 30;\n');
  await changes.getByRole('button', { name: 'Apply src/add.ts' }).click();
  await expect(changes.locator('[data-change="src/add.ts"]')).toContainText(/differ|conflict|changed/i);
  expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toBe('export const sum = 30;\n');

  await changes.getByRole('button', { name: 'Reject src/add.ts' }).click();
  await page.keyboard.press('Enter');
  await expect(changes.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'rejected');
  await changes.getByRole('button', { name: 'Apply all' }).click();
  await expect(changes.getByText('Everything is decided: 2 files applied')).toBeVisible();
  expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('# Harbour\n');
  expect(await readFile(join(path, 'docs/new.md'), 'utf8')).toBe('# New\n');
});
