import { describeAgentContract } from '../contract/agent-contract.ts';
import { OPENCODE, REAL_LACKS, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';

describeAgentContract('opencode over ACP', REAL_LACKS, () => startRealAgent(OPENCODE), whyNotInstalled(OPENCODE));
