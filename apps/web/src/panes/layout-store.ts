import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { Layout, SessionLayout } from '@boocode/contracts/layout.ts';
import * as z from 'zod/mini';
import { ExternalStore } from '../live/external-store.ts';
import { adoptLayout, arrangeLayout, findTab, frontTab, isSameArrangement } from './layout-state.ts';

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

const MOST_UNANSWERED = 3;

const Cached = z.object({ layout: Layout, version: z.int(), isDirty: z.boolean(), unanswered: z._default(z.array(Layout), []) });

interface OpenSession {
  readonly panes: ExternalStore<SessionPanes>;
  /** What is shown as long as nobody has arranged anything. */
  fallback: Layout | null;
  /** The newest one of the server; `saved` is what it holds there. */
  version: number;
  saved: Layout | null;
  isDirty: boolean;
  /** Sent from this device, perhaps by a page that is gone, and never answered: when one of them turns up as the newest, it was nobody else. */
  unanswered: readonly Layout[];
  isSaving: boolean;
  isReading: boolean;
  /** Came while a save was on its way. */
  later: { readonly layout: Layout; readonly version: number } | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** How the panes of each session stand: kept on the server, remembered by this device for the first paint. */
export class LayoutStore {
  readonly #api: Pick<ApiClient, 'getLayout' | 'patchLayout'>;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly #sessions = new Map<SessionId, OpenSession>();

  constructor(api: Pick<ApiClient, 'getLayout' | 'patchLayout'>, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#api = api;
    this.#storage = storage;
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
    } catch {
      // the last one known on this device goes on; the next change is saved when the server is back
    } finally {
      session.isReading = false;
      session.panes.update((now) => ({ ...now, isRead: true }));
    }
    if (session.isDirty) this.#saveSoon(id, session, 0);
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
    this.#remember(id, session);
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
    if (session.isSaving) session.later = { layout, version };
    else if (session.isDirty) this.#meet(id, session, layout, version);
    else this.#adopt(id, session, layout, version);
  }

  dismissNotice(id: SessionId): void {
    this.#session(id).panes.update((now) => ({ ...now, notice: null }));
  }

  /** The session is gone. */
  #forget(id: SessionId): void {
    clearTimeout(this.#sessions.get(id)?.timer);
    this.#sessions.delete(id);
    this.#storage.removeItem(PREFIX + id);
  }

  #session(id: SessionId): OpenSession {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const cached = this.#recall(id);
    const session: OpenSession = {
      panes: new ExternalStore<SessionPanes>({ layout: cached?.layout ?? null, isRead: false, notice: null }),
      fallback: null,
      version: cached?.version ?? 0,
      saved: cached?.isDirty === false ? cached.layout : null,
      isDirty: cached?.isDirty ?? false,
      unanswered: cached?.unanswered ?? [],
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
    const { layout, isRead } = session.panes.get();
    // before the first answer of the server nobody knows what is newest; reading ends with saving
    if (layout === null || !isRead || session.isSaving || !session.isDirty) return;
    session.isSaving = true;
    session.isDirty = false;
    session.unanswered = [layout, ...session.unanswered].slice(0, MOST_UNANSWERED);
    this.#remember(id, session);
    try {
      const { version } = await this.#api.patchLayout({ params: { id }, body: { layout, version: session.version } });
      session.version = version;
      session.saved = layout;
      session.unanswered = [];
    } catch (error) {
      const newer = error instanceof BooError && error.code === 'conflict' ? SessionLayout.safeParse(error.details).data : undefined;
      session.isDirty ||= newer !== undefined || !(error instanceof BooError) || error.code.startsWith('storage');
      if (newer?.layout === null) session.version = newer.version;
      else if (newer !== undefined) this.#meet(id, session, newer.layout, newer.version);
      if (session.isDirty) this.#saveSoon(id, session, newer === undefined ? RETRY_MS : 0);
      return;
    } finally {
      session.isSaving = false;
      this.#remember(id, session);
    }
    if (session.isDirty) this.#saveSoon(id, session, SAVE_AFTER_MS);
    else this.#takeLater(id, session);
  }

  /** What is not saved here meets a newer arrangement: one of our own is what the next save goes on from, another window's wins. */
  #meet(id: SessionId, session: OpenSession, layout: Layout, version: number): void {
    if (session.unanswered.some((sent) => isSameArrangement(sent, layout))) {
      session.version = version;
      session.saved = layout;
      session.unanswered = [];
      session.isDirty = JSON.stringify(session.panes.get().layout) !== JSON.stringify(layout);
      this.#remember(id, session);
    } else this.#overtaken(id, session, layout, version);
  }

  /** What the reader has opened since the last save stays open; only what is lost beside it is told. */
  #overtaken(id: SessionId, session: OpenSession, layout: Layout, version: number): void {
    const own = session.panes.get().layout;
    const { saved } = session;
    const front = own === null ? null : frontTab(own);
    const withFront = (other: Layout): Layout => (front === null ? other : arrangeLayout(other, { type: 'open', tab: front, pane: null }));
    const isOpened = front !== null && saved !== null && findTab(saved, front.kind, front.ref) === null;
    const expected = saved === null ? null : isOpened ? withFront(saved) : saved;
    const isLoss = own !== null && !isSameArrangement(own, layout) && (expected === null || !isSameArrangement(own, expected));
    session.isDirty = false;
    session.later = null;
    session.unanswered = [];
    this.#adopt(id, session, layout, version);
    if (isOpened && findTab(layout, front.kind, front.ref) === null) {
      session.panes.update((now) => ({ ...now, layout: now.layout === null ? null : withFront(now.layout) }));
      session.isDirty = true;
    }
    if (isLoss) session.panes.update((now) => ({ ...now, notice: OVERTAKEN }));
  }

  #takeLater(id: SessionId, session: OpenSession): void {
    const { later } = session;
    session.later = null;
    if (later !== null && later.version > session.version) this.#adopt(id, session, later.layout, later.version);
  }

  #adopt(id: SessionId, session: OpenSession, layout: Layout, version: number): void {
    session.version = version;
    session.saved = layout;
    session.panes.update((now) => {
      const own = now.layout ?? session.fallback;
      return { ...now, layout: own === null ? layout : adoptLayout(own, layout) };
    });
    this.#remember(id, session);
  }

  #remember(id: SessionId, session: OpenSession): void {
    const { layout } = session.panes.get();
    const { version, unanswered } = session;
    const isDirty = session.isDirty || unanswered.length > 0;
    if (layout === null) return;
    try {
      this.#storage.setItem(PREFIX + id, JSON.stringify({ layout, version, isDirty, unanswered }));
    } catch {
      // no room on this device: the server still knows
    }
  }

  #recall(id: SessionId): z.infer<typeof Cached> | null {
    try {
      return Cached.safeParse(JSON.parse(this.#storage.getItem(PREFIX + id) ?? 'null')).data ?? null;
    } catch {
      return null; // not ours, or cut: the server knows
    }
  }
}
