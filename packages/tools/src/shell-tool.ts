import { access } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ChildProcess } from '@boocode/processes/child-process.ts';
import * as z from 'zod/mini';
import { ShellOutput } from './shell-output.ts';
import { defineTool, type ToolResult } from './tool.ts';

const MAX_TIMEOUT_MS = 3_600_000;

export const shellTool = defineTool({
  name: 'shell',
  kind: 'execute',
  description:
    'Run a command in the project folder. No terminal: it must not wait for input. Long output is cut in the middle and kept in a file. Processes left in the background end with the command.',
  input: z.strictObject({
    command: z.string().check(z.minLength(1), z.describe('Command for the shell')),
    timeoutMs: z.optional(z.int().check(z.gte(100), z.lte(MAX_TIMEOUT_MS), z.describe('How long it may take, in milliseconds'))),
  }),
  title: (input) => input.command,
  effect: (input) => ({ type: 'execute', command: input.command }),
  async run(input, context): Promise<ToolResult> {
    context.signal.throwIfAborted();
    const timeoutMs = input.timeoutMs ?? context.shellTimeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const output = new ShellOutput(context.outputDir, context.onOutput);
    await using child = await ChildProcess.start({
      command: await findShell(),
      args: ['-c', input.command],
      cwd: context.cwd,
      env: { ...context.environment, TERM: 'dumb', NO_COLOR: '1', PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true' },
      registry: context.registry,
      containment: context.containment,
      signal: AbortSignal.any([context.signal, timeout]),
      stdin: 'ignore',
    });
    const streams = [child.stdout, child.stderr].map((stream) => drain(stream, output));
    const { code, signal } = await child.exited;
    await Promise.all(streams);
    const kept = await output.close();
    const ending = describeEnding(code, signal, context.signal.aborted, timeout.aborted ? timeoutMs : null);
    const said = kept.text.trimEnd();
    const blank = kept.file === null ? kept.text.length - said.length : 0; // what is left out at the end is nothing that is missing
    const text = [said, ending].filter((part) => part !== '').join('\n');
    return {
      text: text === '' ? '(no output)' : text,
      failed: code !== 0,
      exitCode: code,
      whole: { bytes: kept.bytes - blank, lines: kept.lines, file: kept.file },
    };
  },
});

function describeEnding(code: number | null, signal: string | null, isCancelled: boolean, timeoutMs: number | null): string {
  if (isCancelled) return '(cancelled)';
  if (timeoutMs !== null) return `(ended after ${timeoutMs / 1_000} s: the time limit; give timeoutMs for longer commands)`;
  if (code === null) return `(ended by ${signal ?? 'a signal'})`;
  return code === 0 ? '' : `(exit status ${code})`;
}

/** Reads to the end, or until the child is gone: a pipe kept open elsewhere must not hold the tool. */
async function drain(stream: Readable, output: ShellOutput): Promise<void> {
  stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  await finished(stream, { writable: false }).catch(() => {}); // a broken pipe is an end like any other
}

/** bash where it exists, because that is what models write for. */
async function findShell(): Promise<string> {
  try {
    await access('/bin/bash');
    return '/bin/bash';
  } catch {
    return '/bin/sh'; // every POSIX system has it
  }
}
