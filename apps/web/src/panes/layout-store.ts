import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { Layout, SessionLayout } from '@boocode/contracts/layout.ts';
import * as z from 'zod/mini';
import { ExternalStore } from '../live/external-store.ts';
import { adoptLayout, isSameArrangement } from './layout-state.ts';

export interface SessionPanes {
  /** null = not known yet, or nobody has arranged anything (`isRead` says which). */
  readonly layout: Layout | null;
  readonly isRead: boolean;
  /** What happened to the arrangement without the person's doing. */
  readonly notice: string | null;
}

const SAVE_AFTER_MS = 400;
const RETRY_MS = 5_000;
const PREFIX = 'boocode.layout.';
const OVERTAKEN = 'Another window arranged the panes at the same time. This is its arrangement.';

const Cached = z.object({ layout: Layout, version: z.int(), isDirty: z.boolean() });

interface OpenSession {
  readonly panes: ExternalStore<SessionPanes>;
  /** What is shown as long as nobody has arranged anything. */
  fallback: Layout | null;
  /** The newest one of the server; `saved` is what it holds there. */
  version: number;
  saved: Layout | null;
  isDirty: boolean;
  isSaving: boolean;
  isReading: boolean;
  /** Came while a save was on its way. */
  later: { readonly layout: Layout; readonly version: number } | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** How the panes of each session stand: kept on the server, remembered by this device for the first paint. */
export class LayoutStore {
  readonly #api: ApiClient;
  readonly #sessions = new Map<SessionId, OpenSession>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  get(id: SessionId): SessionPanes {
    return this.#session(id).panes.get();
  }

  subscribe(id: SessionId, listener: () => void): () => void {
    return this.#session(id).panes.subscribe(listener);
  }

  /** Reads what the server holds. What was arranged here and not saved is saved, unless another window was faster. */
  async load(id: SessionId): Promise<void> {
    const session = this.#session(id);
    if (session.isReading) return;
    session.isReading = true;
    try {
      const { layout, version } = await this.#api.getLayout({ params: { id } });
      if (layout !== null) this.#receive(id, layout, version);
      if (session.isDirty) this.#saveSoon(id, session, 0);
    } catch {
      // the last one known on this device goes on; the next change is saved when the server is back
    } finally {
      session.isReading = false;
      session.panes.update((now) => ({ ...now, isRead: true }));
    }
  }

  /** What this window shows until somebody arranges the panes: the first arrangement that comes leaves the reader where they are in it. */
  setFallback(id: SessionId, layout: Layout): void {
    this.#session(id).fallback = layout;
  }

  /** The person arranged the panes. */
  set(id: SessionId, layout: Layout): void {
    const session = this.#session(id);
    if (session.panes.get().layout === layout) return;
    session.panes.update((now) => ({ ...now, layout, notice: null }));
    session.isDirty = true;
    remember(id, session);
    this.#saveSoon(id, session, SAVE_AFTER_MS);
  }

  /** A frame of the user's channel. After a gap in them everything shown is read again. */
  hear(frame: ServerFrame): void {
    if (frame.type === 'layout_updated') this.#receive(frame.sessionId, frame.layout, frame.version);
    if (frame.type === 'session_removed') this.#forget(frame.sessionId);
    if (frame.type === 'user_snapshot') for (const id of this.#sessions.keys()) void this.load(id);
  }

  /** A window, this one or another, saved an arrangement. */
  #receive(id: SessionId, layout: Layout, version: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined || version <= session.version) return;
    if (session.isSaving || session.isDirty) session.later = { layout, version };
    else adopt(id, session, layout, version);
  }

  dismissNotice(id: SessionId): void {
    this.#session(id).panes.update((now) => ({ ...now, notice: null }));
  }

  /** The session is gone. */
  #forget(id: SessionId): void {
    clearTimeout(this.#sessions.get(id)?.timer);
    this.#sessions.delete(id);
    localStorage.removeItem(PREFIX + id);
  }

  #session(id: SessionId): OpenSession {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const cached = recall(id);
    const session: OpenSession = {
      panes: new ExternalStore<SessionPanes>({ layout: cached?.layout ?? null, isRead: false, notice: null }),
      fallback: null,
      version: cached?.version ?? 0,
      saved: cached?.isDirty === false ? cached.layout : null,
      isDirty: cached?.isDirty ?? false,
      isSaving: false,
      isReading: false,
      later: null,
      timer: undefined,
    };
    this.#sessions.set(id, session);
    return session;
  }

  #saveSoon(id: SessionId, session: OpenSession, delayMs: number): void {
    clearTimeout(session.timer);
    session.timer = setTimeout(() => void this.#save(id, session), delayMs);
  }

  async #save(id: SessionId, session: OpenSession): Promise<void> {
    const { layout } = session.panes.get();
    if (layout === null || session.isSaving || !session.isDirty) return;
    session.isSaving = true;
    session.isDirty = false;
    try {
      const { version } = await this.#api.patchLayout({ params: { id }, body: { layout, version: session.version } });
      session.version = version;
      session.saved = layout;
    } catch (error) {
      const newer = error instanceof BooError && error.code === 'conflict' ? SessionLayout.safeParse(error.details).data : undefined;
      if (newer?.layout == null) session.isDirty = !(error instanceof BooError) || error.code.startsWith('storage');
      else this.#overtaken(id, session, newer.layout, newer.version);
      if (session.isDirty) this.#saveSoon(id, session, RETRY_MS);
      return;
    } finally {
      session.isSaving = false;
      remember(id, session);
    }
    if (session.isDirty) this.#saveSoon(id, session, SAVE_AFTER_MS);
    else this.#takeLater(id, session);
  }

  #overtaken(id: SessionId, session: OpenSession, layout: Layout, version: number): void {
    const own = session.panes.get().layout;
    const isLoss = own !== null && !isSameArrangement(own, layout) && (session.saved === null || !isSameArrangement(own, session.saved));
    session.isDirty = false;
    session.later = null;
    adopt(id, session, layout, version);
    if (isLoss) session.panes.update((now) => ({ ...now, notice: OVERTAKEN }));
  }

  #takeLater(id: SessionId, session: OpenSession): void {
    const { later } = session;
    session.later = null;
    if (later !== null && later.version > session.version) adopt(id, session, later.layout, later.version);
  }
}

function adopt(id: SessionId, session: OpenSession, layout: Layout, version: number): void {
  session.version = version;
  session.saved = layout;
  session.panes.update((now) => {
    const own = now.layout ?? session.fallback;
    return { ...now, layout: own === null ? layout : adoptLayout(own, layout) };
  });
  remember(id, session);
}

function remember(id: SessionId, session: OpenSession): void {
  const { layout } = session.panes.get();
  const { version, isDirty } = session;
  if (layout === null) return;
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify({ layout, version, isDirty }));
  } catch {
    // no room on this device: the server still knows
  }
}

function recall(id: SessionId): z.infer<typeof Cached> | null {
  try {
    return Cached.safeParse(JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null')).data ?? null;
  } catch {
    return null; // not ours, or cut: the server knows
  }
}
