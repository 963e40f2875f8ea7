import { chatChannel } from '@boocode/contracts/frames.ts';
import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import { findChat } from '../chats/chat-store.ts';
import { findMessages } from '../chats/message-store.ts';
import { insertNote } from '../chats/note-store.ts';
import { publishSession } from '../sessions/publish-session.ts';
import { findSession } from '../sessions/session-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { publishCheckpoints } from './publish-checkpoints.ts';
import { type ConversationChange, listTaskIds, readConversationChange, type Restore, updateRestoreState, writeConversation } from './restore-store.ts';

/** Of messages that come back: sent to screens one by one, and no more than a screen reads at once. */
const SHOWN = 200;

/**
 * Writes down what has become of a restore whose files are all new: messages go or come back, agents begin anew, and turns may begin again. In one transaction,
 * so that it can be repeated after a kill. Then every screen is told.
 */
export async function writeRestoreDown(deps: CheckpointDeps, restore: Restore, worktree: Worktree | null): Promise<ConversationChange> {
  const { sessionId, conversation } = restore;
  const change = await deps.sql.begin(async (tx): Promise<ConversationChange> => {
    const found = conversation === null ? { hide: [], show: [] } : await readConversationChange(tx, conversation);
    if (conversation !== null) await writeConversation(tx, conversation.chatId, found);
    if (restore.what !== 'chat') {
      for (const chatId of await otherChats(deps, sessionId, conversation?.chatId ?? null)) {
        await insertNote(tx, chatId, `The person brought ${describePaths(restore.paths)} back to an earlier state. Read them again before you edit.`);
      }
    }
    await updateRestoreState(tx, restore.id, 'done');
    return found;
  });
  await forgetApply(deps.journalDir, restore.id);
  deps.wake();
  try {
    if (conversation !== null) await publishConversation(deps, conversation.chatId, change);
    await deps.showTasks(await listTaskIds(deps.sql, change.hide), 'hidden');
    await deps.showTasks(await listTaskIds(deps.sql, change.show), 'shown');
    await publishCheckpoints(deps, sessionId);
    if (worktree !== null && restore.what !== 'chat') await deps.collect(worktree, sessionId);
    await publishSession(deps.sql, deps.hub, sessionId);
  } catch (error) {
    deps.log.error({ err: error, restore: restore.id }, 'cannot tell of a restore: screens see it when they read again');
  }
  return change;
}

/** Chats whose agents go on with what they remember: they have to know that files are others now. */
async function otherChats(deps: CheckpointDeps, sessionId: SessionId, resetChatId: ChatId | null): Promise<ChatId[]> {
  const session = await findSession(deps.sql, sessionId);
  return (session?.chats ?? []).map((chat) => chat.id).filter((id) => id !== resetChatId);
}

function describePaths(paths: readonly string[] | null): string {
  if (paths === null) return 'the files of the worktree';
  const named = paths.slice(0, 10).join(', ');
  return paths.length > 10 ? `${named} and ${paths.length - 10} more` : named;
}

async function publishConversation({ sql, hub }: CheckpointDeps, chatId: ChatId, { hide, show }: ConversationChange): Promise<void> {
  const channel = chatChannel(chatId);
  if (hide.length > 0) hub.publish(channel, { type: 'messages_hidden', chatId, messageIds: [...hide] });
  for (const message of await findMessages(sql, show.slice(-SHOWN))) hub.publish(channel, { type: 'message_added', message });
  const chat = await findChat(sql, chatId);
  if (chat !== null) hub.publish(channel, { type: 'chat_updated', chat });
}
