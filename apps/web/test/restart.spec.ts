import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeServer, expect, startServer, startSession, stop, test } from './boocode.ts';

test('a killed server: the page says so, comes back by itself, and the interrupted turn can be continued', async ({ page }) => {
  const root = await mkdtemp(join(tmpdir(), 'boocode-restart-'));
  const home = join(root, 'home');
  let server = await startServer(home);
  try {
    await startSession(page, describeServer(server, root), ['Talk.', 'demo: say Before the end.', 'demo: stream 100000 tokens at 40 per second']);
    await expect(page.getByText('Before the end.').first()).toBeVisible();
    await page.getByRole('textbox', { name: 'Message to boocode' }).fill('typed meanwhile');

    await expect(page.getByText('No changes yet')).toBeVisible();
    await stop(server.child, 'SIGKILL');
    await expect(page.getByText('Reconnecting. Agents keep running.')).toBeVisible();
    server = await startServer(home, Number(new URL(server.url).port));
    await expect(page.getByText('Reconnecting. Agents keep running.')).toBeHidden({ timeout: 30_000 });

    const conversation = page.getByRole('region', { name: 'Conversation' });
    await expect(conversation.getByRole('group', { name: 'Interrupted' })).toBeVisible();
    await expect(conversation.getByText('Before the end.').first()).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Message to boocode' })).toHaveValue('typed meanwhile');
    await conversation.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText('Stopped. What was done so far is kept.')).toBeVisible();
  } finally {
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
