import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { type BooCode, expect, startSession, test } from './boocode.ts';

/** A session in a project with these files; gives its address. */
async function openSession(page: Page, boocode: BooCode, files: Record<string, string>, lines: readonly string[]): Promise<string> {
  const { path, address } = await startSession(page, boocode, lines, files);
  await writeFile(join(path, 'README.md'), '# Harbour\n');
  await expect(page.getByText('All of it is done.', { exact: true })).toBeVisible();
  return address;
}

const FILES = {
  'README.md': '# Harbor\n',
  'src/add.ts': '/* a comment\n   over lines */\nexport function add(a: number, b: number) {\n  return a + b;\n}\n',
  'src/deep/one.ts': 'export const one = 1;\n',
  'src/long.txt': `${Array.from({ length: 50_000 }, (_, at) => `line ${at + 1}`).join('\n')}\n`,
};

test('the tree by keys, a file found by its name, and a line of 50,000', async ({ page, boocode }, info) => {
  const session = await openSession(page, boocode, FILES, ['Hello.', 'demo: say All of it is done.']);
  await page.goto(`${session}/files`);
  const tree = page.getByRole('tree', { name: 'Files' });
  await page.getByRole('button', { name: /^Files of/ }).click();
  await page.getByRole('menuitemradio', { name: /^Your folder/ }).click();
  await expect(tree.getByRole('treeitem', { name: /^README\.md changed/ })).toBeVisible();
  await tree.getByRole('treeitem', { name: 'src' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem', { name: 'add.ts' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem', { name: 'deep' })).toBeFocused();
  await page.keyboard.press('a');
  await expect(tree.getByRole('treeitem', { name: 'add.ts' })).toBeFocused();
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('tree.png') });
  await page.keyboard.press('Enter');
  const text = page.getByRole('region', { name: 'Text of src/add.ts' });
  await expect(text).toBeFocused();
  await expect(text.locator('.hljs-comment').nth(1)).toContainText('over lines');
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('file.png') });

  await page.goto(`${session}/files`);
  await page.getByRole('searchbox', { name: 'Find a file by its name' }).fill('lngtxt');
  await page
    .getByRole('list', { name: 'Files found' })
    .getByRole('button', { name: /long\.txt/ })
    .click();
  const long = page.getByRole('region', { name: 'Text of src/long.txt' });
  await expect(long.getByText('line 1', { exact: true })).toBeVisible();
  expect(await long.locator('.patch-line').count()).toBeLessThan(200);
  await page.getByRole('textbox', { name: 'Go to line' }).fill('40000');
  await page.keyboard.press('Enter');
  await expect(long.locator('[aria-current="location"]')).toContainText('line 40000');
});

test('search in files opens the line, search in chats opens the chat; on a phone, light', async ({ page, boocode }, info) => {
  const session = await openSession(page, boocode, FILES, ['Where is the lighthouse?', 'demo: say All of it is done.']);
  await page.goto(`${session}/search`);
  await page.getByRole('searchbox', { name: 'Search in files' }).fill('return a');
  const group = page.getByRole('region', { name: 'src/add.ts' });
  await expect(group.locator('mark')).toHaveText('return a');
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('search.png') });
  await page.getByRole('searchbox', { name: 'Search in files' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Text of src/add.ts' }).locator('[aria-current="location"]')).toContainText('return a + b;');

  await page.evaluate(() => localStorage.setItem('boocode.theme', 'chalk'));
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${boocode.url}/search`);
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'chalk'));
  await page.getByRole('searchbox', { name: 'Search in chats' }).fill('lighthouse');
  const hit = page.getByRole('list', { name: 'Messages found' }).getByRole('link').first();
  await expect(hit.locator('mark').first()).toHaveText(/lighthouse/i);
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await page.screenshot({ path: info.outputPath('chats-phone.png') });
  await hit.click();
  await expect(page.getByRole('region', { name: 'Conversation' })).toContainText('Where is the lighthouse?');
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Files' }).click();
  await expect(page.getByRole('tree', { name: 'Files' })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});
