import type { Permission } from '@boocode/contracts/permission.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import type { Task } from '@boocode/contracts/task.ts';

export interface SessionGroups {
  readonly needsYou: readonly Session[];
  readonly working: readonly Session[];
  readonly quiet: readonly Session[];
}

/** Sorts sessions by the attention they want: a question or a failure nobody has settled, then running, then the rest. */
export function groupSessions(sessions: readonly Session[], permissions: readonly Permission[], failed: readonly Task[]): SessionGroups {
  const asking = new Set<string>([...permissions.map((permission) => permission.sessionId), ...failed.map((task) => task.sessionId)]);
  const needsPerson = (session: Session) => asking.has(session.id) || session.status === 'blocked';
  const isWorking = (session: Session) => !needsPerson(session) && session.status === 'working';
  return {
    needsYou: sessions.filter(needsPerson),
    working: sessions.filter(isWorking),
    quiet: sessions.filter((session) => !needsPerson(session) && !isWorking(session)),
  };
}

/** What a session is about right now, in one line. */
export function sessionLine(session: Session, permissions: readonly Permission[], failed: readonly Task[]): string {
  const question = permissions.find((permission) => permission.sessionId === session.id);
  if (question !== undefined) return `${question.agent}: ${question.title}`;
  if (session.chats.length === 0) return 'No chat in it';
  const agent = session.chats[0]?.agent ?? 'agent';
  if (session.status === 'working') return `${agent} is working`;
  if (session.status === 'error' || hasFailed(session, failed)) return 'A turn failed';
  if (session.pendingChanges > 0) return `${session.pendingChanges} ${session.pendingChanges === 1 ? 'file' : 'files'} to review`;
  return session.chats[0]?.model ?? agent;
}

/** Whether one of its turns failed and waits for a decision. */
export function hasFailed(session: Session, failed: readonly Task[]): boolean {
  return failed.some((task) => task.sessionId === session.id);
}
