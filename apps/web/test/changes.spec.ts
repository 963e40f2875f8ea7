import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { type BooCode, expect, startSession, test } from './boocode.ts';

const TURN_TIMEOUT_MS = 60_000;

/** A session whose agent has made these calls; gives the folder. */
async function openReview(page: Page, boocode: BooCode, files: Record<string, string>, calls: readonly string[]): Promise<string> {
  const { path } = await startSession(page, boocode, ['Change it.', ...calls.map((call) => `demo: call ${call}`), 'demo: say Ready.'], files);
  const paths = new Set(calls.map((call) => /"path":"([^"]+)"/.exec(call)?.[1]));
  await expect(changesOf(page).getByRole('list', { name: 'Changed files' }).locator(':scope > li')).toHaveCount(paths.size, { timeout: TURN_TIMEOUT_MS });
  return path;
}

function changesOf(page: Page) {
  return page.getByRole('region', { name: 'Changes', exact: true });
}

function hunkOf(page: Page, name: string) {
  return changesOf(page).getByRole('group', { name, exact: true });
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
  await changes.getByRole('button', { name: 'Apply 1 hunk' }).click();
  await expect(file(page, 'src/add.ts')).toContainText(/differ|conflict|changed/i);
  await expect(file(page, 'src/add.ts').getByRole('group', { name: /^Both versions/ })).toContainText('sum = 30');
  expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toBe('export const sum = 30;\n');

  await changes.getByRole('button', { name: 'Reject src/add.ts' }).click();
  await page.keyboard.press('Enter');
  await expect(file(page, 'src/add.ts')).toHaveAttribute('data-state', 'rejected');
  await changes.getByRole('button', { name: 'Apply all' }).click();
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
  await changes.getByRole('button', { name: 'Restore src/other.ts' }).click();
  await expect(changes.getByRole('button', { name: 'Accept src/other.ts' })).toBeVisible();
  await changes.getByRole('button', { name: /^other\.ts/ }).focus();
  await page.keyboard.press('Shift+Y');
  await changes.getByRole('button', { name: 'Apply 2 hunks' }).click();
  await expect(changes.getByText('Everything is decided: 2 files applied')).toBeVisible();
  expect(await readFile(join(path, 'src/long.ts'), 'utf8')).toContain('line2 = 200');
  expect(await readFile(join(path, 'src/other.ts'), 'utf8')).toContain('other = 2');
});

const LONG = Array.from({ length: 40 }, (_, at) => `const line${at} = ${at};`).join('\n');

