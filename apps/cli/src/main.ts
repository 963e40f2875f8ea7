import process from 'node:process';
import { commands } from './command/commands.ts';
import type { Context } from './command/context.ts';
import { describeFailure } from './command/describe-failure.ts';
import { formatCommandHelp, formatHelp } from './command/help.ts';
import { parseCommandLine } from './command/parse-command-line.ts';
import { findVersion } from './command/version.ts';
import { endOnClosedPipe, Terminal } from './terminal/terminal.ts';

// a server outlives the reader of its first line
const leaveQuietly = process.argv[2] === 'serve' ? () => undefined : () => process.exit(0);
endOnClosedPipe([process.stdout, process.stderr], leaveQuietly);
process.exitCode = await main(process.argv.slice(2), makeContext());

async function main(argv: readonly string[], context: Context): Promise<number> {
  try {
    const line = parseCommandLine(argv, commands);
    switch (line.kind) {
      case 'version':
        context.out.line(context.version);
        return 0;
      case 'help':
        context.out.write(line.command === null ? formatHelp(commands, context.out.width) : formatCommandHelp(line.command, context.out.width));
        return 0;
      case 'run':
        return await line.command.run(context, line.given);
    }
  } catch (error) {
    const failure = describeFailure(error);
    context.err.line(`boocode: ${failure.message}`);
    return failure.status;
  }
}

function makeContext(): Context {
  const out = new Terminal(process.stdout, process.env);
  return {
    env: process.env,
    cwd: process.cwd(),
    version: findVersion(),
    out,
    err: new Terminal(process.stderr, process.env),
    input: process.stdin,
    output: process.stdout,
    isInteractive: process.stdin.isTTY && out.isTerminal,
    onInterrupt(handler, signal) {
      process.on('SIGINT', handler);
      signal.addEventListener('abort', () => process.off('SIGINT', handler), { once: true });
    },
    interrupt: () => process.kill(process.pid, 'SIGINT'),
    leave: (status) => process.exit(status),
  };
}
