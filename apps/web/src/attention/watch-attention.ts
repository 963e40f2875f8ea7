import type { AgentStatus } from '@boocode/contracts/chat.ts';
import type { Settings } from '@boocode/contracts/settings.ts';
import type { ExternalStore } from '../live/external-store.ts';
import type { UserState } from '../live/user-state.ts';
import { attentionOf, callsBetween } from './attention-state.ts';
import { badgedIcon } from './favicon-badge.ts';
import { playChime } from './play-chime.ts';
import { showCall } from './show-call.ts';

interface Watched {
  readonly user: ExternalStore<UserState>;
  readonly settings: ExternalStore<Settings>;
}

/** Keeps the window's icon true, and calls the person (when they wish it and look elsewhere) until the signal aborts. */
export function watchAttention({ user, settings }: Watched, signal: AbortSignal): void {
  let before = user.get();
  const paint = iconPainter();
  const stop = user.subscribe(() => {
    const after = user.get();
    paint(attentionOf(after).status);
    const calls = callsBetween(before, after);
    before = after;
    if (calls.length === 0 || document.hasFocus()) return;
    const { notifications, sounds } = settings.get();
    if (notifications) for (const call of calls) void showCall(call);
    if (sounds) playChime();
  });
  signal.addEventListener('abort', stop);
}

function iconPainter(): (status: AgentStatus) => void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plain = link?.href ?? '/favicon.svg';
  let shown: AgentStatus = 'idle';
  let drawing: Promise<string> | null = null;
  return (status) => {
    if (status === shown || link === null) return;
    shown = status;
    drawing ??= fetch(plain).then((response) => response.text());
    drawing.then(
      (svg) => (link.href = shown === 'idle' ? plain : badgedIcon(svg, shown)),
      () => (drawing = null), // the server is away: the next status tries again
    );
  };
}