test('two hunks of one file by keys: the rest waits, and the apply can be undone', async ({ page, boocode }) => {
  const path = await openReview(
    page,
    boocode,
    { 'src/long.ts': `${LONG}\n` },
    [2, 4, 30].map((at) => `edit {"path":"src/long.ts","old_text":"const line${at} = ${at};","new_text":"const line${at} = ${at}00;"}`),
  );
  const changes = changesOf(page);
  const onDisk = () => readFile(join(path, 'src/long.ts'), 'utf8');
  await expect(changes.getByText('of 3 hunks accepted')).toBeVisible();
  await changes.getByRole('button', { name: /^long\.ts/ }).focus();
  await page.keyboard.press('j');
  await expect(hunkOf(page, 'Hunk 1 of 3, line 3')).toBeFocused();
  await page.keyboard.press('y');
  await expect(hunkOf(page, 'Hunk 1 of 3, line 3, accepted')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('y');
  await page.keyboard.press('u');
  await expect(changes.getByRole('button', { name: 'Accept hunk 2 of 3, line 5' })).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('j');
  await expect(hunkOf(page, 'Hunk 3 of 3, line 31')).toBeFocused();
  await page.keyboard.press('y');
  await expect(changes.getByRole('button', { name: 'Accept src/long.ts' })).toHaveAttribute('aria-pressed', 'mixed');
  const session = new URL(page.url()).pathname.split('/')[2] ?? '';
  const marks = async () =>
    (await boocode.get<{ items: { hunks: { marked: boolean }[] }[] }>(`/api/sessions/${session}/changes`)).items[0]?.hunks.map(({ marked }) => marked);
  await expect.poll(marks).toEqual([true, false, true]);

  await page.reload();
  await expect(changes.getByRole('button', { name: 'Accept hunk 3 of 3, line 31', pressed: true })).toBeVisible();
  await changes.getByRole('button', { name: 'Apply 2 hunks' }).click();
  await expect(changes.getByText('of 1 hunk accepted')).toBeVisible();
  expect([await onDisk()].map((text) => [text.includes('= 200;'), text.includes('= 400;'), text.includes('= 3000;')])).toEqual([[true, false, true]]);
  await expect(changes.locator('[data-change="src/long.ts"][data-state="applied"]')).toBeVisible();
  await page.getByRole('region', { name: 'Done just now' }).getByRole('button', { name: 'Undo' }).click();
  await expect(changes.getByText('of 3 hunks accepted')).toBeVisible();
  expect(await onDisk()).toBe(`${LONG}\n`);
});

test('one hunk is rejected with a note and brought back by a key; an applied one is taken back', async ({ page, boocode }) => {
  const path = await openReview(
    page,
    boocode,
    { 'src/long.ts': `${LONG}\n` },
    [2, 30].map((at) => `edit {"path":"src/long.ts","old_text":"const line${at} = ${at};","new_text":"const line${at} = ${at}00;"}`),
  );
  const changes = changesOf(page);
  await changes.getByRole('button', { name: /^long\.ts/ }).focus();
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await page.keyboard.type('Two is enough');
  await page.keyboard.press('Enter');
  await expect(changes.getByText('Your note: Two is enough')).toBeVisible();
  await expect(hunkOf(page, 'Hunk 1 of 1, line 31')).toBeFocused();
  await page.keyboard.press('u');
  await expect(changes.getByText('of 2 hunks accepted')).toBeVisible();

  await changes.getByRole('button', { name: 'Apply all' }).click();
  await expect(changes.getByText('Everything is decided: 1 file applied')).toBeVisible();
  await changes.getByRole('button', { name: 'Take back hunk 1 of 2, line 3' }).click();
  await expect(changes.getByText('of 1 hunk accepted')).toBeVisible();
  const text = await readFile(join(path, 'src/long.ts'), 'utf8');
  expect([text.includes('= 200;'), text.includes('= 3000;')]).toEqual([false, true]);
});

test('what another session changes too is seen before it is applied, and asked about', async ({ page, boocode }) => {
  const call = (to: number) => `demo: call edit {"path":"src/add.ts","old_text":"sum = 1","new_text":"sum = ${to}"}`;
  const first = await startSession(page, boocode, ['Change it.', call(2), 'demo: say Ready.'], { 'src/add.ts': 'export const sum = 1;\n' });
  await expect(changesOf(page).getByRole('listitem').first()).toBeVisible();
  const { projectId } = await boocode.get<{ projectId: string }>(`/api/sessions/${first.sessionId}`);
  const second = await boocode.post<{ id: string; chats: { id: string }[] }>('/api/sessions', { projectId });
  await boocode.post(`/api/chats/${second.chats[0]!.id}/messages`, { text: ['Change it too.', call(3), 'demo: say Ready.'].join('\n') });
  const changes = changesOf(page);
  await expect(file(page, 'src/add.ts')).toContainText('applying yours would leave theirs in conflict');
  await expect(file(page, 'src/add.ts').getByRole('link')).toHaveAttribute('href', `/sessions/${second.id}`);
  await expectAccessible(page);
  await changes.getByRole('button', { name: 'Apply all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply over other sessions’ changes' });
  await expect(dialog).toContainText('src/add.ts');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await readFile(join(first.path, 'src/add.ts'), 'utf8')).toContain('sum = 1');
  await changes.getByRole('button', { name: 'Apply all' }).click();
  await dialog.getByRole('button', { name: 'Apply all anyway' }).click();
  await expect(changes.getByText('Everything is decided: 1 file applied')).toBeVisible();
  expect(await readFile(join(first.path, 'src/add.ts'), 'utf8')).toContain('sum = 2');
});

