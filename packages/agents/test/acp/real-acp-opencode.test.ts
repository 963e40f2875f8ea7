import { describeAgentContract, onlyPoints } from '../contract/agent-contract.ts';
import { OPENCODE, REAL_LACKS, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';

const SLOW = 'it tries again for more than a minute';

describeAgentContract(
  'opencode over ACP',
  { ...onlyPoints('text', 'edit', 'permission denied', 'cancel in a tool'), ...REAL_LACKS, 'model error 500': SLOW, 'model cut off': SLOW },
  () => startRealAgent(OPENCODE),
  whyNotInstalled(OPENCODE),
);
