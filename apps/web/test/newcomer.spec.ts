import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, moveFocus, test, typeLines, watchLayoutShift } from './boocode.ts';

const LAYOUT_SHIFT = 0.02;

test("a newcomer's walk, without a mouse", async ({ page, boocode }, info) => {
  test.setTimeout(240_000); // hundreds of keys
  const layoutShift = await watchLayoutShift(page, { withInput: false });
  let asked = 0;
  /** What a key brings about counts as its own however long the server takes. */
  const press = async (key: string, seen: () => Promise<void>) => {
    const before = await layoutShift();
    await page.keyboard.press(key);
    await seen();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn)))));
    asked += (await layoutShift()) - before;
  };
  const expectStillness = async () => expect((await layoutShift()) - asked).toBeLessThan(LAYOUT_SHIFT);
  const conversation = page.getByRole('region', { name: 'Conversation' });
  const composer = page.getByRole('textbox', { name: 'Message to boocode' });
  const changes = page.getByRole('region', { name: 'Changes', exact: true });
  const picture = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) });
  const path = await boocode.repository({ 'README.md': '# Harbor\n', 'src/add.ts': 'export function add(a: number, b: number) {\n  return a + b;\n}\n' });

  await test.step('open the link', async () => {
    await page.goto(await boocode.link());
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(new URL(page.url()).hash).toBe('');
  });

  await test.step('add a project; a wrong path gets a sentence', async () => {
    const field = page.getByRole('textbox', { name: /project/ });
    await moveFocus(page, field, 'Tab');
    await page.keyboard.type(`${path}-missing`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('Cannot add');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(path);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'What should change?' })).toBeFocused();
  });

  await test.step('start a session with a prompt', async () => {
    await typeLines(page, [
      'Add a helper and turn the sum around.',
      'demo: think First the file.',
      'demo: call read {"path":"src/add.ts"}',
      'demo: call edit {"path":"src/add.ts","old_text":"return a + b;","new_text":"return b + a;"}',
      'demo: call write {"path":"src/one.ts","content":"export const one = 1;\\n"}',
      'demo: call shell {"command":"echo proof > made-by-shell.txt"}',
      'demo: say Both **done**.',
    ]);
    await page.keyboard.press('Enter');
    await expect(conversation).toContainText('turn the sum around');
  });

  await test.step('answer a permission with a key, on the card alone', async () => {
    const card = page.getByRole('group', { name: 'Run this command?' });
    await expect(card).toContainText('echo proof');
    await expect(composer).toBeFocused();
    await page.keyboard.type('a'); // typing approves nothing
    await page.keyboard.press('Backspace');
    await expect(card).toBeVisible();
    await moveFocus(page, card, 'Shift+Tab');
    await expect(async () => {
      await page.keyboard.press('a'); // not heard in the card's first moments
      await expect(card).toBeHidden({ timeout: 200 });
    }).toPass();
    await expect(conversation.locator('strong', { hasText: 'done' })).toBeVisible();
    await expect(conversation.getByText('demo', { exact: true }).last()).toBeVisible();
  });

  await test.step('review and apply one change', async () => {
    await expect(changes.getByRole('listitem')).toHaveCount(3);
    await expect(changes).toContainText('return b + a;');
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return a + b;');
    await moveFocus(page, changes.getByRole('button', { name: 'Accept src/add.ts' }), 'Tab');
    await press('Enter', () => expect(changes.getByRole('button', { name: 'Accept src/add.ts', pressed: true })).toBeFocused());
    await moveFocus(page, changes.getByRole('button', { name: 'Apply 1 hunk' }), 'Tab');
    await press('Enter', () => expect(changes.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'applied'));
    const takeBack = changes.getByRole('button', { name: 'Take back src/add.ts' });
    await expect(takeBack).toBeVisible();
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return b + a;');
    await expect(changes.getByRole('button', { name: /^add\.ts/ })).toBeFocused();
  });

  await test.step('undo it, and apply it again', async () => {
    await moveFocus(page, changes.getByRole('button', { name: 'Take back src/add.ts' }), 'Tab');
    await press('Enter', () => expect(changes.getByRole('button', { name: 'Accept src/add.ts' })).toBeVisible());
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return a + b;');
    await moveFocus(page, changes.getByRole('button', { name: 'Accept src/add.ts' }), 'Tab');
    await page.keyboard.press('Enter');
    await moveFocus(page, changes.getByRole('button', { name: 'Apply 1 hunk' }), 'Tab');
    await press('Enter', () => expect(changes.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'applied'));
  });

  await test.step('reject another with a note', async () => {
    await moveFocus(page, changes.getByRole('button', { name: 'Reject src/one.ts' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('No helper, please');
    await press('Enter', () => expect(changes.locator('[data-change="src/one.ts"]')).toHaveAttribute('data-state', 'rejected'));
    await expect(changes).toContainText('No helper, please');
  });

  await test.step('comment on a line, for the agent', async () => {
    await moveFocus(page, changes.getByRole('button', { name: /^made-by-shell\.txt/ }), 'Tab');
    await page.keyboard.press('j');
    await page.keyboard.press('c');
    await page.keyboard.type('What does this prove?');
    await page.keyboard.press('Control+Enter');
    await expect(changes.locator('[data-change="made-by-shell.txt"]')).toContainText('What does this prove?');
    await picture('review');
  });

  await test.step('stop a turn, with a message queued behind it that is taken back', async () => {
    await moveFocus(page, composer, 'Shift+Tab');
    await typeLines(page, ['Talk for long.', 'demo: stream 100000 tokens at 50 per second']);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await page.keyboard.type('and then this');
    await page.keyboard.press('Enter');
    const takeBack = page.getByRole('button', { name: 'Take back', exact: true });
    await moveFocus(page, takeBack, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(composer).toHaveValue('and then this');
    await expect(composer).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  });

  await test.step('send another prompt', async () => {
    await expect(composer).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await typeLines(page, ['One more.', 'demo: say Here I am again.']);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(conversation.getByText('Here I am again.', { exact: true })).toBeVisible();
  });

  await test.step('split the pane, and open a terminal', async () => {
    await page.keyboard.press('ControlOrMeta+\\');
    await expect(page.getByRole('region', { name: 'Pane 3', exact: true })).toBeVisible();
    await page.keyboard.press('Control+Backquote');
    const terminal = page.getByRole('textbox', { name: 'Terminal. F6 leaves it' });
    await expect(terminal).toBeFocused();
    await page.keyboard.type('echo $((6 * 7))');
    await page.keyboard.press('Enter');
    await expect(page.locator('.xterm-rows')).toContainText('42');
    await page.keyboard.press('F6');
    await expect(terminal).not.toBeFocused();
    await picture('panes');
    await expectStillness();
  });

  await test.step('switch the theme', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('chalk theme');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'chalk');
    await picture('chalk');
  });

  await test.step('reload in the middle of an answer, which goes on', async () => {
    await moveFocus(page, composer, 'Tab');
    await typeLines(page, ['Talk again.', 'demo: say The beginning.', 'demo: stream 100000 tokens at 50 per second']);
    await page.keyboard.press('Enter');
    await expect(conversation.getByText('The beginning.').first()).toBeVisible();
    await page.reload();
    asked = 0;
    await expect(conversation.getByText('The beginning.').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await expectStillness();
    await moveFocus(page, composer, 'Tab');
    await page.keyboard.press('Escape');
    await expect(page.getByText('Stopped. What was done so far is kept.').last()).toBeVisible();
  });

  await test.step('on a phone everything is there', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await expect(composer).toBeVisible();
    await expect(page.getByRole('button', { name: /^Changes/ })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await picture('phone');
  });
});
