import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './setup.mjs';

/** How a tool ended. `status` is null when it was killed, could not start or took too long. */
export interface ToolResult {
  readonly status: number | null;
  readonly output: string;
  readonly seconds: number;
}

export interface ToolOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Longest time without a word. */
  readonly silenceMs: number;
  readonly onOutput: (text: string) => void;
  /** Ends the tool. */
  readonly signal: AbortSignal;
}

const KILL_AFTER_MS = 5_000;
const PIPE_GRACE_MS = 1_000;

/** What would make a test depend on the person's own set-up. */
const FOREIGN = /^(BOOCODE_|DATABASE_URL$|CLAUDE_SDK_BACKEND$|NODE_OPTIONS$|VITEST|PLAYWRIGHT_|npm_|FORCE_COLOR$|NO_COLOR$)/;

/**
 * Runs a program of node_modules/.bin under this Node. Never rejects, and never waits for ever: a tool that is silent for too long is ended,
 * and a process that it leaves behind with its output open is not waited for.
 */
export function runTool(name: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const startedAt = performance.now();
  const child = spawn(name, args, {
    cwd: options.cwd,
    env: { ...toolEnvironment(process.env), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve) => {
    let output = '';
    const onData = (chunk: string): void => {
      output += chunk;
      options.onOutput(chunk);
      silence.refresh();
    };
    const silence = setTimeout(() => {
      onData(`${name} said nothing for ${options.silenceMs / 1000} s and was ended\n`);
      stop();
    }, options.silenceMs);
    const stop = (): void => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref();
    };
    const end = (status: number | null): void => {
      clearTimeout(silence);
      options.signal.removeEventListener('abort', stop);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ status, output, seconds: (performance.now() - startedAt) / 1000 });
    };
    options.signal.addEventListener('abort', stop);
    child.stdout.setEncoding('utf8').on('data', onData);
    child.stderr.setEncoding('utf8').on('data', onData);
    child.once('error', (error) => {
      onData(`${error.message}\n`);
      end(null);
    });
    child.once('exit', (status) => setTimeout(end, PIPE_GRACE_MS, status).unref());
    child.once('close', end);
  });
}

function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
  return { ...kept, PATH: [join(ROOT, 'node_modules', '.bin'), dirname(process.execPath), env['PATH'] ?? ''].join(delimiter) };
}
