import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../command/context.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { homeOf } from './find-server.ts';

const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 40;

/** Starts `boocode serve` on its own, with its complaints in `logs/server.log`, and resolves with the first answer of `look` that is not null. */
export async function startBackgroundServer<T>(context: Context, look: () => Promise<T | null>): Promise<T> {
  const log = join(homeOf(context.env), 'logs', 'server.log');
  const { child, logStart } = spawnServer(context, log);
  const ended = once(child, 'exit').then(() => true);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const hasEnded = await Promise.race([ended, delay(LOOK_AGAIN_MS, false)]);
    const found = await look();
    if (found !== null) {
      child.unref();
      return found;
    }
    if (hasEnded) throw new ExitError(EXIT.unreachable, lastSentence(log, logStart) ?? `Cannot start BooCode: it ended at once; see ${log}`);
  }
  throw new ExitError(EXIT.unreachable, `Cannot start BooCode: it was not ready after ${PATIENCE_MS / 1000} s; see ${log}`);
}

function spawnServer(context: Context, log: string): { child: ChildProcess; logStart: number } {
  const file = openLog(log);
  const logStart = statSync(log).size;
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, 'serve', '--no-open', '--json'], {
    cwd: homeOf(context.env),
    env: context.env,
    detached: true,
    stdio: ['ignore', 'ignore', file], // what it prints when it is ready holds its token, which belongs into no log
  });
  closeSync(file);
  return { child, logStart };
}

function openLog(log: string): number {
  try {
    mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
    return openSync(log, 'a', 0o600);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ExitError(EXIT.unreachable, `Cannot start BooCode: "${log}" cannot be written (${reason}); set BOOCODE_HOME to a folder that you can write to`, {
      cause,
    });
  }
}

/** What the server said last before it ended: its errors are one line that says what to do. */
function lastSentence(log: string, start: number): string | null {
  const lines = readFileSync(log).subarray(start).toString('utf8').trim().split('\n');
  return lines.findLast((line) => /^(?:boocode: )?(?:Cannot |This is a mistake)/.test(line))?.replace(/^boocode: /, '') ?? null;
}
