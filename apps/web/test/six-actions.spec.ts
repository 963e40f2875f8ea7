import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, moveFocus, test, typeLines } from './boocode.ts';

test('the main job, without a mouse: link, project, task, permission, apply, reject, stop, another prompt', async ({ page, boocode }) => {
  test.setTimeout(150_000); // hundreds of keys
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
    await expect(page.getByRole('region', { name: 'Conversation' })).toContainText('turn the sum around');
  });

  await test.step('answer a permission with a key, on the card alone', async () => {
    const card = page.getByRole('group', { name: 'Run this command?' });
    await expect(card).toContainText('echo proof');
    await expect(page.getByRole('textbox', { name: 'Message to boocode' })).toBeFocused();
    await page.keyboard.type('a'); // typing approves nothing
    await page.keyboard.press('Backspace');
    await expect(card).toBeVisible();
    await moveFocus(page, card, 'Shift+Tab');
    await expect(async () => {
      await page.keyboard.press('a'); // not heard in the card's first moments
      await expect(card).toBeHidden({ timeout: 200 });
    }).toPass();
    const conversation = page.getByRole('region', { name: 'Conversation' });
    await expect(conversation.locator('strong', { hasText: 'done' })).toBeVisible();
    await expect(conversation.getByText('demo', { exact: true }).last()).toBeVisible();
  });

  await test.step('review and apply one change', async () => {
    const changes = page.getByRole('region', { name: 'Changes', exact: true });
    await expect(changes.getByRole('listitem')).toHaveCount(3);
    await expect(changes).toContainText('return b + a;');
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return a + b;');
    await moveFocus(page, changes.getByRole('button', { name: 'Accept src/add.ts' }), 'Tab');
    await page.keyboard.press('Enter');
    await expect(changes.getByRole('button', { name: 'Undo src/add.ts' })).toBeFocused();
    await moveFocus(page, changes.getByRole('button', { name: 'Apply 1 file' }), 'Tab');
    await page.keyboard.press('Enter');
    await expect(changes.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'applied');
    const undo = changes.getByRole('button', { name: 'Undo src/add.ts' });
    await expect(undo).toBeVisible();
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return b + a;');
    await expect(changes.getByRole('button', { name: /^add\.ts/ })).toBeFocused();
  });

  await test.step('undo it, and apply it again', async () => {
    const changes = page.getByRole('region', { name: 'Changes', exact: true });
    await moveFocus(page, changes.getByRole('button', { name: 'Undo src/add.ts' }), 'Tab');
    await page.keyboard.press('Enter');
    await expect(changes.getByRole('button', { name: 'Accept src/add.ts' })).toBeVisible();
    expect(await readFile(join(path, 'src/add.ts'), 'utf8')).toContain('return a + b;');
    await moveFocus(page, changes.getByRole('button', { name: 'Accept src/add.ts' }), 'Tab');
    await page.keyboard.press('Enter');
    await moveFocus(page, changes.getByRole('button', { name: 'Apply 1 file' }), 'Tab');
    await page.keyboard.press('Enter');
    await expect(changes.locator('[data-change="src/add.ts"]')).toHaveAttribute('data-state', 'applied');
  });

  await test.step('reject another with a note', async () => {
    const changes = page.getByRole('region', { name: 'Changes', exact: true });
    await moveFocus(page, changes.getByRole('button', { name: 'Reject src/one.ts' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('No helper, please');
    await page.keyboard.press('Enter');
    await expect(changes.locator('[data-change="src/one.ts"]')).toHaveAttribute('data-state', 'rejected');
    await expect(changes).toContainText('No helper, please');
  });

  await test.step('stop a turn, with a message queued behind it that is taken back', async () => {
    const composer = page.getByRole('textbox', { name: 'Message to boocode' });
    await moveFocus(page, composer, 'Shift+Tab');
    await typeLines(page, ['Talk for long.', 'demo: stream 100000 tokens at 50 per second']);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
    await page.keyboard.type('and then this');
    await page.keyboard.press('Enter');
    const takeBack = page.getByRole('button', { name: 'Take back' });
    await moveFocus(page, takeBack, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(composer).toHaveValue('and then this');
    await expect(composer).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  });

  await test.step('send another prompt', async () => {
    const composer = page.getByRole('textbox', { name: 'Message to boocode' });
    await expect(composer).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await typeLines(page, ['One more.', 'demo: say Here I am again.']);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(page.getByRole('region', { name: 'Conversation' }).getByText('Here I am again.', { exact: true })).toBeVisible();
  });
});
