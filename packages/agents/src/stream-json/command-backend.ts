import type { AgentBackend } from '../backend.ts';
import { type CommandAgent, CommandSession } from './command-session.ts';

/**
 * Any command: run once for each prompt, which takes the place of `{prompt}` in its arguments or is the last of them. What it prints is its answer: messages like
 * claude's where it prints such, otherwise text.
 */
export function commandBackend(agent: CommandAgent & { readonly name: string }): AgentBackend {
  return {
    name: agent.name,
    isWarm: false,
    fingerprint: async () => '',
    open: async (options) => {
      await agent.plan(options); // whether it can be started at all
      return new CommandSession(agent, options);
    },
  };
}
