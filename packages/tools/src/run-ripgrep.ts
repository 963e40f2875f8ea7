import { spawn } from 'node:child_process';
import { rgPath } from '@vscode/ripgrep';
import { ToolFailure, type ToolContext } from './tool.ts';

const TIMEOUT_MS = 20_000;

export interface RipgrepOutput {
  readonly lines: readonly string[];
  /** It printed more than was kept, or was stopped for its time. */
  readonly isCut: boolean;
}

/**
 * Runs ripgrep in the worktree and keeps at most `maxBytes` of what it prints. It honours ignore files, looks into dotfiles but not into `.git`, and
 * follows no links. Its own errors (a bad pattern) become a ToolFailure.
 */
export async function runRipgrep(
  args: readonly string[],
  maxBytes: number,
  context: Pick<ToolContext, 'cwd' | 'environment' | 'signal'>,
): Promise<RipgrepOutput> {
  context.signal.throwIfAborted();
  const child = spawn(rgPath, ['--no-config', '--hidden', '--no-require-git', '--glob', '!.git', '--color', 'never', ...args], {
    cwd: context.cwd,
    env: { ...context.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: context.signal,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.length > maxBytes) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(0, 2_000);
  });
  const ended = Promise.withResolvers<{ code: number | null }>();
  child.once('error', ended.reject).once('close', (code) => ended.resolve({ code }));
  const { code } = await ended.promise;
  if (code === 2 && output === '') throw new ToolFailure(`Cannot search: ${errors.trim().split('\n').slice(0, 5).join('; ')}`);
  const isCut = code === null;
  const lines = output.slice(0, maxBytes).split('\n');
  if (isCut || lines.at(-1) === '') lines.pop();
  return { lines, isCut };
}
