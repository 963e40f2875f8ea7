import { describeAgentContract, onlyPoints } from '../contract/agent-contract.ts';
import { OPENCODE, REAL_LACKS, scriptOf, whyNotInstalled } from '../acp/real-acp-agent.ts';
import { startRealOpencode } from './real-opencode.ts';

describeAgentContract(
  'opencode through its server',
  { ...onlyPoints('text', 'edit', 'permission denied', 'cancel in a tool', 'resume'), ...REAL_LACKS },
  async () => {
    const { backend, model, [Symbol.asyncDispose]: dispose } = await startRealOpencode();
    return {
      backend,
      script: scriptOf(OPENCODE),
      remembers: async (_session, words) => JSON.stringify(model.requests.at(-1)?.body).includes(words),
      kill: null,
      isSlow: true,
      [Symbol.asyncDispose]: dispose,
    };
  },
  whyNotInstalled(OPENCODE),
);
