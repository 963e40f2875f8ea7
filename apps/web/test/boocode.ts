import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ConsoleMessage, expect as baseExpect, type Locator, type Page, test as base } from '@playwright/test';

/** Patient: a server, a database and a browser share the machine. */
export const expect = baseExpect.configure({ timeout: 20_000 });

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const START_TIMEOUT_MS = 60_000; // the first database of a machine
const ENV = { ...process.env, BOOCODE_AGENTS_DIR: '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', SHELL: '/bin/sh' };

/** A real server with its own home, database and the demo model. */
export interface BooCode {
  readonly url: string;
  readonly token: string;
  /** Its home folder, with the database. */
  readonly home: string;
  /** A link with a fresh one-time code. */
  link(): Promise<string>;
  /** Asks the API as the owner does. */
  post<T>(route: string, body: unknown): Promise<T>;
  get<T>(route: string): Promise<T>;
  /** A new git repository with one commit of these files; its path. */
  repository(files: Readonly<Record<string, string>>): Promise<string>;
}

/** `boocode` lives as long as the worker; `page` fails the test on an error in its console (a refused policy among them). */
export const test = base.extend<{ page: Page }, { boocode: BooCode }>({
  boocode: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const root = await mkdtemp(join(tmpdir(), 'boocode-web-'));
      const server = await startServer(join(root, 'home'));
      await use(describeServer(server, root));
      await stop(server.child);
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker', timeout: START_TIMEOUT_MS },
  ],
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => isComplaint(message) && errors.push(message.text()));
    await use(page);
    expect(errors).toEqual([]);
  },
});

interface StartedSession {
  /** The folder of its project. */
  readonly path: string;
  readonly sessionId: string;
  readonly chatId: string;
  /** Where the page is: the address of the session. */
  readonly address: string;
}

const SOME_FILES = { 'README.md': '# Harbor\n', 'src/deep/harbor.ts': 'export const ships = 3;\n' };

/** Opens the page on a new session of a new project, whose first prompt was sent; the way there by hand is a test of its own. */
export async function startSession(
  page: Page,
  boocode: BooCode,
  lines: readonly string[],
  files: Readonly<Record<string, string>> = SOME_FILES,
): Promise<StartedSession> {
  const path = await boocode.repository(files);
  const project = await boocode.post<{ id: string }>('/api/projects', { path });
  const session = await boocode.post<{ id: string; chats: { id: string }[] }>('/api/sessions', { projectId: project.id });
  const chatId = session.chats[0]!.id;
  await boocode.post(`/api/chats/${chatId}/messages`, { text: lines.join('\n') });
  const address = `${boocode.url}/sessions/${session.id}`;
  await page.goto(`${address}${new URL(await boocode.link()).hash}`);
  return { path, sessionId: session.id, chatId, address };
}

/** Presses a key until the focus is on the target, as a person without a mouse does. */
export async function moveFocus(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 400; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Cannot reach ${String(target)} with ${key}`);
}

/** What moves by itself counts; `withInput`: also what moves within half a second after a key or a click. */
interface ShiftOptions {
  readonly withInput: boolean;
}

/** Adds up how far things jump on the pages that `page` opens from now on; the result reads it for the page that is open. */
export async function watchLayoutShift(page: Page, options: ShiftOptions): Promise<() => Promise<number>> {
  await page.addInitScript(({ withInput }) => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ('value' in entry && (withInput || !('hadRecentInput' in entry && entry.hadRecentInput === true))) seen.shift += Number(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  }, options);
  return () => page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
}

/** Types several lines into the field that has the focus. */
export async function typeLines(page: Page, lines: readonly string[]): Promise<void> {
  for (const [index, line] of lines.entries()) {
    if (index > 0) await page.keyboard.press('Shift+Enter');
    await page.keyboard.type(line);
  }
}

/** Refused requests are what some tests are about; they are not complaints of the page. */
function isComplaint(message: ConsoleMessage): boolean {
  return message.type() === 'error' && !message.text().startsWith('Failed to load resource') && !message.text().includes('WebSocket connection');
}

interface StartedServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
}

/** Starts BooCode on a home; `port` 0 takes any free one. `person`: another home folder of the person. */
export async function startServer(home: string, port = 0, person = process.env['HOME']): Promise<StartedServer> {
  const env = { ...ENV, HOME: person, BOOCODE_HOME: home, BOOCODE_PORT: String(port), BOOCODE_MODEL: 'demo' };
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    const { url, token }: { url: string; token: string } = JSON.parse(line);
    return { child, url, token };
  }
  throw new Error('Cannot start BooCode: it ended without saying where it is');
}

/** What a test does with a started server; repositories are made below `root`. */
export function describeServer({ url, token }: StartedServer, root: string): BooCode {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async <T>(route: string, init: RequestInit): Promise<T> => {
    const response = await fetch(`${url}${route}`, { ...init, headers });
    if (!response.ok) throw new Error(`Cannot ask ${route}: ${await response.text()}`);
    return response.json() as Promise<T>;
  };
  const post = <T>(route: string, body: unknown) => ask<T>(route, { method: 'POST', body: JSON.stringify(body) });
  return {
    url,
    token,
    home: join(root, 'home'),
    post,
    get: (route) => ask(route, { method: 'GET' }),
    link: async () => (await post<{ url: string }>('/api/auth/codes', {})).url,
    async repository(files) {
      const path = await mkdtemp(join(root, 'repository-'));
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, name)), { recursive: true });
        await writeFile(join(path, name), text);
      }
      const git = (...args: string[]) =>
        promisify(execFile)('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
          cwd: path,
          env: ENV,
        });
      await git('init', '-q', '-b', 'main');
      for (const [name, value] of [
        ['user.name', 'Ada'],
        ['user.email', 'ada@example.org'],
      ] as const)
        await git('config', name, value);
      await git('add', '.');
      await git('commit', '-q', '-m', 'first');
      return path;
    },
  };
}

export async function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
