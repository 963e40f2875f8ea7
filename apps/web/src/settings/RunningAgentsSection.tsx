import type { RunningAgent } from '@boocode/contracts/agent-info.ts';
import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { Section } from './Section.tsx';

/** The agents' programs that live now, with what they cost this machine. Read again whenever the status of a chat changes. */
export function RunningAgentsSection() {
  const { api } = useLive();
  const { sessions } = useUser();
  const [agents, setAgents] = useState<readonly RunningAgent[] | null>(null);
  const { run, message } = useAction();
  const load = useCallback(() => void run(async () => setAgents((await api.listRunningAgents({ query: { limit: 200 } })).items)), [api, run]);
  const statuses = sessions.map((session) => session.status).join();
  useEffect(load, [load, statuses]);
  return (
    <Section
      id="running"
      title="Running agents"
      lead="Agents stay ready for a while after a turn, so that the next one begins at once. Those unused longest are ended first."
    >
      <RetryLine message={message} onRetry={load} />
      {agents === null ? (
        message === null ? (
          <div className="skeleton h-14" role="status" aria-label="Reading the running agents" />
        ) : null
      ) : agents.length === 0 ? (
        <p className="rounded-l border border-dashed border-control px-3.5 py-3 text-13 text-fg-1">No agent's program runs now.</p>
      ) : (
        <ul aria-label="Running agents" className="divide-y divide-line rounded-l border border-line-2">
          {agents.map((agent) => (
            <AgentLine key={`${agent.chatId} ${agent.agent}`} agent={agent} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function AgentLine({ agent }: { agent: RunningAgent }) {
  const { sessions } = useUser();
  const now = useNow(30_000);
  const session = sessions.find(({ id }) => id === agent.sessionId);
  const chat = session?.chats.find(({ id }) => id === agent.chatId);
  const title = session === undefined ? 'Its chat' : session.chats.length > 1 && chat !== undefined ? `${session.title}, ${chat.title}` : session.title;
  const facts = [
    agent.state === 'working' ? 'works' : `ready, last used ${timeAgo(agent.lastUsedAt, now)}`,
    agent.memoryBytes === null ? null : `${Math.max(1, Math.round(agent.memoryBytes / 1_048_576))} MB`,
    agent.pid === null ? null : `process ${agent.pid}`,
  ].filter((fact) => fact !== null);
  return (
    <li className="flex items-start gap-3 px-3.5 py-2.5">
      <span className="grid h-5 w-3 place-items-center">
        <StatusDot status={agent.state} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="font-medium">{agent.agent}</span>
        <Link
          href={`/sessions/${agent.sessionId}/${agent.chatId}`}
          className="block truncate rounded-s text-13 text-fg-1 underline decoration-line-2 underline-offset-3 hover:decoration-current pointer-coarse:py-3.5"
        >
          {title}
        </Link>
        <span className="block text-12 text-fg-2">{facts.join(' · ')}</span>
      </span>
    </li>
  );
}
