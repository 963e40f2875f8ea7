import { describeAgentContract } from '../contract/agent-contract.ts';
import { QWEN, REAL_LACKS, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';

describeAgentContract('qwen over ACP', REAL_LACKS, () => startRealAgent(QWEN), whyNotInstalled(QWEN));
