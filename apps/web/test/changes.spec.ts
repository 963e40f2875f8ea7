import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { type BooCode, expect, startSession, test } from './boocode.ts';

/** A session whose agent has made these calls; gives the folder. */
async function openReview(page: Page, boocode: BooCode, files: Record<string, string>, calls: readonly string[]): Promise<string> {
  const { path } = await startSession(page, boocode, ['Change it.', ...calls.map((call) => `demo: call ${call}`), 'demo: say Ready.'], files);
  await expect(changesOf(page).getByRole('listitem')).toHaveCount(calls.length);
  return path;
}

function changesOf(page: Page) {
  return page.getByRole('region', { name: 'Changes', exact: true });
}

function file(page: Page, path: string) {
  return changesOf(page).locator(`[data-change="${path}"]`);
}

test('a conflict is said in a sentence, with both versions, and changes nothing; the rest can be applied at once', async ({ page, boocode }) => {
  const path = await openReview(page, boocode, { 'README.md': '# Harbor\n', 'src/add.ts': 'export const sum = 1;\n' }, [
    'edit {"path":"src/add.ts","old_text":"sum = 1","new_text":"sum = 2"}',
    'edit {"path":"README.md","old_text":"# Harbor","new_text":"# Harbour"}',
    'write {"path":"docs/new.md","content":"# New\\n"}',
  ]);
  const changes = changesOf(page);
  await writeFile(join(path, 'src/add.ts'), 'export const sum = 30;\n');
  await changes.getByRole('button', { name: 'Accept src/add.ts' }).click();
  await changes.getByRole('button', { name: 'Apply 1 file' }).click();
  await expect(file(page, 'src/add.ts')).toContainText(/differ|conflict|changed/i);
  await expect(file(page, 'src/add.ts').getByRole('group', { name: /^Both versions/ })).toContainText('sum = 30');
  expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toBe('export const sum = 30;\n');

  await changes.getByRole('button', { name: 'Reject src/add.ts' }).click();
  await page.keyboard.press('Enter');
  await expect(file(page, 'src/add.ts')).toHaveAttribute('data-state', 'rejected');
  await changes.getByRole('button', { name: 'Apply all 2 files' }).click();
  await expect(changes.getByText('Everything is decided: 2 files applied')).toBeVisible();
  expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('# Harbour\n');
  expect(await readFile(join(path, 'docs/new.md'), 'utf8')).toBe('# New\n');
});

test('a review by keys: hunk by hunk, a comment, accept, reject and bring back, apply', async ({ page, boocode }) => {
  const body = Array.from({ length: 40 }, (_, at) => `const line${at} = ${at};`).join('\n');
  const path = await openReview(page, boocode, { 'src/long.ts': `${body}\n`, 'src/other.ts': 'export const other = 1;\n' }, [
    'edit {"path":"src/long.ts","old_text":"const line2 = 2;","new_text":"const line2 = 200;"}',
    'edit {"path":"src/other.ts","old_text":"other = 1","new_text":"other = 2"}',
  ]);
  const changes = changesOf(page);
  await changes.getByRole('button', { name: /^long\.ts/ }).focus();
  await page.keyboard.press('j');
  await expect(changes.getByRole('group', { name: /^Hunk 1 of 1/ }).first()).toBeFocused();
  await page.keyboard.press('c');
  await page.keyboard.type('Why two hundred?');
  await page.keyboard.press('Control+Enter');
  await expect(file(page, 'src/long.ts')).toContainText('Why two hundred?');
  await expect(file(page, 'src/long.ts').locator('[data-line="old:3"]')).toBeFocused();
  await expect(file(page, 'src/long.ts').locator('mark').first()).toHaveText('2');
  await page.keyboard.press('y');
  await expect(file(page, 'src/long.ts')).toHaveAttribute('data-accepted', 'true');
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await page.keyboard.type('Leave it');
  await page.keyboard.press('Enter');
  await expect(file(page, 'src/other.ts')).toHaveAttribute('data-state', 'rejected');
  await expect(changes.getByRole('button', { name: /^other\.ts/ })).toBeFocused();
  await changes.getByRole('button', { name: 'Undo src/other.ts' }).click();
  await expect(changes.getByRole('button', { name: 'Accept src/other.ts' })).toBeVisible();
  await changes.getByRole('button', { name: /^other\.ts/ }).focus();
  await page.keyboard.press('Shift+Y');
  await changes.getByRole('button', { name: 'Apply 2 files' }).click();
  await expect(changes.getByText('Everything is decided: 2 files applied')).toBeVisible();
  expect(await readFile(join(path, 'src/long.ts'), 'utf8')).toContain('line2 = 200');
  expect(await readFile(join(path, 'src/other.ts'), 'utf8')).toContain('other = 2');
});

