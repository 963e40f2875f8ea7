import { runTool } from './run-tool.ts';

const show = (text: string): void => void process.stdout.write(text);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort(name));

/** Draws every state of the web client into .cache/states, and checks each. */
const { status } = await runTool('playwright', ['test', 'apps/web/test/states.spec.ts', ...process.argv.slice(2)], {
  cwd: process.cwd(),
  env: { BOOCODE_STATES: 'all' },
  silenceMs: 1_800_000,
  onOutput: show,
  signal: interruption.signal,
});
process.exitCode = status ?? 1;
