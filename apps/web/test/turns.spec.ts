import type { Page } from '@playwright/test';
import { expect, startSession, test } from './boocode.ts';
import { seedChat } from './seed-chat.ts';

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

test('the end is followed while turns come and go quickly, and while a focus comes into a list that grows fast', async ({ page, boocode }) => {
  const { chatId } = await startSession(page, boocode, ['Question 0', 'demo: say Answer 0.']);
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation.getByText('Answer 0.', { exact: true })).toBeVisible();
  for (let index = 1; index <= 6; index++) {
    await boocode.post(`/api/chats/${chatId}/messages`, { text: `Question ${index}\ndemo: say Answer ${index}. ${'\\n\\nMore.'.repeat(index % 5)}` });
  }
  await expect(conversation.getByText(/^Answer 6\./)).toBeInViewport({ timeout: 45_000 });
  await boocode.post(`/api/chats/${chatId}/messages`, { text: 'Question 7\ndemo: stream 100000 tokens at 1500 per second' });
  const heightOf = () => conversation.evaluate((area) => area.scrollHeight);
  const before = await heightOf();
  await expect.poll(heightOf).toBeGreaterThan(before + 600);
  await conversation.focus();
  const atFocus = await heightOf();
  await expect.poll(heightOf).toBeGreaterThan(atFocus + 900);
  await expect.poll(() => gapBelow(page)).toBeLessThan(150);
  await expect(page.getByRole('button', { name: 'New below' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped. What was done so far is kept.')).toBeInViewport();
});

test('older messages load above without moving what is read', async ({ page, boocode }) => {
  const { sessionId, chatId } = await seedChat(boocode, await boocode.repository({ 'README.md': '# Harbor\n' }), 200);
  const mayAnswer = Promise.withResolvers<void>();
  await page.route(/[?&]before=/, async (route) => {
    await mayAnswer.promise;
    await route.continue();
  });
  await page.goto(`${boocode.url}/sessions/${sessionId}/${chatId}${new URL(await boocode.link()).hash}`);
  const conversation = page.getByRole('region', { name: 'Conversation' });
  await expect(conversation.getByText(/^Answer 99\./)).toBeVisible();
  const asked = page.waitForRequest(/[?&]before=/);
  const older = page.waitForResponse(/[?&]before=/);
  await conversation.evaluate((area) => {
    area.scrollTop = 1;
  });
  await asked;
  const oldest = conversation.getByText(/^Question \d+$/).first();
  await expect(oldest).toBeInViewport();
  const row = conversation.getByText(await oldest.innerText(), { exact: true });
  const top = () => row.evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  mayAnswer.resolve();
  await older;
  await expect.poll(() => conversation.evaluate((area) => area.scrollTop)).toBeGreaterThan(100);
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
});
