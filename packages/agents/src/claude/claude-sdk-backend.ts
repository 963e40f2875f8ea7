import type { AgentHost, PlanLaunch } from '../agent-process.ts';
import type { AgentBackend } from '../backend.ts';
import { DIALECTS } from '../stream-json/dialect.ts';
import { lineBackend } from '../stream-json/line-backend.ts';
import type { ClaudeSdk } from './claude-sdk.ts';
import type { ClaudeSessionStore } from './claude-session-store.ts';
import { splitModel } from './model-choice.ts';
import { SdkLine } from './sdk-line.ts';

export interface ClaudeSdkBackendOptions {
  readonly name: string;
  readonly label: string;
  readonly host: AgentHost;
  /** Of it only environment, model and mode count: the SDK brings its own program. */
  readonly plan: PlanLaunch;
  /** Where the transcripts are mirrored, so that they can be resumed on another machine; null: nowhere. */
  readonly store: ClaudeSessionStore | null;
  /** See `loadClaudeSdk`. Asked for each conversation. */
  readonly loadSdk: () => Promise<ClaudeSdk>;
}

/** Claude through its Agent SDK: one query with streamed input per chat. */
export function claudeSdkBackend({ name, label, host, plan, store, loadSdk }: ClaudeSdkBackendOptions): AgentBackend {
  const { isUsageOfTurn, forgetsAfterFailure, modes, unknownSession, startChoice } = DIALECTS.claude;
  return lineBackend({
    name,
    label,
    plan,
    isUsageOfTurn,
    forgetsAfterFailure,
    modes,
    unknownSession,
    startChoice: (launch) => `${startChoice(launch)} ${splitModel(launch.model).betas.join(' ')}`,
    start: async (launch, options, resumeToken, handlers) => new SdkLine({ sdk: await loadSdk(), host, label, store }, launch, options, resumeToken, handlers),
  });
}
