import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { ChangesStore } from './changes-store.ts';
import { ExternalStore } from './external-store.ts';
import { FrameBatch } from './frame-batch.ts';
import type { LiveSocket } from './live-socket.ts';
import { applyUserFrame, EMPTY_USER, type UserState, withProject, withSession } from './user-state.ts';

/** What every screen shows, kept current by the user channel for as long as the page lives. */
export class UserStore {
  readonly store: ExternalStore<UserState>;
  readonly #taskListeners = new Set<(task: Task) => void>();
  readonly #frameListeners = new Set<(frame: ServerFrame) => void>();
  readonly #api: ApiClient;
  readonly #changes: ChangesStore;

  /** `initial`: what this device kept, to show until the server answers. */
  constructor(socket: LiveSocket, api: ApiClient, changes: ChangesStore, initial: UserState = EMPTY_USER) {
    this.store = new ExternalStore(initial);
    this.#api = api;
    this.#changes = changes;
    const batch = new FrameBatch<ServerFrame>((frames) => this.#apply(frames));
    socket.subscribe({ channel: 'user', after: () => this.store.get().seq, onFrame: (frame) => batch.add(frame) });
  }

  addProject(project: Project): void {
    this.store.update((state) => withProject(state, project));
  }

  addSession(session: Session): void {
    this.store.update((state) => withSession(state, session));
  }

  /** Hears of every task that changes, until the returned function is called. */
  onTask(listener: (task: Task) => void): () => void {
    this.#taskListeners.add(listener);
    return () => this.#taskListeners.delete(listener);
  }

  /** Hears every frame of the user's channel after it was folded, until the returned function is called. */
  onFrame(listener: (frame: ServerFrame) => void): () => void {
    this.#frameListeners.add(listener);
    return () => this.#frameListeners.delete(listener);
  }

  /** Reads the models again; the last known ones stay when the server cannot be reached. */
  async loadModels(): Promise<void> {
    const { items, servers } = await this.#api.listModels();
    this.store.update((state) => ({ ...state, models: items, servers }));
  }

  #apply(frames: readonly ServerFrame[]): void {
    this.store.update((state) => frames.reduce(applyUserFrame, state));
    const isFresh = frames.some((frame) => frame.type === 'user_snapshot');
    for (const frame of frames) {
      for (const listener of this.#frameListeners) listener(frame);
      if (frame.type === 'changes_updated') this.#changes.refresh(frame.sessionId);
      if (frame.type === 'task_updated') for (const listener of this.#taskListeners) listener(frame.task);
    }
    if (isFresh) this.#changes.refreshAll();
    if (isFresh) void this.#loadStatus().catch(ignoreOffline);
    if (isFresh) void this.#loadProviders().catch(ignoreOffline);
    if (isFresh || frames.some((frame) => frame.type === 'provider_snapshot_updated')) void this.loadModels().catch(ignoreOffline);
  }

  /** What a frame said meanwhile is newer. */
  async #loadProviders(): Promise<void> {
    const before = this.store.get().providers;
    const { items } = await this.#api.listProviders();
    this.store.update((state) => (state.providers === before ? { ...state, providers: items } : state));
  }

  async #loadStatus(): Promise<void> {
    const { contained } = await this.#api.status();
    this.store.update((state) => ({ ...state, isContained: contained }));
  }
}

function ignoreOffline(): void {
  // the socket says that the server is away, and a snapshot after it comes back reads again
}