test('a small edit of one’s own before it is applied', async ({ page, boocode }) => {
  const path = await openReview(page, boocode, { 'a.ts': 'export const a = 1;\n' }, ['edit {"path":"a.ts","old_text":"a = 1","new_text":"a = 2"}']);
  await changesOf(page).getByRole('button', { name: 'Edit a.ts' }).click();
  const text = page.getByRole('textbox', { name: 'Text of a.ts' });
  await expect(text).toHaveValue('export const a = 2;\n');
  await expectAccessible(page);
  await text.fill('export const a = 3;\n');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(file(page, 'a.ts')).toContainText('export const a = 3;');
  await changesOf(page).getByRole('button', { name: 'Apply all 1 file' }).click();
  await expect(changesOf(page).getByText('Everything is decided: 1 file applied')).toBeVisible();
  expect(await readFile(join(path, 'a.ts'), 'utf8')).toBe('export const a = 3;\n');
});

test('every kind of change looks right and is accessible, dark and light, side by side, and on a phone', async ({ page, boocode }, info) => {
  test.setTimeout(150_000);
  const source = '/**\n * A comment\n * over lines.\n */\nexport function add(a: number, b: number) {\n  return a + b; // the sum of both\n}\n';
  await openReview(page, boocode, { 'src/add.ts': source, 'src/space.ts': 'if (x) {\ny();\n}\n', 'docs/guide.md': '# Guide\n' }, [
    `edit {"path":"src/add.ts","old_text":"return a + b; // the sum of both","new_text":"return b + a; // the sum of all of them"}`,
    'edit {"path":"src/space.ts","old_text":"y();","new_text":"  y();"}',
    `write {"path":"src/new.ts","content":"export const text = \`over\\ntwo lines\`;\\n"}`,
  ]);
  await expect(changesOf(page).locator('.hljs-keyword').first()).toBeVisible();
  await changesOf(page).getByRole('button', { name: 'Accept src/add.ts' }).click();
  await expect(file(page, 'src/add.ts')).toHaveAttribute('data-accepted', 'true');
  await page.screenshot({ path: info.outputPath('ember.png') });
  await expectAccessible(page);
  await changesOf(page).getByRole('button', { name: 'Hide changes of white space' }).click();
  await expect(changesOf(page).getByText('Only white space changed here.')).toBeVisible();
  await changesOf(page).getByRole('button', { name: 'Old and new side by side' }).click();
  await expect(changesOf(page).locator('.patch-pair').first()).toBeVisible();
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'chalk'));
  await page.screenshot({ path: info.outputPath('chalk-split.png') });
  await expectAccessible(page);
  await changesOf(page).getByRole('button', { name: 'Old and new side by side' }).click();
  await changesOf(page).getByRole('button', { name: 'Hide changes of white space' }).click();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: /^Changes/ }).click();
  await page.screenshot({ path: info.outputPath('phone.png') });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test('a diff of 5,000 lines can be used at once', async ({ page, boocode }) => {
  const path = await openReview(page, boocode, { 'big.ts': 'start\n' }, ['edit {"path":"big.ts","old_text":"start","new_text":"end"}']);
  expect(path).not.toBe('');
  const lines = Array.from({ length: 2_500 }, (_, at) => `-const value${at} = compute(${at}, "before");\n+const value${at} = compute(${at}, "after", true);`);
  const patch = `--- a/big.ts\n+++ b/big.ts\n@@ -1,2500 +1,2500 @@\n${lines.join('\n')}\n`;
  await page.route('**/changes?*', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.items[0].patch = patch;
    await route.fulfill({ response, json: answer });
  });
  await page.reload();
  const toggle = changesOf(page).getByRole('button', { name: /^big\.ts/ });
  await expect(toggle).toBeVisible();
  await toggle.click();
  const ms = await toggle.evaluate(async (button: HTMLElement) => {
    const start = performance.now();
    button.click();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  });
  console.log(`a diff of 5,000 lines: ${ms.toFixed(0)} ms from the click to the painted lines`);
  await expect(changesOf(page).locator('[data-line="old:1"]')).toBeVisible();
  expect(await changesOf(page).locator('.patch-line').count()).toBeLessThan(400);
  await changesOf(page)
    .locator('[data-hunk="0"]')
    .evaluate((element) => element.closest('.overflow-y-auto')?.scrollBy(0, 40_000));
  await expect(changesOf(page).locator('[data-line="new:1000"], [data-line="new:1050"], [data-line="old:1000"]').first()).toBeAttached();
});
