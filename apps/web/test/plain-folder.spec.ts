import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test, typeLines } from './boocode.ts';

test('a folder without git: said on its page, worked on, reviewed and applied, and no .git is made', async ({ page, boocode }) => {
  const path = await mkdtemp(join(tmpdir(), 'boocode-plain-'));
  await mkdir(join(path, 'src'));
  await writeFile(join(path, 'src', 'add.ts'), 'export const sum = 1;\n');
  await writeFile(join(path, 'notes.txt'), 'mine\n');
  const project = await boocode.post<{ id: string }>('/api/projects', { path });
  await page.goto(`${boocode.url}/projects/${project.id}${new URL(await boocode.link()).hash}`);
  const repository = page.getByRole('region', { name: 'Repository' });
  await expect(repository).toContainText('No git here: BooCode keeps its own history outside the folder');
  await expect(repository.getByRole('button', { name: 'Start git here' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start from/ })).toHaveCount(0);
  await expectAccessible(page);
  await page.screenshot({ path: test.info().outputPath('project.png') });

  await page.getByRole('textbox', { name: 'What should change?' }).focus();
  await typeLines(page, ['Change it.', 'demo: call edit {"path":"src/add.ts","old_text":"sum = 1","new_text":"sum = 2"}', 'demo: say Ready.']);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const changes = page.getByRole('region', { name: 'Changes', exact: true });
  await expect(changes.locator('[data-change="src/add.ts"]')).toBeVisible();
  await expect(page.getByText('BooCode keeps its own history outside the folder')).toBeVisible();
  expect(await readFile(join(path, 'src', 'add.ts'), 'utf8')).toBe('export const sum = 1;\n');
  await page.screenshot({ path: test.info().outputPath('session.png') });
  await changes.getByRole('button', { name: /^Apply/ }).click();
  await expect(changes.getByText('Everything is decided: 1 file applied')).toBeVisible();
  expect(await readFile(join(path, 'src', 'add.ts'), 'utf8')).toBe('export const sum = 2;\n');
  expect((await readdir(path, { recursive: true })).toSorted()).toEqual(['notes.txt', 'src', 'src/add.ts']);
  await rm(path, { recursive: true });
});
