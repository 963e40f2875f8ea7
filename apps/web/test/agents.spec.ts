import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { configureCourier, courierPrompt } from '../../server/test/scripted-provider.ts';
import { describeServer, expect, startServer, startSession, stop, test } from './boocode.ts';

const COMMANDS = {
  sessionUpdate: 'available_commands_update',
  availableCommands: [
    { name: 'collect', description: 'Fetch what waits' },
    { name: 'deliver', description: 'Bring it', input: { hint: 'to whom' } },
  ],
};

async function tell(page: Page, ...steps: readonly object[]): Promise<void> {
  await page.getByRole('textbox', { name: 'Message to courier' }).fill(courierPrompt(...steps));
  await page.keyboard.press('Enter');
}

test('another agent is chosen by keyboard, offers its commands and modes, and what it may always do can be taken back', async ({ page }) => {
  const root = await mkdtemp(join(tmpdir(), 'boocode-agents-'));
  const home = join(root, 'home');
  await configureCourier(home);
  const server = await startServer(home);
  try {
    const { address } = await startSession(page, describeServer(server, root), ['Hello.', 'demo: say I was first.']);
    const said = (text: string) => page.getByRole('region', { name: 'Conversation' }).locator('.md-block', { hasText: text });
    const question = page.getByRole('group', { name: 'Run this command?' });
    await expect(said('I was first.')).toBeVisible();

    await page.getByRole('button', { name: /^Agent/ }).press('Enter');
    await page.keyboard.type('cour');
    await expect(page.getByRole('menuitemradio', { name: /^Courier/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText(/Courier is new in this chat/)).toBeVisible();
    await tell(page, { update: COMMANDS }, { say: 'On my way.' });
    await expect(said('On my way.')).toBeVisible();
    await expect(page.getByText(/is new in this chat/)).toHaveCount(0);

    const composer = page.getByRole('textbox', { name: 'Message to courier' });
    await composer.pressSequentially('/');
    const options = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    await expect(options).toHaveText([/collect/, /deliver/]);
    await composer.press('ArrowDown');
    await composer.press('Tab');
    await expect(composer).toHaveValue('/deliver ');
    await expect(page.getByText('Takes: to whom')).toBeVisible();
    await composer.fill('/zzz');
    await expect(page.getByText(/no command with these letters/)).toBeVisible();
    await composer.press('Escape');
    await expect(page.getByText(/no command with these letters/)).toHaveCount(0);
    await expect(composer).toHaveValue('/zzz');

    await tell(page, { shell: 'echo one' }, { say: 'Once.' });
    await page.getByRole('button', { name: 'Always allow in this project' }).click();
    await expect(said('Once.')).toBeVisible();
    await tell(page, { shell: 'echo one' }, { say: 'Twice.' });
    await expect(said('Twice.')).toBeVisible();
    await page.goto(`${server.url}/settings#rules`);
    await page.getByRole('button', { name: 'Remove echo one' }).click();
    await expect(page.getByText('Nothing yet.')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Running agents' })).toContainText('courier');
    await page.goto(address);
    await tell(page, { shell: 'echo one' }, { say: 'Thrice.' });
    await question
      .getByRole('button', { name: 'Deny', exact: true })
      .or(page.getByRole('button', { name: 'Deny D' }))
      .first()
      .click();
    await expect(said('Thrice.')).toBeVisible();

    await page.getByRole('button', { name: /^Mode:/ }).click();
    await page.getByRole('menuitemradio', { name: /^Plan/ }).click();
    await expect(page.getByRole('button', { name: /^Mode:/ })).toContainText('Plan');
    await tell(page, { state: true });
    await expect(said('mode=plan')).toBeVisible();
  } finally {
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
