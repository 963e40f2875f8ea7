import type { AgentStatus, Session } from '@boocode/contracts/chat.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { UserState } from '../live/user-state.ts';

/** What the whole program wants from its person, at a glance. */
export interface Attention {
  /** The most urgent thing: a question, then a failure nobody settled, then work, then nothing. */
  readonly status: AgentStatus;
  /** Questions and unsettled failures. */
  readonly waiting: number;
  readonly working: number;
}

/** A thing worth interrupting a person for, once. */
export interface Call {
  /** The same thing always has the same one, in every window. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** The page that shows exactly this. */
  readonly path: string;
}

/** A dot for a session, a project, the window: every status shown comes from here. */
export function attentionOf({ sessions, permissions, failed }: Pick<UserState, 'sessions' | 'permissions' | 'failed'>): Attention {
  const waiting = permissions.length + (failed?.length ?? 0);
  const working = sessions.filter((session) => session.status === 'working').length;
  if (permissions.length > 0 || sessions.some((session) => session.status === 'blocked')) return { status: 'blocked', waiting, working };
  if (waiting > 0) return { status: 'error', waiting, working };
  return { status: working > 0 ? 'working' : 'idle', waiting, working };
}

/** The dot of one session; `done`: it rests, and there is something to review. */
export function sessionDot(session: Session, permissions: readonly Permission[], failed: readonly Task[]): AgentStatus | 'done' {
  const own = <T extends { readonly sessionId: string }>(items: readonly T[]) => items.filter((item) => item.sessionId === session.id);
  const { status } = attentionOf({ sessions: [session], permissions: own(permissions), failed: own(failed) });
  return status === 'idle' && session.pendingChanges > 0 ? 'done' : status;
}

/** The window's title: how much waits, then where one is. */
export function windowTitle(place: string, { waiting, working }: Attention): string {
  const mark = waiting > 0 ? `(${waiting}) ` : working > 0 ? '• ' : '';
  return `${mark}${place} · BooCode`;
}

/** What is in `after` and was not in `before`: questions, failures, and work that has ended. Nothing at the first state. */
export function callsBetween(before: UserState, after: UserState): readonly Call[] {
  if (!before.isCurrent || !after.isCurrent) return [];
  const titleOf = (id: string) => after.sessions.find((session) => session.id === id)?.title ?? 'A session';
  const asked = after.permissions
    .filter((permission) => before.permissions.every((known) => known.id !== permission.id))
    .map((permission) => ({
      tag: `permission:${permission.id}`,
      title: `${permission.agent}: ${permission.title}`,
      body: `${titleOf(permission.sessionId)}\n${permission.subject.slice(0, 160)}`,
      path: `/sessions/${permission.sessionId}/${permission.chatId}#ask=${permission.id}`,
    }));
  if (before.failed === null || after.failed === null) return asked;
  const known = new Set(before.failed.map((task) => task.id));
  const failed = after.failed
    .filter((task) => !known.has(task.id))
    .map((task) => ({
      tag: `task:${task.id}`,
      title: task.state === 'interrupted' ? `${task.agent} was interrupted` : `${task.agent} failed`,
      body: `${titleOf(task.sessionId)}\n${task.error?.message ?? task.input.slice(0, 160)}`,
      path: `/sessions/${task.sessionId}/${task.chatId}`,
    }));
  const ended = after.sessions.flatMap((session) => {
    const was = before.sessions.find((other) => other.id === session.id);
    if (was?.status !== 'working' || session.status !== 'idle') return [];
    const toReview =
      session.pendingChanges > 0 ? `${session.pendingChanges} ${session.pendingChanges === 1 ? 'file' : 'files'} to review` : 'Nothing to review';
    return [{ tag: `ended:${session.id}`, title: `${session.title} is done`, body: toReview, path: `/sessions/${session.id}` }];
  });
  return [...asked, ...failed, ...ended];
}
