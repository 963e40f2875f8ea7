import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, moveFocus, test, typeLines } from './boocode.ts';

const FILE = '.boocode/project.json';

test('what a repository brings is seen and approved in the browser, and runs only then', async ({ page, boocode }) => {
  test.setTimeout(120_000);
  const path = await boocode.repository({ 'README.md': '# Harbor\n', [FILE]: '{"setup": "echo one > set-up-ran.txt"}\n' });
  await page.goto(await boocode.link());
  await page.getByRole('textbox', { name: /project/ }).fill(path);
  await page.keyboard.press('Enter');

  const question = page.getByRole('region', { name: 'Approve what this repository brings?' });
  await expect(question.getByRole('group', { name: 'What would run' })).toContainText('echo one > set-up-ran.txt');
  await expect(question.getByRole('group', { name: `Text of ${FILE}` })).toContainText('{"setup": "echo one > set-up-ran.txt"}');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await question.getByRole('button', { name: 'Not now' }).click();
  await expect(page.getByText('is not approved, so nothing of it runs')).toBeVisible();

  await page.getByRole('textbox', { name: 'What should change?' }).click();
  await typeLines(page, ['Look around.', 'demo: say Looked without it.']);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Looked without it.', { exact: true })).toBeVisible();
  await expect(page.getByText(`${FILE} is not trusted yet`)).toBeVisible();
  expect(await filesCalled('set-up-ran.txt', boocode.home)).toEqual([]);

  // In the chat, by key. What was seen is another by the time of the answer: the server says no, and the difference is shown.
  await moveFocus(page, page.getByRole('button', { name: 'Look at it' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await writeFile(join(path, FILE), '{"setup": "echo two > set-up-ran.txt"}\n');
  await moveFocus(page, page.getByRole('button', { name: 'Approve', exact: true }), 'Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('it has changed since you saw it');
  await page.getByRole('button', { name: 'Look again' }).press('Enter');
  await expect(page.getByRole('group', { name: 'What would run' })).toContainText('echo two');
  await page.getByRole('button', { name: 'Approve', exact: true }).press('Enter');
  await expect(page.getByText('is approved as it is now')).toBeVisible();

  const composer = page.getByRole('textbox', { name: 'Message to boocode' });
  await composer.fill('Again.\ndemo: say Looked with it.');
  await composer.press('Enter');
  await expect(page.getByText('Looked with it.', { exact: true })).toBeVisible();
  expect(await filesCalled('set-up-ran.txt', boocode.home)).toHaveLength(1);

  await writeFile(join(path, FILE), '{"setup": "echo three > set-up-ran.txt"}\n');
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'New session' }).click();
  const changed = page.getByRole('region', { name: /has changed. Approve it again/ });
  await expect(changed.getByText('removed:')).toHaveCount(1);
  await expect(changed.getByText('added:')).toHaveCount(1);
});

async function filesCalled(name: string, home: string): Promise<readonly string[]> {
  const entries = await readdir(join(home, 'worktrees'), { recursive: true });
  return entries.filter((entry) => entry.endsWith(name));
}
