import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { expect, startSession, test } from './boocode.ts';

async function runCommand(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

function tab(page: Page, name: string) {
  return page.getByRole('tab', { name, exact: false });
}

test('a chat is renamed and deleted by keys alone, and a misclick costs nothing', async ({ page, boocode }, info) => {
  test.setTimeout(120_000);
  await startSession(page, boocode, ['Hello.', 'demo: say First words.']);
  await expect(page.getByText('First words.', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+Alt+n');
  await expect(page.getByText('Nothing said yet')).toBeVisible();
  await expect(tab(page, 'Chat 2')).toHaveAttribute('aria-selected', 'true');

  await tab(page, 'Chat 2').focus();
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: 'Title of the chat' })).toBeFocused();
  await page.keyboard.type('Second thoughts');
  await page.keyboard.press('Enter');
  await expect(tab(page, 'Second thoughts')).toBeFocused();
  await page.getByRole('textbox', { name: /^Message to/ }).fill('half a thought');

  await runCommand(page, 'delete chat');
  await expect(page.getByText('“Second thoughts” was deleted.').last()).toBeVisible();
  await expect(tab(page, 'Second thoughts')).toHaveCount(0);
  await expect(page.getByText('First words.', { exact: true })).toBeVisible();
  await expect(page).not.toHaveURL(/undefined/);
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath('deleted.png') });

  await page.keyboard.press('Control+Alt+z');
  await expect(tab(page, 'Second thoughts')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('textbox', { name: /^Message to/ })).toHaveValue('half a thought');
  await expect(page.getByRole('region', { name: 'Done just now' })).toHaveCount(0);
  await expect(page.getByRole('tab').nth(1)).toContainText('Second thoughts');
});

test('a chat whose turn runs is deleted only after a yes, and its tab in another window offers to bring it back', async ({ page, boocode, context }) => {
  test.setTimeout(120_000);
  await startSession(page, boocode, ['Hello.', 'demo: stream 100000 tokens at 20 per second']);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.keyboard.press('Control+Alt+f');
  await expect(tab(page, 'Files')).toHaveAttribute('aria-selected', 'true');
  await tab(page, 'Chat 1').click();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('button', { name: 'Stop' })).toBeVisible();

  await tab(page, 'Chat 1').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete the chat' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the chat' });
  await expect(dialog.getByText(/deleting the chat stops it/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await runCommand(page, 'delete chat');
  await page.getByRole('button', { name: 'Stop the turn and delete' }).click();
  await expect(page.getByRole('region', { name: 'Done just now' })).toBeVisible();
  await expect(tab(page, 'Chat 1')).toHaveCount(0);
  await expect(tab(other, 'Chat 1')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tab(page, 'Chat 1')).toBeVisible();
  await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
  await other.close();

  const { sessionId, chatId } = /sessions\/(?<sessionId>[^/]+)\/(?<chatId>[^/?]+)/.exec(page.url())!.groups!;
  const headers = { authorization: `Bearer ${boocode.token}` };
  const deleted = await fetch(`${boocode.url}/api/chats/${chatId}`, { method: 'DELETE', headers });
  expect([deleted.status, sessionId]).toEqual([200, sessionId]);
  await expect(page.getByText('This chat was deleted')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
});

test('a session that is deleted comes back with Undo', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Keep me.', 'demo: say Kept words.']);
  await expect(page.getByText('Kept words.', { exact: true })).toBeVisible();
  const address = page.url();
  await runCommand(page, 'delete session');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/projects\//);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(address);
  await expect(page.getByText('Kept words.', { exact: true })).toBeVisible();
});

test('on a phone a chat is found in, renamed and deleted from More', async ({ page, boocode }, info) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 360, height: 740 });
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  const more = page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'More' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Find in the chat' }).click();
  await expect(page.getByRole('textbox', { name: 'Find in this chat' })).toBeFocused();
  await page.keyboard.type('Here');
  await expect(page.getByText('2 of 2')).toBeVisible();
  await page.keyboard.press('Escape');
  await more.click();
  await page.getByRole('menuitem', { name: 'Delete the chat' }).click();
  await expect(page.getByRole('region', { name: 'Done just now' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('phone-deleted.png') });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
});

