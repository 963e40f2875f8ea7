import { launchFingerprint } from '../agent-process.ts';
import type { AgentBackend } from '../backend.ts';
import type { LineAgent } from './agent-line.ts';
import { LineSession } from './line-session.ts';

/** One line per conversation, kept between prompts. */
export function lineBackend(agent: LineAgent): AgentBackend {
  return {
    name: agent.name,
    isWarm: true,
    fingerprint: async (options) => {
      const launch = await agent.plan(options);
      return `${launchFingerprint(launch, options)} ${agent.startChoice(launch)}`;
    },
    open: (options) => LineSession.open(agent, options),
  };
}
