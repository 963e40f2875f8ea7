/** Going through what was asked before. `index` -1 = the own draft; `stash` is that draft while an earlier prompt stands in its place. */
export interface HistoryState {
  readonly prompts: readonly string[];
  readonly index: number;
  readonly stash: string;
}

export const NO_HISTORY: HistoryState = { prompts: [], index: -1, stash: '' };

export interface HistoryStep {
  readonly state: HistoryState;
  readonly text: string;
}

/** One step up (older) or down (newer) from `text`; null = the key means something else here. */
export function stepHistory(state: HistoryState, text: string, direction: 'older' | 'newer'): HistoryStep | null {
  const isRecalled = state.index >= 0 && state.prompts[state.index] === text;
  if (direction === 'newer') {
    if (!isRecalled) return null;
    const index = state.index - 1;
    return index < 0 ? { state: { ...state, index, stash: '' }, text: state.stash } : { state: { ...state, index }, text: state.prompts[index] ?? '' };
  }
  const index = isRecalled ? state.index + 1 : 0;
  const prompt = state.prompts[index];
  if (prompt === undefined) return null;
  // what was written over an earlier prompt is a draft of its own, and there is room for one
  if (!isRecalled && state.stash !== '' && text !== '') return null;
  return { state: { ...state, index, stash: isRecalled || text === '' ? state.stash : text }, text: prompt };
}
