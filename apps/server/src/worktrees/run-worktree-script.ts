import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { WorktreeId } from '@boocode/contracts/ids.ts';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';

export type ScriptName = 'setup' | 'teardown';

export interface ScriptDeps {
  readonly registry: ProcessRegistry;
  readonly containment: Containment | null;
  /** What children may see of ours. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where the scripts' output is kept. */
  readonly logDir: string;
}

export interface RunScript {
  readonly name: ScriptName;
  readonly worktreeId: WorktreeId;
  /** The project's folder inside the worktree. */
  readonly folder: string;
  readonly script: string;
  readonly signal: AbortSignal;
}

const WORDS: Record<ScriptName, string> = { setup: 'set-up', teardown: 'teardown' };
const SHOWN_BYTES = 256 * 1024;

/** Runs a trusted script of a project in its worktree, in a process group of its own, for a limited time. Null when it succeeded, else a sentence. Its output is kept. */
export async function runWorktreeScript(deps: ScriptDeps, { name, worktreeId, folder, script, signal }: RunScript): Promise<string | null> {
  await mkdir(deps.logDir, { recursive: true });
  const logFile = logFileOf(deps, name, worktreeId);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]);
  await using child = await ChildProcess.start({
    command: 'sh',
    args: ['-c', script],
    cwd: folder,
    env: deps.environment,
    registry: deps.registry,
    containment: deps.containment,
    signal: limit,
    stdin: 'ignore',
  });
  const log = createWriteStream(logFile, { mode: 0o600 });
  log.write(`$ ${script}\n`);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exit = await child.exited;
  const how = limit.aborted
    ? `did not end within ${Math.round(deps.timeoutMs / 1_000)} s`
    : `ended with ${exit.code === null ? `signal ${exit.signal ?? '?'}` : `status ${exit.code}`}`;
  log.end(`\n[${how}]\n`);
  await finished(log);
  signal.throwIfAborted();
  if (exit.code === 0) return null;
  const said = child.stderrTail.trim().split('\n').at(-1) ?? '';
  return `The ${WORDS[name]} script ${how}${said === '' ? '' : `: ${said.slice(0, 300)}`}. Its output is in ${logFile}`;
}

/** The end of what a script wrote when it ran last; null = it did not. */
export async function readScriptLog(deps: Pick<ScriptDeps, 'logDir'>, name: ScriptName, worktreeId: WorktreeId): Promise<string | null> {
  const file = await open(logFileOf(deps, name, worktreeId), 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.min(size, SHOWN_BYTES)), position: Math.max(0, size - SHOWN_BYTES) });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

export function logFileOf(deps: Pick<ScriptDeps, 'logDir'>, name: ScriptName, worktreeId: WorktreeId): string {
  return join(deps.logDir, `${name}-${worktreeId}.log`);
}
