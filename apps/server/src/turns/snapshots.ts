import { BooError } from '@boocode/contracts/error-code.ts';
import type { Channel } from '@boocode/contracts/frames.ts';
import { ChatId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import { getChat } from '../chats/chat-routes.ts';
import { listChatAgents } from '../chats/agent-session-store.ts';
import { listMessages } from '../chats/message-store.ts';
import type { ReadSnapshot } from '../live/hub.ts';
import { listOpenPermissions } from '../permissions/permission-store.ts';
import { listProjects } from '../projects/project-store.ts';
import { listSessions } from '../sessions/session-store.ts';
import { findUnendedTasks, listUnsettled } from '../tasks/task-store.ts';
import type { LiveTurns } from './live-turns.ts';

const MESSAGES = 50;
const SESSIONS = 500;

export interface SnapshotDeps {
  readonly sql: Sql;
  readonly liveTurns: LiveTurns;
  readonly notices: () => readonly { readonly code: string; readonly text: string }[];
}

/** How the snapshot of each kind of channel is read: rows, and over them what is alive. */
export function snapshotReader(deps: SnapshotDeps): (channel: Channel) => ReadSnapshot {
  return (channel) => (channel === 'user' ? readUser(deps) : readChat(deps, channel.slice('chat:'.length)));
}

function readUser({ sql, notices }: SnapshotDeps): ReadSnapshot {
  return async () => {
    const [projects, sessions, permissions, failed] = await Promise.all([
      listProjects(sql),
      listSessions(sql, null, SESSIONS, 0),
      listOpenPermissions(sql, null),
      listUnsettled(sql),
    ]);
    return () => ({ type: 'user_snapshot', projects, sessions, permissions, failed, notices: [...notices()] });
  };
}

function readChat({ sql, liveTurns }: SnapshotDeps, rawId: string): ReadSnapshot {
  return async () => {
    const parsed = ChatId.safeParse(rawId);
    if (!parsed.success) throw new BooError('not_found', `Cannot subscribe to chat "${rawId}": that is not the id of a chat`);
    const id = parsed.data;
    const [chat, { messages, hasOlder }, tasks, permissions, agents] = await Promise.all([
      getChat(sql, id),
      listMessages(sql, id, null, MESSAGES),
      findUnendedTasks(sql, id),
      listOpenPermissions(sql, id),
      listChatAgents(sql, id),
    ]);
    return () => ({ type: 'chat_snapshot', chat, messages: messages.map((message) => liveTurns.overlay(message)), hasOlder, tasks, permissions, agents });
  };
}
