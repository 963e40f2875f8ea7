import { launchFingerprint } from '../agent-process.ts';
import type { AgentBackend } from '../backend.ts';
import { startChoice } from './dialect.ts';
import { type WarmAgent, WarmSession } from './warm-session.ts';

/** An agent that speaks claude's lines of JSON in both directions: one process per chat, asked by messages, which asks for leave over the same pipes. */
export function streamJsonBackend(agent: WarmAgent & { readonly name: string }): AgentBackend {
  return {
    name: agent.name,
    isWarm: true,
    fingerprint: async (options) => {
      const launch = await agent.plan(options);
      return `${launchFingerprint(launch, options)} ${startChoice(agent.dialect, launch.mode)}`;
    },
    open: (options) => WarmSession.open(agent, options),
  };
}
