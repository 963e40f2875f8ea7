import type { ChatId } from '@boocode/contracts/ids.ts';
import { useRef } from 'react';
import { useLive } from '../live/live-context.tsx';
import { keepDraft, readDraft } from './drafts.ts';
import { NO_HISTORY, stepHistory } from './history-state.ts';

const LIMIT = 200;

export interface PromptHistory {
  /** Resolves with the text to show instead, or null when there is none. */
  readonly step: (text: string, direction: 'older' | 'newer') => Promise<string | null>;
  /** Whether an arrow down leads on from this text. */
  readonly isRecalled: (text: string) => boolean;
  /** The message went out: gives the draft that stood aside meanwhile. */
  readonly sent: () => string;
}

/** What was asked in a chat, by arrow keys. A draft that stands aside survives a reload too. */
export function usePromptHistory(chatId: ChatId): PromptHistory {
  const { api } = useLive();
  const place = `${chatId}.aside`;
  const state = useRef({ ...NO_HISTORY, stash: readDraft(place) });
  return {
    async step(text, direction) {
      if (direction === 'older' && !isRecalled(state.current, text)) {
        const page = await api.listPrompts({ params: { id: chatId }, query: { limit: LIMIT } }).catch(() => null);
        if (page === null) return null;
        state.current = { ...state.current, prompts: page.items.map((item) => item.text).filter((prompt, at, all) => prompt !== all[at - 1]), index: -1 };
      }
      const step = stepHistory(state.current, text, direction);
      if (step === null) return null;
      state.current = step.state;
      keepDraft(place, step.state.stash);
      return step.text;
    },
    isRecalled: (text) => isRecalled(state.current, text),
    sent() {
      const { stash } = state.current;
      state.current = NO_HISTORY;
      keepDraft(place, '');
      return stash;
    },
  };
}

function isRecalled({ prompts, index }: typeof NO_HISTORY, text: string): boolean {
  return index >= 0 && prompts[index] === text;
}
