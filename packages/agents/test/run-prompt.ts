import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { Limits } from '@boocode/contracts/config-file.ts';
import { applyEvent, EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import { newPrompt, openOptions } from './open-options.ts';
import type { Prompt } from '../src/backend.ts';
import type { ModelTarget } from '../src/native/model-target.ts';
import { nativeBackend } from '../src/native/native-backend.ts';

export interface PromptRun {
  readonly text: string;
  readonly target: Partial<ModelTarget>;
  readonly limits?: Partial<Limits>;
  readonly cwd?: string;
  readonly prompt?: Partial<Prompt>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent, state: TurnState) => void | Promise<void>;
}

/** Runs one prompt on a backend of its own, for tests. */
export async function runPrompt(run: PromptRun): Promise<{ events: AgentEvent[]; state: TurnState }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-agent-')));
  await using backend = nativeBackend({
    modelServers: async () => ({ baseUrl: '', apiKey: null, headers: {}, modelName: 'demo', contextSize: null, label: 'demo', ...run.target }),
    limits: { ...Limits.parse({}), ...run.limits },
    registry: null,
    containment: null,
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    retryWaitsMs: [10, 20],
  });
  const signal = new AbortController().signal;
  const session = await backend.open(openOptions(run.cwd ?? root, { outputDir: join(root, 'out'), signal }));
  const prompt = newPrompt(run.text, run.prompt);
  const events: AgentEvent[] = [];
  let state = EMPTY_TURN;
  for await (const event of session.prompt(prompt, run.signal ?? signal)) {
    events.push(event);
    state = applyEvent(state, event);
    await run.onEvent?.(event, state);
  }
  await rm(root, { recursive: true, force: true });
  return { events, state };
}
