import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { describeServer, expect, moveFocus, startServer, stop, test } from './boocode.ts';

test('a past session is found from the project page, imported by key, read as it was, and open when asked for again', async ({ page }) => {
  test.setTimeout(120_000);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-import-')));
  const server = await startServer(join(root, 'home'), 0, join(root, 'person'));
  try {
    const boocode = describeServer(server, root);
    const path = await boocode.repository({ 'README.md': '# Harbor\n' });
    const project = await boocode.post<{ id: string }>('/api/projects', { path });
    await page.goto(`${boocode.url}/projects/${project.id}${new URL(await boocode.link()).hash}`);
    await page.getByRole('link', { name: 'Import past sessions' }).click();
    await expect(page.getByText('No past sessions here')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Project: repository/ })).toBeVisible();
    await expectAccessible(page);

    await keepSession(join(root, 'person'), path);
    await page.reload();
    await expect(page.getByRole('list', { name: 'Past sessions' })).toContainText('claude · 1 prompt');
    await expect(page.getByRole('heading', { name: 'Left out' })).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectAccessible(page);
    await page.setViewportSize({ width: 1_280, height: 720 });
    await moveFocus(page, page.getByRole('button', { name: 'Import: Count the ships' }), 'Tab');
    await page.keyboard.press('Enter');

    const conversation = page.getByRole('region', { name: 'Conversation' });
    await expect(conversation.getByText('There are three.', { exact: true })).toBeVisible();
    await expect(conversation.getByText('ls harbor')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Message to claude' })).toBeVisible();
    await expectAccessible(page);
    const chat = page.url();

    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search or run a command' }).fill('import past');
    await expect(page.getByRole('option').first()).toContainText('Import past sessions');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open: Count the ships' }).click();
    await expect(page).toHaveURL(chat);
  } finally {
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** As Claude Code keeps one, and beside it one that cannot be read. */
async function keepSession(person: string, cwd: string): Promise<void> {
  const folder = join(person, '.claude', 'projects', cwd.replaceAll(/[^a-zA-Z0-9]/g, '-'));
  await mkdir(folder, { recursive: true });
  const say = (type: string, uuid: string, parentUuid: string | null, content: unknown) =>
    JSON.stringify({ type, uuid, parentUuid, cwd, timestamp: '2026-01-02T03:04:05.000Z', message: { content, model: 'claude-x' } });
  const lines = [
    say('user', '1', null, 'Count the ships'),
    say('assistant', '2', '1', [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'ls harbor' } }]),
    say('user', '3', '2', [{ type: 'tool_result', tool_use_id: 'a', content: 'one two three' }]),
    say('assistant', '4', '3', [{ type: 'text', text: 'There are three.' }]),
  ];
  await writeFile(join(folder, 'ships.jsonl'), lines.join('\n'));
  await mkdir(join(person, '.local/share/goose/sessions'), { recursive: true });
  await writeFile(join(person, '.local/share/goose/sessions/sessions.db'), 'no database');
}
