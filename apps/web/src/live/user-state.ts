import type { ChangesCheck } from '@boocode/contracts/change.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Model, ModelServer, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { AgentStatus, Session } from '@boocode/contracts/chat.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Task } from '@boocode/contracts/task.ts';

/** What every screen shows: the fold of the user channel, and what was read beside it. */
export interface UserState {
  readonly seq: number;
  /** False until there is something to show: the first snapshot, or what this device kept. */
  readonly isLoaded: boolean;
  /** False until this page's first snapshot: what is shown may be old, and what is not may exist. */
  readonly isCurrent: boolean;
  readonly projects: readonly Project[];
  /** Most recently used first. */
  readonly sessions: readonly Session[];
  /** Open questions. */
  readonly permissions: readonly Permission[];
  /** Failed and interrupted tasks that nobody has settled, newest first; null = not known yet. */
  readonly failed: readonly Task[] | null;
  readonly notices: readonly { readonly code: string; readonly text: string }[];
  /** null = not read yet. */
  readonly models: readonly Model[] | null;
  readonly servers: readonly ModelServer[];
  /** The agents, in the order in which they are offered; null = not read yet. */
  readonly providers: readonly ProviderSnapshot[] | null;
  /** The newest check of each session that was told of. */
  readonly checks: readonly ChangesCheck[];
  /** False: nothing keeps an agent that runs commands from this server itself; null = not read yet. */
  readonly isContained: boolean | null;
}

export const EMPTY_USER: UserState = {
  seq: 0,
  isLoaded: false,
  isCurrent: false,
  projects: [],
  sessions: [],
  permissions: [],
  failed: null,
  notices: [],
  models: null,
  servers: [],
  providers: null,
  isContained: null,
  checks: [],
};

/** Folds one frame of the user channel. Frames already seen change nothing. */
export function applyUserFrame(state: UserState, frame: ServerFrame): UserState {
  if (frame.type === 'resync') return { ...state, seq: 0 };
  if (frame.type === 'user_snapshot') {
    const { seq, projects, sessions, permissions, failed, notices } = frame;
    return { ...state, seq, isLoaded: true, isCurrent: true, projects, sessions: sessions.toSorted(byUse), permissions, failed, notices };
  }
  if (!('seq' in frame) || frame.seq <= state.seq) return state;
  const next = { ...state, seq: frame.seq };
  switch (frame.type) {
    case 'project_updated':
      return { ...next, projects: upsert(state.projects, frame.project).toSorted(byName) };
    case 'project_removed':
      return { ...next, projects: without(state.projects, frame.projectId) };
    case 'session_updated':
      return { ...next, ...withoutLost(state, frame.session.id, frame.session.chats), sessions: upsert(state.sessions, frame.session).toSorted(byUse) };
    case 'session_removed':
      return { ...next, ...withoutLost(state, frame.sessionId, []), sessions: without(state.sessions, frame.sessionId) };
    case 'permission_requested':
      return { ...next, permissions: upsert(state.permissions, frame.permission) };
    case 'permission_resolved':
      return { ...next, permissions: without(state.permissions, frame.permission.id) };
    case 'task_updated':
      return { ...next, failed: state.failed === null ? null : applyTask(state.failed, frame.task) };
    case 'agent_status_updated':
      return {
        ...next,
        sessions: state.sessions.map((session) => (session.id === frame.sessionId ? withChatStatus(session, frame.chatId, frame.status) : session)),
      };
    case 'changes_updated':
      return { ...next, sessions: state.sessions.map((session) => (session.id === frame.sessionId ? { ...session, pendingChanges: frame.pending } : session)) };
    case 'check_updated':
      return { ...next, checks: [...state.checks.filter((check) => check.sessionId !== frame.check.sessionId), frame.check] };
    case 'provider_snapshot_updated':
      return { ...next, servers: frame.servers, providers: frame.providers };
    case 'layout_updated':
      return next;
    case 'server_notice':
      return { ...next, notices: applyNotice(state.notices, frame.code, frame.text) };
    case 'chat_snapshot':
    case 'message_added':
    case 'message_updated':
    case 'message_removed':
    case 'message_complete':
    case 'messages_hidden':
    case 'checkpoints_updated':
    case 'chat_event':
    case 'chat_updated':
    case 'agent_info_updated':
      return next;
  }
}

/** Puts a session that was read alone (it was not in the snapshot) among the others. */
export function withSession(state: UserState, session: Session): UserState {
  return { ...state, sessions: upsert(state.sessions, session).toSorted(byUse) };
}

export function withProject(state: UserState, project: Project): UserState {
  return { ...state, projects: upsert(state.projects, project).toSorted(byName) };
}

/** A task a person has to decide about. */
export function needsDecision(task: Task): boolean {
  return !task.settled && (task.state === 'failed' || task.state === 'interrupted');
}

/** Nobody is asked about what happened in a chat that is deleted. */
function withoutLost(state: UserState, sessionId: string, chats: readonly { readonly id: string }[]): Pick<UserState, 'failed' | 'permissions'> {
  const isKept = (item: { readonly sessionId: string; readonly chatId: string }) =>
    item.sessionId !== sessionId || chats.some((chat) => chat.id === item.chatId);
  return { failed: state.failed?.filter(isKept) ?? null, permissions: state.permissions.filter(isKept) };
}

const BY_ATTENTION: readonly AgentStatus[] = ['blocked', 'working', 'error', 'idle'];

/** A session stands as the one of its chats that wants most attention does. */
function withChatStatus(session: Session, chatId: ChatId, status: AgentStatus): Session {
  const chats = session.chats.map((chat) => (chat.id === chatId ? { ...chat, status } : chat));
  const known = BY_ATTENTION.find((other) => chats.some((chat) => chat.status === other));
  return { ...session, chats, status: known ?? status };
}

function applyTask(failed: readonly Task[], task: Task): readonly Task[] {
  const others = without(failed, task.id);
  return needsDecision(task) ? [task, ...others] : others;
}

function applyNotice(notices: UserState['notices'], code: string, text: string | null): UserState['notices'] {
  const others = notices.filter((notice) => notice.code !== code);
  return text === null ? others : [...others, { code, text }];
}

function upsert<T extends { readonly id: string }>(items: readonly T[], item: T): readonly T[] {
  return [...without(items, item.id), item];
}

function without<T extends { readonly id: string }>(items: readonly T[], id: string): readonly T[] {
  return items.filter((item) => item.id !== id);
}

function byUse(a: Session, b: Session): number {
  return a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0;
}

function byName(a: Project, b: Project): number {
  return a.name.localeCompare(b.name);
}
