import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';

export interface AgentOption {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
}

/** The agents that can be asked now; empty until that is known. */
export function useAgents(): readonly AgentOption[] {
  const { api } = useLive();
  const [agents, setAgents] = useState<readonly AgentOption[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    api.listProviders({ signal: leaving.signal }).then(
      ({ items }) => setAgents(items.filter((item) => item.status === 'ready').map((item) => ({ id: item.id, label: item.label, detail: item.version }))),
      () => undefined, // the chat's own agent stays shown; there is nothing to choose from meanwhile
    );
    return () => leaving.abort();
  }, [api]);
  return agents;
}
