import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../packages/agents/test/acp/scripted-acp-agent.ts', import.meta.url));

/** Puts an agent that BooCode has never heard of into the config.json of a home: `courier`, a program over ACP that does what its prompts say. */
export async function configureCourier(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const courier = {
    label: 'Courier',
    transport: 'acp',
    command: process.execPath,
    args: ['--no-warnings', PROGRAM],
    env: { AGENT_HOME: courierHome(home) },
  };
  await writeFile(join(home, 'config.json'), JSON.stringify({ providers: { courier } }));
}

/** Where it keeps its conversations; stands in the environment of each of its processes, and nowhere else. */
export function courierHome(home: string): string {
  return join(home, '..', 'courier');
}

/** A prompt of one step a line. */
export function courierPrompt(...steps: readonly object[]): string {
  return ['Deliver this.', ...steps.map((step) => `do ${JSON.stringify(step)}`)].join('\n');
}
