import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describeServer, expect, moveFocus, startServer, stop, test, watchLayoutShift } from './boocode.ts';

const MODEL_SERVER = fileURLToPath(new URL('../../../packages/demo-model/src/main.ts', import.meta.url));
const LAYOUT_SHIFT = 0.02;

test('a first start says what was looked for and what is there; an address is tested and used, by key alone', async ({ page }) => {
  const root = await mkdtemp(join(tmpdir(), 'boocode-first-'));
  const server = await startServer(join(root, 'home'));
  const model = spawn(process.execPath, [MODEL_SERVER, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => model.once('exit', resolve));
  try {
    const [address] = await Array.fromAsync(firstLine(model.stdout));
    const layoutShift = await watchLayoutShift(page, { withInput: true });
    await page.goto(await describeServer(server, root).link());
    await expect(page.getByRole('heading', { name: 'Welcome to BooCode' })).toBeVisible();
    const checks = page.getByRole('region', { name: 'What BooCode found' });
    await expect(checks.getByRole('list', { name: 'Addresses that were looked at' }).getByRole('listitem')).toHaveCount(5);
    await expect(checks.getByRole('list', { name: 'Agents' })).toContainText('BooCode ready');
    await expect(checks).toContainText('not a real model');
    expect(await layoutShift()).toBeLessThan(LAYOUT_SHIFT);

    const field = checks.getByRole('textbox', { name: 'Is it somewhere else?' });
    await moveFocus(page, field, 'Tab');
    await page.keyboard.type('http://127.0.0.1:9/v1');
    await page.keyboard.press('Enter');
    await expect(checks.getByRole('alert')).toContainText('cannot be reached');
    await field.fill(address ?? '');
    await page.keyboard.press('Enter');
    await expect(checks).toContainText('It answers in');
    await moveFocus(page, checks.getByRole('button', { name: 'Use this server' }), 'Tab');
    await page.keyboard.press('Enter');
    await expect(checks).toContainText(`answers at ${address}`);
    await expect(field).toBeHidden();

    model.kill('SIGKILL');
    await gone;
    await checks.getByRole('button', { name: 'Look again' }).click();
    await expect(checks).toContainText('Model server does not answer');
  } finally {
    model.kill();
    await page.close(); // before the server goes: it may still be fetching a part of itself
    await stop(server.child);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** The address that a model server prints when it listens. */
async function* firstLine(output: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input: output })) {
    output.resume();
    yield line.trim();
    return;
  }
}
