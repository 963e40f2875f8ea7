import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type Page, test as base } from '@playwright/test';
import { axeComplaints } from './accessible.ts';
import { expect } from './boocode.ts';
import { startGallery } from './states/build-gallery.ts';
import { type GalleryState, STATES } from './states/states.ts';

const PICTURES = fileURLToPath(new URL('../../../.cache/states', import.meta.url));
const NOW = new Date('2026-01-31T12:05:00.000Z');
const THEMES = ['ember', 'chalk'];
const WIDTHS = [1_280, 360];
/** `npm run states` shows all of them (with `pictures` it only draws); the tests a few of them, always the same unless BOOCODE_STATES_SEED says otherwise. */
const MODE = process.env['BOOCODE_STATES'];
const IS_ALL = MODE === 'all' || MODE === 'pictures';
const SLICE = 6;
const SEED = 20_779;

const PHONE = 500;
/** What a finger hits without aim; inside a sentence, and beside a whole row that does the same, it may be smaller. */
const TOUCH_PX = 44;

const test = base.extend<object, { gallery: string }>({
  gallery: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      await using gallery = await startGallery();
      await use(gallery.origin);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

for (const theme of THEMES) {
  for (const width of WIDTHS) {
    test(`states in ${theme} at ${width} pixels have words, a next step, and no complaint of axe`, async ({ browser, gallery }) => {
      test.setTimeout(IS_ALL ? 1_800_000 : 180_000);
      const folder = join(PICTURES, `${theme}-${width}`);
      if (IS_ALL && process.env['BOOCODE_STATES_NAMED'] === undefined) rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await using page = await openPage(browser, width);
      for (const state of chosenStates(theme, width)) {
        await test.step(state.name, async () => {
          const problem = await show(page, gallery, state, theme).then(() => null, String);
          expect.soft(problem, `${state.name} stands`).toBeNull();
          if (IS_ALL) await page.screenshot({ path: join(folder, `${state.name}.png`) });
          if (MODE !== 'pictures') expect.soft(await complaints(page), `${state.name} in ${theme} at ${width}`).toEqual([]);
        });
      }
    });
  }
}

/** A phone has fingers. */
async function openPage(browser: Browser, width: number): Promise<Page> {
  const isPhone = width < PHONE;
  const context = await browser.newContext({
    viewport: { width, height: isPhone ? 740 : 800 },
    hasTouch: isPhone,
    isMobile: isPhone,
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  return context.newPage();
}

/** Few of many, other ones for each theme and width. */
function chosenStates(theme: string, width: number): readonly GalleryState[] {
  if (IS_ALL) return STATES.filter((state) => state.name.startsWith(process.env['BOOCODE_STATES_NAMED'] ?? ''));
  const seed = Number(process.env['BOOCODE_STATES_SEED'] ?? SEED) * 4 + THEMES.indexOf(theme) * 2 + WIDTHS.indexOf(width);
  return Array.from({ length: SLICE }, (_, index) => STATES[(seed * SLICE + index) % STATES.length]!);
}

async function show(page: Page, gallery: string, state: GalleryState, theme: string): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await page.goto(`${gallery}/?state=${state.name}&theme=${theme}`);
  await page.locator('#root > *').first().waitFor();
  const isPhone = (page.viewportSize()?.width ?? 0) < PHONE;
  if (isPhone && state.phonePane !== undefined)
    await page
      .getByRole('navigation', { name: 'Panes' })
      .getByRole('button', { name: new RegExp(`^${state.phonePane}`) })
      .click();
  for (const step of state.steps ?? []) {
    const target = page.getByRole(step.role, { name: step.name }).first();
    await target.waitFor({ state: 'attached', timeout: 8_000 });
    if (step.do === 'click') await target.click({ force: step.role === 'radio' });
    if (step.do === 'fill') await target.fill(step.text ?? '');
    if (step.do === 'type') {
      await page.getByText('restarting').waitFor();
      await target.fill(step.text ?? '');
      await target.press('Enter');
    }
  }
  if (state.waitsFor !== undefined) await page.getByRole('status', { name: state.waitsFor }).waitFor();
  if (state.shows !== '') await expect(page.getByText(state.shows).filter({ visible: true }).first(), state.name).toBeVisible({ timeout: 8_000 });
  if (state.path.startsWith('/sessions')) await page.waitForLoadState('networkidle'); // its panes are lazy
  await page.evaluate(() => document.fonts.ready);
}

/** What a state must never be: mute, sideways, a bare spinner, an error without a way on, or out of reach for a screen reader. */
async function complaints(page: Page): Promise<readonly string[]> {
  const own = await page.evaluate((touchPx) => {
    const isShown = (element: Element) => element.checkVisibility();
    const all = (selector: string) => [...document.querySelectorAll(selector)].filter(isShown);
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push('it scrolls sideways');
    if (all('main').length !== 1) found.push('it has no one main landmark');
    if (all('[class*="spin"], progress').length > 0) found.push('it shows a bare spinner');
    for (const bare of all('.skeleton')) if (bare.closest('[role="status"]') === null) found.push('a skeleton does not say what it waits for');
    for (const status of all('[role="status"]')) {
      if (status.querySelector('.skeleton') !== null && (status.getAttribute('aria-label') ?? '') === '') found.push('a skeleton has no name');
    }
    for (const alert of all('[role="alert"]')) {
      const around = alert.closest('form, section, li, main') ?? alert;
      if (around.querySelector('button:not(:disabled), a[href]') === null) found.push(`an error has no next step: ${alert.textContent}`);
    }
    if (matchMedia('(pointer: coarse)').matches) {
      for (const target of all('button, a[href], [role="menuitem"], input:not([type="range"]), select, textarea, summary')) {
        const box = (target.closest('label') ?? target).getBoundingClientRect();
        const isDense = target.closest('.patch-lines') !== null || target.matches('.cursor-default'); // lines of a text; a chip that only says more
        const isRow = getComputedStyle(target, '::after').position === 'absolute'; // the whole row around it
        const isInSentence = target.matches('p *, li > span *') && getComputedStyle(target).display === 'inline';
        const isHidden = target.closest('.sr-only') !== null && target.closest('label') === null;
        const row = target.matches('.switch') ? (target.parentElement ?? target).getBoundingClientRect() : box;
        if (!isDense && !isRow && !isInSentence && !isHidden && box.height > 0 && Math.max(box.height, row.height) < touchPx - 0.5)
          found.push(`${Math.round(box.width)}x${Math.round(box.height)} is small for a finger: ${target.ariaLabel ?? target.textContent}`);
      }
    }
    return found;
  }, TOUCH_PX);
  return [...own, ...(await axeComplaints(page))];
}
