import { describeAgentContract, onlyPoints } from '../contract/agent-contract.ts';
import { QWEN, REAL_LACKS, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';

describeAgentContract(
  'qwen over ACP',
  { ...onlyPoints('text', 'edit', 'permission denied', 'cancel in a tool', 'resume'), ...REAL_LACKS },
  () => startRealAgent(QWEN),
  whyNotInstalled(QWEN),
);
