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
  readonly timeoutMs: number;
  readonly onOutput: (text: string) => void;
}

/** What would make a test depend on the person's own set-up. */
const FOREIGN = /^(BOOCODE_|DATABASE_URL$|CLAUDE_SDK_BACKEND$|NODE_OPTIONS$|VITEST|PLAYWRIGHT_|npm_|FORCE_COLOR$|NO_COLOR$)/;

/** Runs a program of node_modules/.bin under this Node. Never rejects. */
export function runTool(name: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const startedAt = performance.now();
  const child = spawn(join(ROOT, 'node_modules', '.bin', name), args, {
    cwd: options.cwd,
    env: { ...toolEnvironment(process.env), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  });
  const stop = (): void => void child.kill('SIGTERM');
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return new Promise((resolve) => {
    let output = '';
    const onData = (chunk: string): void => {
      output += chunk;
      options.onOutput(chunk);
    };
    const end = (status: number | null): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve({ status, output, seconds: (performance.now() - startedAt) / 1000 });
    };
    child.stdout.setEncoding('utf8').on('data', onData);
    child.stderr.setEncoding('utf8').on('data', onData);
    child.once('error', (error) => {
      onData(`${error.message}\n`);
      end(null);
    });
    child.once('close', end);
  });
}

function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
  return { ...kept, PATH: [join(ROOT, 'node_modules', '.bin'), dirname(process.execPath), env['PATH'] ?? ''].join(delimiter) };
}