test('a check that fails and one that passes, then a commit, a branch and a patch', async ({ page, boocode }) => {
  const path = await openReview(page, boocode, { 'a.ts': 'export const a = 1;\n', 'b.ts': 'export const b = 1;\n' }, [
    'edit {"path":"a.ts","old_text":"a = 1","new_text":"a = 2"}',
    'edit {"path":"b.ts","old_text":"b = 1","new_text":"b = 2"}',
  ]);
  const changes = changesOf(page);
  const choose = async (item: RegExp) => {
    await changes.getByRole('button', { name: 'More ways to apply' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const check = async (command: string) => {
    await choose(/^Check first/);
    await page.getByRole('textbox', { name: 'Command' }).fill(command);
    await page.getByRole('button', { name: 'Run the check' }).click();
  };
  await check('echo looked at it; grep -q "a = 3" a.ts');
  await expect(changes.getByRole('region', { name: 'Check' })).toContainText('looked at it');
  await expect(changes.getByRole('button', { name: 'Apply all anyway' })).toBeVisible();
  await check('grep "a = 2" a.ts');
  await expect(changes.getByRole('region', { name: 'Check' })).toContainText('export const a = 2;');
  await expect(changes.getByRole('button', { name: 'Apply all', exact: true })).toBeEnabled();

  await choose(/^Open as branch/);
  await page.getByRole('textbox', { name: 'Branch' }).fill('take/a-and-b');
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Two of each');
  await page.getByRole('button', { name: 'Make the branch' }).click();
  await expect(page.getByRole('region', { name: 'Done just now' })).toContainText('take/a-and-b');
  await expect(changes.getByText('of 2 hunks accepted')).toBeVisible();

  const download = page.waitForEvent('download');
  await choose(/^Export patch/);
  expect(await readFile(await (await download).path(), 'utf8')).toContain('+export const b = 2;');

  await changes.getByRole('button', { name: 'Accept a.ts' }).click();
  await choose(/^Commit/);
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Only a');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await expect(changes.getByText('of 1 hunk accepted')).toBeVisible();
  const { stdout } = await promisify(execFile)('git', ['log', '--format=%s', '--name-only', '-1'], { cwd: path });
  expect(stdout.trim().split(/\n+/)).toEqual(['Only a', 'a.ts']);
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
  await changesOf(page).getByRole('button', { name: 'Apply all' }).click();
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
    answer.items[0].hunks = Array.from({ length: 2_500 }, (_, at) => ({ ...answer.items[0].hunks[0], id: `h${at}`, oldStart: at + 1, newStart: at + 1 }));
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
    .evaluate((element) => element.closest('.overflow-y-auto')?.scrollBy(0, element.closest('.diff')!.clientHeight / 2));
  await expect(changesOf(page).locator('[data-line="old:1240"], [data-line="old:1250"], [data-line="old:1260"]').first()).toBeAttached();
});

test('a change that does not fit is offered another place, to be looked at first', async ({ page, boocode }) => {
  const body = (fee: string, indent: string) =>
    ['export function pay(amount: number) {', `  const fee = amount * ${fee};`, '  return send(amount - fee);', '}']
      .map((line) => `${indent}${line}\n`)
      .join('');
  const path = await openReview(page, boocode, { 'pay.ts': body('0.1', '') }, ['edit {"path":"pay.ts","old_text":"amount * 0.1;","new_text":"amount * 0.2;"}']);
  await writeFile(join(path, 'pay.ts'), `namespace bank {\n${body('0.1', '  ')}}\n`);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  const changes = changesOf(page);
  await expect(changes.getByRole('region', { name: 'Here it seems to belong' })).toContainText('    const fee = amount * 0.2;');
  await expectAccessible(page);
  await changes.getByRole('button', { name: 'Use this place in pay.ts' }).click();
  await expect(changes.getByText('Everything is decided: 1 file applied')).toBeVisible();
  expect(await readFile(join(path, 'pay.ts'), 'utf8')).toBe(`namespace bank {\n${body('0.2', '  ')}}\n`);
});
