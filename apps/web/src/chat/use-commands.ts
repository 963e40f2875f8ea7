import type { AgentCommand } from '@boocode/contracts/agent-info.ts';
import { useState } from 'react';
import { commandAt, matchCommands } from './command-token.ts';

export interface Commands {
  /** null = no command is being typed, or the list was closed. */
  readonly query: string | null;
  readonly found: readonly AgentCommand[];
  readonly index: number;
  /** What is typed now, and where the caret is. */
  readonly follow: (text: string, caret: number) => void;
  readonly move: (by: 1 | -1) => void;
  readonly close: () => void;
}

/** The commands of an agent, for a `/` at the beginning of a message. */
export function useCommands(commands: readonly AgentCommand[]): Commands {
  const [state, set] = useState<{ query: string | null; index: number; isClosed: boolean }>({ query: null, index: 0, isClosed: false });
  const query = state.isClosed ? null : state.query;
  const found = query === null ? [] : matchCommands(commands, query);
  const index = Math.min(state.index, Math.max(0, found.length - 1));
  return {
    query,
    found,
    index,
    follow(text, caret) {
      const next = commandAt(text, caret);
      if (next === state.query) return;
      set({ query: next, index: 0, isClosed: next !== null && state.isClosed });
    },
    move: (by) => set({ ...state, index: (index + by + found.length) % Math.max(1, found.length) }),
    close: () => set({ ...state, isClosed: true }),
  };
}
