import type { CDPSession, Page } from '@playwright/test';
import { type BooCode, expect, startSession, test } from './boocode.ts';

test.use({ hasTouch: true, viewport: { width: 1280, height: 800 } });

const HELD_MS = 450;

async function openSession(page: Page, boocode: BooCode): Promise<void> {
  await startSession(page, boocode, ['Hello.', 'demo: say Here.']);
  await expect(page.getByText('Here.', { exact: true })).toBeVisible();
}

function pane(page: Page, number: number) {
  return page.getByRole('region', { name: `Pane ${number}`, exact: true });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A finger: Playwright's own can only tap. */
async function startFinger(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(({ x, y }) => ({ x, y })) });
  return {
    down: (point: Point) => send('touchStart', [point]),
    async move(from: Point, to: Point) {
      for (let step = 1; step <= 8; step++) await send('touchMove', [{ x: from.x + ((to.x - from.x) * step) / 8, y: from.y + ((to.y - from.y) * step) / 8 }]);
    },
    up: () => send('touchEnd', []),
    /** Until what is under it is taken hold of. */
    held: (name: string) => expect(page.locator(`${name}[data-held]`)).toBeVisible({ timeout: HELD_MS + 4_000 }),
  };
}

async function middleOf(page: Page, locator: ReturnType<Page['locator']>): Promise<Point> {
  const box = (await locator.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('a held tab follows the finger to another pane and to an edge, and what is in it lives on', async ({ page, boocode }) => {
  await openSession(page, boocode);
  await page.getByRole('textbox', { name: /^Message to/ }).fill('half a thought');
  const finger = await startFinger(page);
  const from = await middleOf(page, page.getByRole('tab').first());
  const right = (await pane(page, 2).boundingBox())!;
  await finger.down(from);
  await finger.held('.tab');
  await finger.move(from, { x: right.x + right.width / 2, y: right.y + right.height - 30 });
  await expect(page.locator('.drop-hint')).toBeVisible();
  await finger.up();
  await expect(page.locator('.drop-hint')).toHaveCount(0);
  await expect(pane(page, 1).getByRole('tab', { name: /^Changes/ })).toBeVisible();
  await expect(pane(page, 2).getByRole('textbox', { name: /^Message to/ })).toHaveValue('half a thought');

  const chat = await middleOf(page, pane(page, 2).getByRole('tab'));
  await finger.down(chat);
  await finger.held('.tab');
  await finger.move(chat, await middleOf(page, pane(page, 1)));
  await finger.up();
  await expect(pane(page, 2)).toHaveCount(0);
  await expect(pane(page, 1).getByRole('tab')).toHaveCount(2);
});

test('a pane is dragged by the empty part of its bar, and the line between panes by a finger', async ({ page, boocode }) => {
  await openSession(page, boocode);
  const finger = await startFinger(page);
  const line = page.getByRole('separator', { name: 'Width of the panes' });
  const before = (await pane(page, 1).boundingBox())!.width;
  const at = await middleOf(page, line);
  await finger.down(at);
  await finger.move(at, { x: at.x - 120, y: at.y });
  await finger.up();
  await expect.poll(async () => (await pane(page, 1).boundingBox())!.width).toBeLessThan(before - 80);

  const handle = await middleOf(page, pane(page, 1).locator('.pane-handle'));
  const right = (await pane(page, 2).boundingBox())!;
  await finger.down(handle);
  await finger.held('.pane-handle');
  await finger.move(handle, { x: right.x + right.width - 12, y: right.y + right.height / 2 });
  await finger.up();
  await expect(pane(page, 1).getByRole('tab', { name: /^Changes/ })).toBeVisible();
  await expect(pane(page, 2).getByRole('tab', { name: 'Chat 1' })).toBeVisible();
});

test('a finger that only taps shows the tab, and one that stays brings up its menu', async ({ page, boocode }) => {
  await openSession(page, boocode);
  await page.keyboard.press('Control+Alt+f');
  const files = pane(page, 1).getByRole('tab', { name: 'Files' });
  await expect(files).toHaveAttribute('aria-selected', 'true');
  await pane(page, 1).getByRole('tab', { name: 'Chat 1' }).tap();
  await expect(files).toHaveAttribute('aria-selected', 'false');
  const finger = await startFinger(page);
  await finger.down(await middleOf(page, pane(page, 1).getByRole('tab', { name: 'Chat 1' })));
  await finger.held('.tab');
  await finger.up();
  await expect(page.getByRole('menu', { name: 'Tab Chat 1' })).toBeVisible();
  await page.getByRole('menuitem', { name: 'Find in the chat' }).tap();
  await expect(page.getByRole('textbox', { name: 'Find in this chat' })).toBeFocused();
});
