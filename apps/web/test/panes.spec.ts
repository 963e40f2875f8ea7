import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { expect, startSession, test, typeLines } from './boocode.ts';

function pane(page: Page, number: number) {
  return page.getByRole('region', { name: `Pane ${number}`, exact: true });
}

async function expectFocusSomewhere(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
}

test('two chats of a session stream side by side and never mix; the panes survive a reload, and Back goes back', async ({ page, boocode }, info) => {
  await startSession(page, boocode, ['First.', 'demo: say **Alpha** begins.', 'demo: stream 100000 tokens at 40 per second']);
  await expect(pane(page, 1).locator('strong', { hasText: 'Alpha' })).toBeVisible();
  await page.keyboard.press('Control+\\');
  await expect(pane(page, 2).getByRole('heading', { name: 'What goes into this pane?' })).toBeVisible();
  await expect(pane(page, 2).getByRole('button', { name: /^New chat/ })).toBeFocused();
  await page.keyboard.press('Enter');
  const second = pane(page, 2).getByRole('textbox', { name: /^Message to/ });
  await expect(second).toBeFocused();
  await pane(page, 2)
    .getByRole('button', { name: /^Access/ })
    .click(); // two turns that write would wait for each other
  await page.getByRole('menuitemradio', { name: /^Read only/ }).click();
  await expect(pane(page, 2).getByRole('button', { name: /^Access: Read only/ })).toBeVisible();
  await second.focus();
  await typeLines(page, ['Second.', 'demo: say **Beta** begins.', 'demo: stream 100000 tokens at 40 per second']);
  await page.keyboard.press('Enter');
  await expect(pane(page, 2).locator('strong', { hasText: 'Beta' })).toBeVisible();
  await expect(pane(page, 1).getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(pane(page, 2).getByRole('button', { name: 'Stop' })).toBeVisible();
  const conversation = (number: number) => pane(page, number).getByRole('region', { name: 'Conversation' });
  await expect(conversation(1).getByText('Beta')).toHaveCount(0);
  await expect(conversation(2).getByText('Alpha')).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('two-chats.png') });

  await page.keyboard.press('Control+Alt+ArrowLeft');
  await expect(pane(page, 1).getByRole('textbox', { name: /^Message to/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(pane(page, 1).getByText('Stopped. What was done so far is kept.')).toBeVisible();
  await expect(pane(page, 2).getByRole('button', { name: 'Stop' })).toBeVisible();

  await page.reload();
  await expect(pane(page, 2).locator('strong', { hasText: 'Beta' })).toBeVisible();
  await expect(pane(page, 1).locator('strong', { hasText: 'Alpha' })).toBeVisible();
  await expect(pane(page, 3).getByRole('tab', { name: /^Changes/ })).toBeVisible();
  await pane(page, 2).getByRole('button', { name: 'Stop' }).click();

  await pane(page, 3)
    .getByRole('tab', { name: /^Changes/ })
    .click();
  await expect(page).toHaveURL(/\/changes$/);
  await page.goBack();
  await expect(page).not.toHaveURL(/\/changes$/);
  await expect(page.locator('[data-focused="true"]')).not.toHaveAttribute('aria-label', 'Pane 3');
  await page.goForward();
  await expect(page.locator('[data-focused="true"]')).toHaveAttribute('aria-label', 'Pane 3');
});

test('tabs and panes by keys alone: walk, move, resize, maximise, close', async ({ page, boocode }, info) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+Alt+f');
  await expect(pane(page, 1).getByRole('tab', { name: 'Files' })).toHaveAttribute('aria-selected', 'true');
  const tabs = pane(page, 1).getByRole('tab');
  await expect(tabs).toHaveCount(2);
  await pane(page, 1).getByRole('tab', { name: 'Files' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabs.first()).toBeFocused();
  await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(tabs.last()).toBeFocused();
  await expectAccessible(page);

  await page.keyboard.press('Control+Alt+Shift+ArrowRight');
  await expect(pane(page, 2).getByRole('tab', { name: 'Files' })).toHaveAttribute('aria-selected', 'true');
  await expect(tabs).toHaveCount(1);
  await expectFocusSomewhere(page);
  await page.keyboard.press('Control+Alt+Shift+ArrowDown');
  await expect(pane(page, 3).getByRole('tab', { name: 'Files' })).toBeVisible();
  await expectFocusSomewhere(page);
  await page.screenshot({ path: info.outputPath('three-panes.png') });

  const line = page.getByRole('separator', { name: 'Width of the panes' });
  const before = (await pane(page, 1).boundingBox())!.width;
  await line.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await pane(page, 1).boundingBox())!.width).toBeGreaterThan(before + 20);
  await page.keyboard.press('Home');
  await expect(line).toHaveAttribute('aria-valuenow', /^\d$/);
  await page.keyboard.press('Enter');
  await expect(line).toHaveAttribute('aria-valuenow', '50');
  await expectAccessible(page);

  await pane(page, 3).getByRole('tab', { name: 'Files' }).focus();
  await page.keyboard.press('Control+Alt+m');
  await expect(pane(page, 1)).toBeHidden();
  await page.keyboard.press('Control+Alt+m');
  await expect(pane(page, 1)).toBeVisible();
  await pane(page, 3).getByRole('tab', { name: 'Files' }).focus();
  await page.keyboard.press('Delete');
  await expect(pane(page, 3)).toHaveCount(0);
  await expectFocusSomewhere(page);
});

