import type { Page } from '@playwright/test';
import { expect, startSession, test } from './boocode.ts';

const LARGE = 'A line of a log that somebody pastes.\n'.repeat(400);

function composer(page: Page) {
  return page.getByRole('textbox', { name: 'Message to boocode' });
}

function conversation(page: Page) {
  return page.getByRole('region', { name: 'Conversation' });
}

async function paste(page: Page, text: string): Promise<void> {
  await composer(page).evaluate((area, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

test('a large paste becomes a chip that survives a reload, can be removed, and goes with the message', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Hello yourself.']);
  await expect(page.getByText('Hello yourself.', { exact: true })).toBeVisible();
  await paste(page, LARGE);
  await paste(page, LARGE);
  const chips = page.getByRole('list', { name: 'Attached files' });
  await expect(chips.getByRole('listitem')).toHaveCount(2);
  await expect(composer(page)).toHaveValue('');
  await page.getByRole('button', { name: 'Remove pasted-2.txt' }).click();
  await page.reload();
  await expect(chips.getByRole('listitem')).toHaveText(/pasted\.txt15 KB, 401 lines/);
  await composer(page).fill('Look at this log.\ndemo: say A long log.');
  await page.keyboard.press('Control+Enter');
  await expect(chips).toHaveCount(0);
  await conversation(page)
    .getByRole('button', { name: /pasted\.txt/ })
    .click();
  await expect(page.getByRole('group', { name: 'Text of pasted.txt' })).toContainText('somebody pastes');
  await expect(page.getByText('A long log.', { exact: true })).toBeVisible();
});

test('arrows bring earlier prompts back and lose no draft, and @ names a file', async ({ page, boocode }) => {
  await startSession(page, boocode, ['First question', 'demo: say First answer.'], {
    'README.md': '# Harbor\n',
    'src/harbor-master.ts': 'export const depth = 12;\n',
  });
  await expect(page.getByText('First answer.', { exact: true })).toBeVisible();
  await composer(page).fill('my draft');
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue('my draft'); // the caret was at the end
  await composer(page).press('Home');
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue(/^First question/);
  await composer(page).press('ArrowDown');
  await expect(composer(page)).toHaveValue('my draft');

  await composer(page).fill('');
  await composer(page).pressSequentially('Look at @hmast');
  const menu = page.getByRole('listbox', { name: 'Files' });
  await expect(menu.getByRole('option')).toHaveCount(1);
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('Look at @src/harbor-master.ts ');
  await expect(menu).toHaveCount(0);
});

test('a message sent during a turn waits in order, and can be steered into the turn', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Look.', 'demo: call shell {"command":"ls"}', 'demo: say The end.']);
  const question = page.getByRole('group', { name: 'Run this command?' }); // the turn lasts until it is answered
  await expect(question).toBeVisible();
  await composer(page).fill('Also mind the tide.');
  await page.keyboard.press('Enter');
  await composer(page).fill('demo: say The second answer.');
  await page.keyboard.press('Enter');
  const queued = page.locator('[data-queued]');
  await expect(queued).toHaveText([/Also mind the tide/, /The second answer/]);
  const steered = page.waitForRequest(/\/steer$/); // answered when the turn takes it, which it does behind the call
  await queued.first().getByRole('button', { name: 'Steer' }).click();
  await steered;
  await question.getByRole('button', { name: 'Allow once' }).click();
  await expect(page.getByText('You said in mid-turn')).toBeVisible();
  await expect(page.getByText('The second answer.', { exact: true })).toBeVisible();
});

test('a choice made while a turn runs is kept and says when it applies', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Talk.', 'demo: stream 100000 tokens at 40 per second']);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.getByRole('button', { name: /^Access/ }).click();
  await page.getByRole('menuitemradio', { name: /Read only/ }).click();
  await expect(page.getByText(/applies from the next turn/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/applies from the next turn/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/applies from the next turn/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Access/ })).toContainText('Read only');
});

test('two chats of a session stream side by side and never mix', async ({ page, boocode, context }) => {
  const { sessionId } = await startSession(page, boocode, ['Talk.', 'demo: stream 60 tokens at 30 per second', 'demo: say The left one.']);
  await expect(composer(page)).toBeVisible();
  const chat = await boocode.post<{ id: string }>(`/api/sessions/${sessionId}/chats`, { title: 'Second', access: 'read-only' });
  await boocode.post(`/api/chats/${chat.id}/messages`, { text: 'Talk too.\ndemo: stream 60 tokens at 30 per second\ndemo: say The right one.' });
  await composer(page).fill('a draft on the left');
  const other = await context.newPage();
  await other.goto(`${boocode.url}/sessions/${sessionId}/${chat.id}`);
  // panes are the same in all windows: whichever chats a window draws, each holds its own words alone
  const conversations = (text: string) => other.locator('[aria-label="Conversation"]', { hasText: text });
  const right = conversations('Talk too.');
  await expect(right.locator('.md-block', { hasText: 'The right one.' })).toBeVisible();
  await expect(page.locator('[aria-label="Conversation"] .md-block', { hasText: 'The left one.' })).toHaveCount(1);
  await expect(right).not.toContainText('The left one.');
  await expect(conversations('The left one.').filter({ hasText: 'The right one.' })).toHaveCount(0);
  await expect(other.getByRole('textbox', { name: 'Message to boocode' })).toHaveValue('');
  await page.goto(`${boocode.url}/sessions/${sessionId}`);
  await page.reload();
  expect(await page.evaluate(() => Object.values(localStorage).filter((value) => value === 'a draft on the left'))).toHaveLength(1);
});
