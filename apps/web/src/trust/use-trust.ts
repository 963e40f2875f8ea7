import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { TrustItem } from '@boocode/contracts/trust.ts';
import { useCallback, useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { type Action, useAction } from '../live/use-action.ts';

const LATER_KEY = 'boocode.trust.later';

export interface Trust extends Pick<Action, 'isBusy' | 'message'> {
  /** null = not read yet. */
  readonly items: readonly TrustItem[] | null;
  readonly load: () => void;
  /** The server refuses it when the content is another by now. */
  readonly approve: (item: TrustItem) => void;
}

/** What a project's repository brings, and whether it is approved. */
export function useTrust(projectId: ProjectId): Trust {
  const { api } = useLive();
  const [items, setItems] = useState<readonly TrustItem[] | null>(null);
  const { run, isBusy, message } = useAction();
  const load = useCallback(() => void run(async () => setItems((await api.listTrust({ params: { id: projectId } })).items)), [api, run, projectId]);
  useEffect(load, [load]);
  const approve = (item: TrustItem) =>
    void run(async () => {
      const approved = await api.approveTrust({ params: { id: projectId }, body: { path: item.path, hash: item.hash } });
      setItems((now) => now?.map((other) => (other.path === approved.path ? approved : other)) ?? null);
    });
  return { items, isBusy, message, load, approve };
}

/** Whether a person put off exactly this content on this device. */
export function useLater(hash: string): readonly [boolean, (isLater: boolean) => void] {
  const [isLater, setLater] = useState(() => localStorage.getItem(LATER_KEY) === hash);
  return [
    isLater,
    (next) => {
      setLater(next);
      if (next) localStorage.setItem(LATER_KEY, hash);
      else localStorage.removeItem(LATER_KEY);
    },
  ];
}