test('a tab is dragged with the mouse to another pane and to an edge, and what is in it lives on', async ({ page, boocode }) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await page.getByRole('textbox', { name: /^Message to/ }).fill('half a thought');
  const drag = async (x: number, y: number) => {
    const from = (await page.getByRole('tab').first().boundingBox())!;
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(x - 20, y, { steps: 3 });
    await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
  };
  const right = (await pane(page, 2).boundingBox())!;
  await drag(right.x + right.width / 2, right.y + right.height - 30);
  await expect(page.getByRole('tab')).toHaveCount(2);
  await expect(pane(page, 1).getByRole('tab', { name: /^Changes/ })).toBeVisible();
  await expect(pane(page, 2).getByRole('textbox', { name: /^Message to/ })).toHaveValue('half a thought');
  await expect(pane(page, 2).getByText('Here.', { exact: true })).toBeVisible();
});

test('the palette finds words in any order, and gives the focus back', async ({ page, boocode }, info) => {
  await startSession(page, boocode, ['Palette session.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  const composer = page.getByRole('textbox', { name: /^Message to/ });
  await expect(composer).toBeFocused();
  await page.keyboard.press('ControlOrMeta+k');
  const field = page.getByRole('combobox', { name: 'Search or run a command' });
  await expect(field).toBeFocused();
  await page.keyboard.type('right spl');
  await expect(page.getByRole('option').first()).toContainText('Split right');
  await page.screenshot({ path: info.outputPath('palette.png') });
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(composer).toBeFocused();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeFocused();
  await page.evaluate(() => {
    // opened again before the first has said that it is closed
    document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
  });
  await expect(field).toBeFocused();
  await page.keyboard.type('harbor deep');
  await expect(page.getByRole('option', { name: /src\/deep\/harbor\.ts/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: /harbor\.ts/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('chalk theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'chalk');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('ember');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'ember');

  await expect(field).toHaveCount(0); // it gives the focus back as it goes
  await page.getByRole('tab').first().focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Split right');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tab').first()).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('rename session');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Title of the session' })).toBeFocused();
  await page.keyboard.type('A better title');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'A better title' }).first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Title of the session' })).toHaveCount(0); // a dialog keeps its keys
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('delete session');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Delete the session' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/projects\//);
});

test('another window shows the same panes', async ({ page, boocode, context }) => {
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(pane(other, 2)).toBeVisible();
  await page.keyboard.press('Control+\\');
  await expect(pane(page, 3)).toBeVisible();
  await expect(pane(other, 3)).toBeVisible();
  await other.close();
});

test('a phone has one pane and a bar, and More leads to every tab', async ({ page, boocode }, info) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  const bar = page.getByRole('navigation', { name: 'Panes' });
  await bar.getByRole('button', { name: 'Files' }).click();
  await expect(page.getByText('README.md')).toBeVisible();
  await bar.getByRole('button', { name: 'More' }).click();
  await page.screenshot({ path: info.outputPath('more.png') });
  await page.getByRole('menuitem', { name: 'New chat' }).click();
  await expect(page.getByText('Nothing said yet')).toBeVisible();
  await bar.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /Chat 1/ }).click();
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});
