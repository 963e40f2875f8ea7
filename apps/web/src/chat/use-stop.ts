import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';

const CONFIRM_MS = 3_000;

interface Stop {
  /** The turn that runs, or waits for a person; null = nothing to stop. */
  readonly task: Task | null;
  readonly isStopping: boolean;
  readonly now: () => void;
  /** Esc: stops at once, or asks for a second press while a tool runs. */
  readonly press: () => void;
  readonly hint: string | null;
}

/** Stops the running turn of a chat. */
export function useStop(state: ChatState): Stop {
  const { api } = useLive();
  const { isBusy, message, run } = useAction();
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const task = state.tasks.find((other) => other.state === 'running' || other.state === 'blocked') ?? null;
  const isToolRunning = state.messages.some(
    (other) => other.status === 'streaming' && other.parts.some((part) => part.type === 'tool' && part.status === 'running'),
  );

  useEffect(() => {
    if (askedFor === null) return;
    const timer = setTimeout(() => setAskedFor(null), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [askedFor]);

  const now = () => {
    setAskedFor(null);
    if (task !== null) void run(() => api.cancelTask({ params: { id: task.id } }));
  };
  const press = () => {
    if (task === null) return;
    if (!isToolRunning || askedFor === task.id) now();
    else setAskedFor(task.id);
  };
  const isAsked = task !== null && askedFor === task.id;
  return { task, isStopping: isBusy, now, press, hint: isAsked ? 'Esc again to stop' : task === null ? null : message };
}
