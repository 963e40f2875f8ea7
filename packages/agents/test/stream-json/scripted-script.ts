import type { ContractScript } from '../contract/agent-contract.ts';

/** A line of a prompt that the scripted agent follows. */
export function step(value: object): string {
  return `step: ${JSON.stringify(value)}`;
}

export const SCRIPTED: ContractScript = {
  say: (text) => step({ say: text }),
  think: (text) => [step({ think: text }), step({ say: 'thought' })].join('\n'),
  write: (path, content) => [step({ write: { path, content } }), step({ say: 'done' })].join('\n'),
  shell: (command) => [step({ shell: command }), step({ say: 'done' })].join('\n'),
  sayForever: () => step({ sayForever: true }),
  fail: (how) => step({ fail: how }),
};
