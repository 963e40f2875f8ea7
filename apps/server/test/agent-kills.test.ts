import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded } from '@boocode/contracts/task.ts';
import { expect, it } from 'vitest';
import { killServerProgram, openTestServer, processesWith, startServerProgram } from './server-program.ts';
import { configureCourier, courierHome, courierPrompt } from './scripted-provider.ts';
import { seeded } from './seeded.ts';

/** `BOOCODE_KILLS=200` is the whole of it; the suite runs a slice. `BOOCODE_SEED` repeats one that failed. */
const KILLS = Number(process.env['BOOCODE_KILLS'] ?? 4);
const SEED = Number(process.env['BOOCODE_SEED'] ?? 1);
const PATIENCE_MS = 60_000;
const WHAT = ['the agent', 'the server', 'both'] as const;

it(
  `leaves no process and no unsettled turn after ${KILLS} kills of the agent, the server and both (seed ${SEED})`,
  { timeout: 60_000 + KILLS * 30_000 },
  async () => {
    await using opened = await openTestServer({}, configureCourier);
    const agents = courierHome(opened.home);
    const random = seeded(SEED);
    const projectPath = await opened.newRepository({ 'a.txt': 'a\n' });
    const steps = courierPrompt({ shell: 'echo $$; sleep 300 & sleep 300' }, { say: 'never' });
    for (let kill = 0; kill < KILLS; kill++) {
      const what = WHAT[kill % WHAT.length]!;
      const task = await opened.server.api.createTask({ body: { input: steps, projectPath, agent: 'courier', access: 'full' } });
      // Some are killed before they have begun, some in the middle of their command.
      const inTool = random() < 0.6;
      if (inTool) await until('its command runs', async () => (await countOf(agents, 'sleep 300')) >= 2);
      else await sleep(random() * 400);
      await Promise.all([what === 'the agent' ? null : killServerProgram(opened.server), what === 'the server' ? null : killAgents(agents)]);
      if (what !== 'the agent') opened.server = await startServerProgram(opened.home);
      else if (!inTool) await opened.server.api.cancelTask({ params: { id: task.id } }); // it may not have been there yet
      await until('the turn is settled', async () => hasEnded((await opened.server.api.getTask({ params: { id: task.id } })).state));
      await until(`nothing of its command is left after the kill of ${what}`, async () => (await countOf(agents, 'sleep 300')) === 0);
      await until(`nothing of the agent is left after the kill of ${what}`, async () => what === 'the agent' || (await processesWith(agents)).length === 0);
    }
    const { items } = await opened.server.api.listTasks({ query: {} });
    expect(items.filter(({ state }) => !hasEnded(state))).toEqual([]);
  },
);

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isTrue()); await sleep(50)) if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
}

async function countOf(agents: string, command: string): Promise<number> {
  return (await processesWith(agents)).filter((one) => one.command.trim() === command).length;
}

async function killAgents(agents: string): Promise<void> {
  const running = (await processesWith(agents)).filter(({ command }) => command.includes('scripted-acp-agent'));
  for (const { pid } of running) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}
