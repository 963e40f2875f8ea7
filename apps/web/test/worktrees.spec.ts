import { expectAccessible } from './accessible.ts';
import { expect, moveFocus, startSession, test } from './boocode.ts';

const WRITE = `demo: call write ${JSON.stringify({ path: 'new.txt', content: 'new\n' })}`;

const TITLE = 'Look after worktrees';

test('worktrees are seen with what would be lost, put aside, removed and brought back', async ({ page, boocode }) => {
  const { chatId, sessionId } = await startSession(page, boocode, [`${TITLE}\ndemo: say Here.`]);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await boocode.post(`/api/chats/${chatId}/messages`, { text: [WRITE, 'demo: say Written.'].join('\n'), access: 'edits' });
  await expect(page.getByText('Written.', { exact: true })).toBeVisible();
  const running = async () =>
    (await boocode.get<{ items: { endedAt: string | null }[] }>(`/api/tasks?session=${sessionId}`)).items.filter((task) => task.endedAt === null);
  await expect.poll(running).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Worktrees' }).click();
  // Other tests of this server have worktrees, too.
  const places = page.getByRole('list', { name: 'In their place' }).locator(':scope > li').filter({ hasText: TITLE });
  const trash = page.getByRole('list', { name: 'Trash' }).locator(':scope > li').filter({ hasText: TITLE });
  await expect(places).toHaveCount(1);
  await expect(places).toContainText('boocode/');
  await expect(page.getByRole('list', { name: 'What happens by itself' })).toContainText(/Stays/);
  await expectAccessible(page);

  const more = places.getByRole('button', { name: /^More for/ });
  await moveFocus(page, more, 'Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'What would be lost' }).press('Enter');
  await expect(places.getByRole('status')).toContainText('1 new file');
  await more.click();
  await page.getByRole('menuitem', { name: 'Measure again' }).click();
  await expect(places).toContainText(/(bytes|KB) \(now\)/);
  await more.click();
  await page.getByRole('menuitem', { name: 'Put uncommitted work aside' }).click();
  await expect(places).toContainText('Put aside: 1 file');
  await more.click();
  await page.getByRole('menuitem', { name: 'Bring it back' }).click();
  await expect(places).not.toContainText('Put aside: 1 file');
  await more.click();
  await page.getByRole('menuitem', { name: 'Set-up and its log' }).click();
  await expect(places).toContainText('Nothing was copied or run.');

  await places.getByRole('button', { name: /^Remove/ }).click();
  await expect(places.getByRole('alert')).toContainText('1 new file');
  await expectAccessible(page);
  await places.getByRole('button', { name: /^Remove it all the same/ }).click();
  await expect(trash).toContainText('7 days left');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(places).toHaveCount(1);

  await places.getByRole('button', { name: /^Remove/ }).click();
  await places.getByRole('button', { name: /^Remove it all the same/ }).click();
  await trash.getByRole('button', { name: /^Bring back/ }).click();
  await expect(places).toHaveCount(1);
  const { items } = await boocode.get<{ items: { path: string }[] }>(`/api/sessions/${sessionId}/changes`);
  expect(items.map(({ path }) => path)).toEqual(['new.txt']);

  await places.getByRole('button', { name: /^Remove/ }).click();
  await places.getByRole('button', { name: /^Remove it all the same/ }).click();
  await expect(trash).toContainText('7 days left');
  await page.setViewportSize({ width: 360, height: 740 });
  await expectAccessible(page);
  await trash.getByRole('button', { name: /^Remove/ }).click();
  await trash.getByRole('button', { name: /^Really remove/ }).click();
  await expect(trash).toHaveCount(0);
  await expect(places).toHaveCount(0);
  await expectAccessible(page);
});
