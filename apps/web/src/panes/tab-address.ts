import type { SessionId } from '@boocode/contracts/ids.ts';
import { PANE_KINDS } from './pane-kinds.tsx';

export interface TabTarget {
  readonly kind: string;
  readonly ref: string | null;
}

/** The address of a tab: `/sessions/ID/CHAT`, `/sessions/ID/changes`, `/sessions/ID/file/src/a.ts`. */
export function tabAddress(sessionId: SessionId, { kind, ref }: TabTarget): string {
  const path = (ref ?? '').split('/').map(encodeURIComponent).join('/');
  if (kind === 'chat') return `/sessions/${sessionId}/${path}`;
  return `/sessions/${sessionId}/${kind}${path === '' ? '' : `/${path}`}`;
}

/** What the rest of a session's address names; null for the session alone, as it was left. */
export function parseTabAddress(rest: string | undefined): TabTarget | null {
  if (rest === undefined || rest === '') return null;
  const cut = rest.indexOf('/');
  const first = cut < 0 ? rest : rest.slice(0, cut);
  if (first !== 'chat' && Object.hasOwn(PANE_KINDS, first)) return { kind: first, ref: cut < 0 ? null : rest.slice(cut + 1) };
  return { kind: 'chat', ref: first };
}
