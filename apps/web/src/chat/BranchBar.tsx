import type { Chat, Session } from '@boocode/contracts/chat.ts';
import { GitBranch, GitCompareArrows } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { shortCount } from '../ui/time-ago.ts';
import type { OpenPlace } from './open-place.tsx';

interface Used {
  readonly branch: string | null;
  readonly tokens: number;
  /** null = nobody said what it costs, or it costs nothing. */
  readonly cost: number | null;
}

/** Above a chat: where its agent works, what the chat has used so far, and the way to its changes. */
export function BranchBar({ chat, session, onOpen }: { chat: Chat; session: Session; onOpen: OpenPlace | null }) {
  const used = useUsed(chat);
  const files = session.pendingChanges;
  const cost = used === null || used.cost === null ? '' : ` · $${used.cost.toFixed(2)}`;
  return (
    <>
      {used?.branch == null ? (
        <span className="min-w-0 truncate">{used === null ? '' : 'The agent gets its own copy with the first change'}</span>
      ) : (
        <span className="flex min-w-0 items-center gap-1.5" title={`The agent works on the branch ${used.branch}, in its own copy`}>
          <GitBranch size={13} className="shrink-0" />
          <span className="truncate font-mono text-fg-1">{used.branch}</span>
        </span>
      )}
      <span className="ml-auto shrink-0 pl-2">{used === null || used.tokens === 0 ? '' : `${shortCount(used.tokens)} tokens${cost}`}</span>
      {files === 0 || onOpen === null ? null : (
        <button type="button" className="btn btn-tiny !w-auto shrink-0 gap-1.5 !px-2 !text-12 text-fg-0" onClick={() => onOpen('changes', { ref: null })}>
          <GitCompareArrows size={13} />
          {files} {files === 1 ? 'file' : 'files'}
          <span className="sr-only"> to review</span>
        </button>
      )}
    </>
  );
}

/** What the server says, read again whenever a turn of the session begins or ends. */
function useUsed(chat: Chat): Used | null {
  const { api, user } = useLive();
  const { id, sessionId } = chat;
  const [used, setUsed] = useState<Used | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const read = async () => {
      const [agents, worktrees] = await Promise.all([api.listAgentSessions({ params: { id: sessionId } }), api.listWorktrees({ query: { limit: 500 } })]);
      if (life.signal.aborted) return;
      const own = agents.filter((agent) => agent.chat_id === id);
      const costs = own.flatMap((agent) => agent.cost ?? []);
      setUsed({
        branch: worktrees.items.find((worktree) => worktree.sessionId === sessionId && worktree.branch !== '')?.branch ?? null,
        tokens: own.reduce((sum, agent) => sum + agent.input_tokens + agent.output_tokens, 0),
        cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost),
      });
    };
    const follow = () => void read().catch(() => undefined); // the server is away: what was known stays
    follow();
    const forget = user.onTask((task) => task.sessionId === sessionId && follow());
    return () => {
      life.abort();
      forget();
    };
  }, [api, user, id, sessionId]);
  return used;
}
