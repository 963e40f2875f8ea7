import { expect, it } from 'vitest';
import { runTool, type ToolResult } from '../scripts/run-tool.ts';

it('runTool() gives the status and all that was said', async () => {
  expect(await runNode(`console.log('out'); console.error('err'); process.exitCode = 7`)).toMatchObject({
    status: 7,
    output: expect.stringMatching(/out\n|err\n/),
  });
});

it('runTool() ends a tool that says nothing for too long', async () => {
  const { status, output } = await runNode('setInterval(() => {}, 1000)', { silenceMs: 300 });
  expect([status, output]).toEqual([null, 'node said nothing for 0.3 s and was ended\n']);
});

it('runTool() does not wait for a process that the tool left behind with its output open', async () => {
  const leaver = `const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit', detached: true }); console.log(child.pid); child.unref()`;
  const { status, output, seconds } = await runNode(leaver);
  process.kill(Number(output), 'SIGKILL');
  expect(status).toBe(0);
  expect(seconds).toBeLessThan(15);
});

it('runTool() ends the tool when its signal says so', async () => {
  expect(await runNode('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(300) })).toMatchObject({ status: null });
});

it('runTool() keeps what a person has set up away from the tests', async () => {
  process.env['BOOCODE_HOME'] = '/nowhere';
  const { output } = await runNode(`console.log(Object.keys(process.env).filter((name) => /^(BOOCODE_|npm_)/.test(name)).length)`);
  delete process.env['BOOCODE_HOME'];
  expect(output).toBe('0\n');
});

function runNode(program: string, options: { silenceMs?: number; signal?: AbortSignal } = {}): Promise<ToolResult> {
  return runTool('node', ['--eval', program], { cwd: '.', env: {}, silenceMs: 10_000, onOutput: () => {}, signal: new AbortController().signal, ...options });
}
