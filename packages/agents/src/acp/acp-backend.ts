import { BooError } from '@boocode/contracts/error-code.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { type AgentHost, launchFingerprint, type PlanLaunch } from '../agent-process.ts';
import type { AgentBackend, AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { ACP_LIMITS, type AcpLimits, AcpSession } from './acp-session.ts';
import { HandshakeFailed } from './begin-conversation.ts';

export interface AcpBackendOptions {
  readonly name: string;
  /** As people know it. */
  readonly label: string;
  readonly host: AgentHost;
  readonly plan: PlanLaunch;
  /** Another form of the same agent, for when it does not speak the protocol. */
  readonly fallback: AgentBackend | null;
  readonly limits?: Partial<AcpLimits>;
}

/** An agent that speaks the Agent Client Protocol: one process for each conversation, kept between prompts. */
export function acpBackend({ name, label, host, plan, fallback, limits }: AcpBackendOptions): AgentBackend {
  const options = { name, label, host, plan, limits: { ...ACP_LIMITS, ...limits } };
  return {
    name,
    isWarm: true,
    fingerprint: async (open) => launchFingerprint(await plan(open), open),
    async open(open) {
      try {
        return await AcpSession.open(options, open);
      } catch (error) {
        if (!(error instanceof HandshakeFailed)) throw error;
        if (fallback !== null)
          return openFallback(fallback, open, `${label} did not answer as it should (${error.message}), so it was started in its simpler form.`);
        throw new BooError('agent_unavailable', `Cannot start ${label}: ${error.message}; see whether it runs in a terminal`, { cause: error });
      }
    },
  };
}

/** The other form, which says with its first prompt that it is that. */
async function openFallback(fallback: AgentBackend, options: OpenOptions, notice: string): Promise<AgentSession> {
  const session = await fallback.open(options);
  let isTold = false;
  const prompt = async function* (asked: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    if (!isTold) yield { type: 'notice', level: 'info', code: 'acp_fallback', text: notice };
    isTold = true;
    yield* session.prompt(asked, signal);
  };
  return {
    get resumeToken() {
      return session.resumeToken;
    },
    get isResumed() {
      return session.isResumed;
    },
    get pid() {
      return session.pid;
    },
    get isBusy() {
      return session.isBusy;
    },
    closed: session.closed,
    canSteer: session.canSteer === true,
    prompt,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
