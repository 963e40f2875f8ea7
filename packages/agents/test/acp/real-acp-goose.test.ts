import { describeAgentContract } from '../contract/agent-contract.ts';
import { GOOSE, REAL_LACKS, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';

describeAgentContract('goose over ACP', REAL_LACKS, () => startRealAgent(GOOSE), whyNotInstalled(GOOSE));
