import { type ChildProcess, spawn } from 'node:child_process';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { type ApiClient, createApiClient } from '@boocode/contracts/api-client.ts';
import { applyFrame, type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { chatChannel, decodeFrame } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { type DemoModel, startDemoModel } from '@boocode/demo-model/demo-model.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const run = promisify(execFile);

export interface ServerProgram {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly child: ChildProcess;
  readonly api: ApiClient;
  /** What it said on stderr so far. */
  readonly said: () => string;
}

/** Starts the real server as users do, and waits until it answers. */
export async function startServerProgram(home: string, env: Record<string, string> = {}): Promise<ServerProgram> {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--json', '--no-open'], {
    env: { ...process.env, BOOCODE_HOME: home, BOOCODE_PORT: '', DATABASE_URL: '', BOOCODE_MODEL_URL: '', BOOCODE_AGENTS_DIR: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the server ended before it was ready: ${stderr}`);
  });
  exited.catch(() => {});
  const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string];
  const { url, token, pid } = JSON.parse(line) as { url: string; token: string; pid: number };
  return { url, token, pid, child, api: createApiClient({ baseUrl: url, token: () => token }), said: () => stderr };
}

/** Ends it like a person with Ctrl-C, and waits until it is gone. */
export async function stopServerProgram(server: ServerProgram): Promise<void> {
  if (server.child.exitCode !== null || server.child.signalCode !== null) return;
  const gone = once(server.child, 'exit');
  process.kill(server.pid, 'SIGTERM');
  await gone;
}

/** A server with a demo model and a folder of their own, for the tests of one file. */
export interface TestServer extends AsyncDisposable {
  /** The one that runs now: whoever starts it anew says so here. */
  server: ServerProgram;
  readonly model: DemoModel;
  readonly folder: string;
  readonly home: string;
  /** A new repository with these files in one commit; its path. */
  readonly newRepository: (files: Readonly<Record<string, string>>) => Promise<string>;
}

/** `prepare` is given the home before the server starts in it. */
export async function openTestServer(env: Record<string, string> = {}, prepare: (home: string) => Promise<void> = async () => {}): Promise<TestServer> {
  const folder = await temporaryFolder();
  const home = join(folder.path, 'home');
  const model = await startDemoModel();
  await prepare(home);
  const server = await startServerProgram(home, { BOOCODE_MODEL_URL: model.url, ...env });
  let count = 0;
  const opened: TestServer = {
    server,
    model,
    folder: folder.path,
    home,
    newRepository: async (files) => {
      const path = join(folder.path, `project-${++count}`);
      await makeRepository(path, files);
      return path;
    },
    [Symbol.asyncDispose]: async () => {
      await stopServerProgram(opened.server);
      await model.close();
      await folder[Symbol.asyncDispose]();
    },
  };
  return opened;
}

export async function killServerProgram(server: ServerProgram): Promise<void> {
  const gone = once(server.child, 'exit');
  process.kill(server.pid, 'SIGKILL');
  await gone;
}

/** Watches a chat over the socket. `until` resolves when the fold of its frames satisfies a condition. */
export async function watchChat(server: ServerProgram, chatId: ChatId) {
  const { ticket } = await server.api.createTicket();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/ws?ticket=${ticket}`);
  let state: ChatState = EMPTY_CHAT;
  const waiters = new Set<() => void>();
  socket.addEventListener('message', (message) => {
    const frame = decodeFrame(String(message.data));
    if (frame === null) return;
    state = applyFrame(state, frame);
    for (const check of waiters) check();
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'subscribe', channel: chatChannel(chatId) }));
  return {
    get state() {
      return state;
    },
    close: () => socket.close(),
    until: (isTrue: (state: ChatState) => boolean) =>
      new Promise<ChatState>((resolve, reject) => {
        const check = (): void => {
          if (!isTrue(state)) return;
          waiters.delete(check);
          resolve(state);
        };
        waiters.add(check);
        socket.addEventListener('close', () => reject(new Error('the socket closed first')), { once: true });
        check();
      }),
  };
}

/** A folder that is removed with everything in it. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'boo-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

export async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = { GIT_AUTHOR_NAME: 'T', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 'T', GIT_COMMITTER_EMAIL: 't@t' };
  return (await run('git', args, { cwd, env: { ...process.env, ...identity } })).stdout;
}

/** A repository with these files in one commit. */
export async function makeRepository(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  await git('/', 'init', '-q', '-b', 'main', path);
  await git(path, 'config', 'user.name', 'T');
  await git(path, 'config', 'user.email', 't@t');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  await git(path, 'add', '-A');
  await git(path, 'commit', '-q', '-m', 'start');
}

/** Living processes whose command line or environment holds a text; zombies are dead. */
export async function processesWith(text: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [stat, command, environment] = await Promise.all(['stat', 'cmdline', 'environ'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8')));
      if (stat!.replace(/^.*\) /s, '')[0] === 'Z') continue;
      if (command!.includes(text) || environment!.includes(text)) found.push({ pid: Number(name), command: command!.replaceAll('\0', ' ') });
    } catch {
      // ended while we looked, or not ours to read
    }
  }
  return found;
}
