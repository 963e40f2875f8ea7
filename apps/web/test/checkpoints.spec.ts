import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, startSession, test } from './boocode.ts';

test('a prompt is taken back with its files, its words return to the composer, and the undo brings all of it again', async ({ page, boocode, context }) => {
  const { sessionId, chatId, address } = await startSession(page, boocode, [
    'Make it.',
    'demo: call write {"path":"a.txt","content":"one\\n"}',
    'demo: say First done.',
  ]);
  const talk = page.getByRole('region', { name: 'Conversation' });
  await expect(talk.getByText('First done.', { exact: true })).toBeVisible();
  await boocode.post(`/api/chats/${chatId}/messages`, { text: 'Change it.\ndemo: call write {"path":"b.txt","content":"two\\n"}\ndemo: say Second done.' });
  await expect(talk.getByText('Second done.', { exact: true })).toBeVisible();
  const { items } = await boocode.get<{ items: { sessionId: string; path: string }[] }>('/api/worktrees');
  const worktree = items.find((one) => one.sessionId === sessionId)!.path;
  const content = () => readFile(join(worktree, 'b.txt'), 'utf8').catch(() => null);
  const other = await context.newPage();
  await other.goto(`${address}${new URL(await boocode.link()).hash}`);
  const otherTalk = other.getByRole('region', { name: 'Conversation' });
  await expect(otherTalk.getByText('Second done.', { exact: true })).toBeVisible();

  await expect(talk.getByRole('button', { name: 'Restore to here' })).toHaveCount(2);
  await talk.getByRole('button', { name: 'Restore to here' }).last().click();
  const dialog = page.getByRole('dialog', { name: 'Restore to before this message?' });
  await expect(dialog).toContainText('1 file changes back, 2 messages are removed');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(dialog).toBeHidden();
  await expect(talk.getByText('Second done.', { exact: true })).toHaveCount(0);
  await expect(otherTalk.getByText('Second done.', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: /message/i })).toHaveValue(/^Change it\./);
  expect(await content()).toBeNull();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(talk.getByText('Second done.', { exact: true })).toBeVisible();
  await expect(otherTalk.getByText('Second done.', { exact: true })).toBeVisible();
  expect(await content()).toBe('two\n');
  await other.close();
});

test('the checkpoints of a session are gone through by keys, compared and brought back', async ({ page, boocode }) => {
  const { chatId } = await startSession(page, boocode, ['Make it.', 'demo: call write {"path":"a.txt","content":"one\\n"}', 'demo: say First done.']);
  const talk = page.getByRole('region', { name: 'Conversation' });
  await expect(talk.getByText('First done.', { exact: true })).toBeVisible();
  await boocode.post(`/api/chats/${chatId}/messages`, { text: 'Change it.\ndemo: call write {"path":"a.txt","content":"two\\n"}\ndemo: say Second done.' });
  await expect(talk.getByText('Second done.', { exact: true })).toBeVisible();
  await page
    .getByRole('button', { name: /^New tab in pane/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Checkpoints' }).click();
  const pane = page.getByRole('region', { name: 'Checkpoints' });
  await expect(pane).toContainText('3 checkpoints');
  const slider = pane.getByRole('slider', { name: 'Checkpoint' });
  await expect(slider).toHaveAttribute('aria-valuetext', /^3 of 3/);
  await expect(pane.getByRole('list', { name: 'Differences' })).toContainText('a.txt');
  await pane.getByRole('button', { name: /^a\.txt/ }).click();
  await expect(pane.getByRole('region', { name: 'Changes of a.txt' })).toContainText('two');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', /^2 of 3: After: Make it\./);
  await pane.getByLabel('Compared with').selectOption('worktree');
  await expect(pane.getByRole('list', { name: 'Differences' })).toContainText('a.txt');
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible(page);
  }
  await page.screenshot({ path: test.info().outputPath('checkpoints.png') });
  await pane.getByRole('button', { name: 'Restore…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1 file changes back, 2 messages are removed');
  await page.screenshot({ path: test.info().outputPath('restore.png') });
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(pane).toContainText('4 checkpoints');
});

test('everything fits a phone', async ({ page, boocode }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startSession(page, boocode, ['Make it.', 'demo: call write {"path":"a.txt","content":"one\\n"}', 'demo: say First done.']);
  const talk = page.getByRole('region', { name: 'Conversation' });
  await expect(talk.getByText('First done.', { exact: true })).toBeVisible();
  await talk.getByRole('button', { name: 'Restore to here' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore to before this message?' });
  await expect(dialog).toContainText('1 file changes back');
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.screenshot({ path: test.info().outputPath('phone.png') });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