test('the line below the message stays one line in panes of 240 to 300 pixels, and everything in it has a name', async ({ page, boocode }, info) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await startSession(page, boocode, ['Hello.', 'demo: stream 100000 tokens at 20 per second']);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  const sessionId = /sessions\/([^/?]+)/.exec(page.url())![1]!;
  const headers = { authorization: `Bearer ${boocode.token}`, 'content-type': 'application/json' };
  const { chats }: { chats: { id: string }[] } = await (await fetch(`${boocode.url}/api/sessions/${sessionId}`, { headers })).json();
  const chatId = chats[0]!.id;
  const address = `${boocode.url}/api/sessions/${sessionId}/layout`;
  const { version }: { version: number } = await (await fetch(address, { headers })).json();
  const chat = { type: 'pane', id: 'a', tabs: [{ id: 't', kind: 'chat', ref: chatId }], active: 't' };
  const files = { type: 'pane', id: 'b', tabs: [{ id: 'f', kind: 'files', ref: null }], active: 'f' };
  const arrange = async (width: number, at: number) => {
    const root = { type: 'split', id: 's', direction: 'row', sizes: [width, 1176 - width], children: [chat, files] };
    await fetch(address, { method: 'PATCH', headers, body: JSON.stringify({ version: at, layout: { root, focused: 'a', maximised: null } }) });
    await expect.poll(async () => Math.abs(((await page.locator('[data-pane="a"]').boundingBox())?.width ?? 0) - width)).toBeLessThan(8);
  };
  for (const [index, width] of [240, 270, 300, 420].entries()) {
    await arrange(width, version + index);
    const faults = await page.locator('[data-pane="a"] textarea').evaluate((area) => {
      const bar = area.parentElement!.lastElementChild!;
      const box = bar.getBoundingClientRect();
      const things = [...bar.querySelectorAll('button, .dot')].filter((thing) => thing.checkVisibility() && thing.parentElement?.closest('button') === null);
      const rects = things.map((thing) => thing.getBoundingClientRect()).toSorted((a, b) => a.left - b.left);
      return [
        ...rects.flatMap((rect, at) => (at > 0 && rect.left < rects[at - 1]!.right - 0.5 ? [`${at} overlaps`] : [])),
        ...rects.flatMap((rect, at) =>
          rect.left < box.left || rect.right > box.right || rect.top < box.top || rect.bottom > box.bottom + 0.5 ? [`${at} is outside`] : [],
        ),
        ...(box.height > 48 ? [`the line is ${box.height} high`] : []),
      ];
    });
    expect([width, faults]).toEqual([width, []]);
    await page.screenshot({ path: info.outputPath(`composer-${width}.png`) });
  }
  for (const name of [/^Model: Demo/, /^Access: Ask first/, 'Stop', /^Context/])
    await expect(page.locator('[data-pane="a"]').getByRole('button', { name })).toBeVisible();
});

test('what is pressed makes its pane the one that keys mean, and the help names the keys of a review, which can be changed', async ({ page, boocode }) => {
  test.setTimeout(120_000);
  await startSession(page, boocode, ['Edit.', 'demo: call write {"path":"new.txt","content":"fresh\\n"}', 'demo: say Written.']);
  const allow = page.getByRole('button', { name: /^Allow once/ });
  const written = page.getByText('Written.', { exact: true });
  await expect(allow.or(written)).toBeVisible();
  if (await allow.isVisible()) await allow.click();
  await expect(written).toBeVisible();
  const focused = page.locator('[data-focused="true"]');
  await page.getByRole('region', { name: 'Changes', exact: true }).getByText('of 1 hunk accepted').click();
  await expect(focused).toHaveAttribute('aria-label', 'Pane 2');
  await page.getByRole('region', { name: 'Conversation' }).click();
  await expect(focused).toHaveAttribute('aria-label', 'Pane 1');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help.getByRole('region', { name: 'Review' }).getByText('Next hunk')).toBeVisible();
  expect(await help.evaluate((dialog) => [...dialog.querySelectorAll('*')].every((element) => element.scrollWidth <= element.clientWidth + 1))).toBe(true);
  await page.keyboard.press('Escape');

  const chooseKeys = (shortcuts: Readonly<Record<string, string>>) =>
    fetch(`${boocode.url}/api/settings`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${boocode.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ shortcuts }),
    });
  await chooseKeys({ 'review.accept': 'v' });
  await page.reload();
  await page
    .getByRole('region', { name: 'Changes', exact: true })
    .getByRole('button', { name: /^new\.txt/ })
    .focus();
  await page.keyboard.press('v');
  await expect(page.getByRole('button', { name: 'Accept new.txt', pressed: true })).toBeVisible();
  await chooseKeys({});
});

test('above a chat stand its branch, what it used, and the way to its changes', async ({ page, boocode }, info) => {
  await startSession(page, boocode, ['Write.', 'demo: call write {"path":"new.txt","content":"fresh\\n"}', 'demo: say Written.']);
  const allow = page.getByRole('button', { name: /^Allow once/ });
  const written = page.getByText('Written.', { exact: true });
  await expect(allow.or(written)).toBeVisible();
  if (await allow.isVisible()) await allow.click();
  await expect(written).toBeVisible();
  await expect(page.getByTitle(/^The agent works on the branch boocode\/write/)).toBeVisible();
  await expect(page.getByText(/^[\d.]+k? tokens/)).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: '1 file to review' }).click();
  await expect(page.getByText('of 1 hunk accepted')).toBeVisible();
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Chat' }).click();
  await expect(page.getByTitle(/^The agent works on the branch/)).toBeVisible();
  await page.screenshot({ path: info.outputPath('branch-phone.png') });
  await expectAccessible(page);
});
