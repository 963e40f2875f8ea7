import type { Page } from '@playwright/test';
import { type BooCode, expect, test, typeLines } from './boocode.ts';

async function startSession(page: Page, boocode: BooCode, lines: readonly string[]): Promise<void> {
  const path = await boocode.repository({ 'README.md': '# Harbor\n' });
  await page.goto(await boocode.link());
  await page.getByRole('textbox', { name: /project/ }).fill(path);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'What should change?' }).click();
  await typeLines(page, lines);
  await page.keyboard.press('Enter');
}

/** How far the end of the conversation lies below what is seen. */
function gapBelow(page: Page): Promise<number> {
  return page.getByRole('region', { name: 'Conversation' }).evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight);
}

test('a failed turn says why and can be retried, and discarded from the inbox', async ({ page, boocode }) => {
  await startSession(page, boocode, ['This will fail.', 'demo: fault 401']);
  const failure = page.getByRole('group', { name: 'Failed' });
  await expect(failure).toContainText('model_unauthorized');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('region', { name: 'Conversation' }).getByText('This turn failed')).toHaveCount(2);
  await page.getByRole('link', { name: /Inbox/ }).click();
  const item = page.getByRole('listitem').filter({ has: page.getByRole('group', { name: 'Failed' }) });
  await expect(item).toHaveCount(1);
  await item.getByRole('button', { name: 'Discard' }).click();
  await expect(item).toHaveCount(0);
});

test('a reader who went up stays where they are while the answer grows, and comes back with one button', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Talk.', 'demo: stream 4000 tokens', 'demo: stream 100000 tokens at 60 per second']);
  await expect.poll(() => gapBelow(page)).toBeLessThan(3);
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect.poll(() => conversation.evaluate((area) => area.scrollHeight > area.clientHeight * 3)).toBe(true);
  await conversation.focus();
  await page.keyboard.press('Home');
  const prompt = conversation.getByText('demo: stream 4000 tokens');
  await expect(prompt).toBeVisible();
  const before = await prompt.boundingBox();
  await expect(page.getByRole('button', { name: 'New below' })).toBeVisible();
  expect(await prompt.boundingBox()).toEqual(before);
  await page.getByRole('button', { name: 'New below' }).click();
  await expect.poll(() => gapBelow(page)).toBeLessThan(3);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
});

test('a draft survives a reload, and a reload in mid-stream goes on', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Talk.', 'demo: say The beginning.', 'demo: stream 100000 tokens at 40 per second']);
  await expect(page.getByText('The beginning.').first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Message to boocode' }).fill('not yet sent');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Message to boocode' })).toHaveValue('not yet sent');
  await expect(page.getByText('The beginning.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
});

test('a message that cannot be sent waits on the device, comes back when asked for, and is sent once', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Hello yourself.']);
  await expect(page.getByText('Hello yourself.', { exact: true })).toBeVisible();
  await page.route('**/messages', (route) => route.abort());
  const composer = page.getByRole('textbox', { name: 'Message to boocode' });
  await composer.fill('keep me');
  await page.keyboard.press('Enter');
  const waiting = page.getByRole('list', { name: 'On their way' });
  await expect(waiting).toContainText('Kept on this device');
  await waiting.getByRole('button', { name: 'Take back' }).click();
  await expect(composer).toHaveValue('keep me');
  await page.unroute('**/messages');
  await composer.press('Enter');
  await expect(page.getByRole('region', { name: 'Conversation' }).getByText('keep me')).toHaveCount(1);
});

test('older messages load above without moving what is read', async ({ page, boocode }) => {
  test.setTimeout(150_000); // 27 turns on a machine that others use
  await startSession(page, boocode, ['Question 0', 'demo: say Answer 0.']);
  await expect(page.getByText('Answer 0.', { exact: true })).toBeVisible();
  const headers = { authorization: `Bearer ${boocode.token}`, 'content-type': 'application/json' };
  const session = await (await fetch(`${boocode.url}/api/sessions/${page.url().split('/').at(-1)}`, { headers })).json();
  for (let index = 1; index < 27; index++) {
    const body = JSON.stringify({ text: `Question ${index}\ndemo: say Answer ${index}. ${'\\n\\nMore.'.repeat(index % 7)}` });
    await fetch(`${boocode.url}/api/chats/${session.chats[0].id}/messages`, { method: 'POST', headers, body });
  }
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation.getByText(/^Answer 26\./)).toBeVisible({ timeout: 100_000 });
  await page.reload();
  await expect(conversation.getByText(/^Answer 26\./)).toBeVisible();
  const older = page.waitForResponse((response) => response.url().includes('before='));
  await conversation.evaluate((area) => {
    area.scrollTop = 1;
  });
  const row = conversation.getByText(/^Question 3$/m).first();
  const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  await older;
  await expect.poll(() => conversation.evaluate((area) => area.scrollTop)).toBeGreaterThan(100);
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
});
