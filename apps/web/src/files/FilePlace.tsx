import type { SessionId } from '@boocode/contracts/ids.ts';
import { useState } from 'react';
import { ChoiceMenu } from '../ui/ChoiceMenu.tsx';

/** Whose files are shown. */
export type Place = 'worktree' | 'project';

const CHOICES = [
  { value: 'worktree', label: "Agent's copy", detail: 'The worktree of this session, with what the agent has edited' },
  { value: 'project', label: 'Your folder', detail: 'What is in your project now' },
] as const;

/** The place that was chosen last in this session, in this browser. */
export function usePlace(sessionId: SessionId): readonly [Place, (place: Place) => void] {
  const key = `boocode.place.${sessionId}`;
  const [place, setPlace] = useState<Place>(() => (sessionStorage.getItem(key) === 'project' ? 'project' : 'worktree'));
  const choose = (next: Place) => {
    sessionStorage.setItem(key, next);
    setPlace(next);
  };
  return [place, choose];
}

export function FilePlace({ place, onChoose }: { place: Place; onChoose: (place: Place) => void }) {
  return <ChoiceMenu name="Files of" value={place} choices={CHOICES} onChoose={onChoose} side="bottom" className="shrink-0" />;
}
