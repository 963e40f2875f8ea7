import { chatChannel } from '@boocode/contracts/frames.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { publishSession } from '../sessions/publish-session.ts';
import { findSession } from '../sessions/session-store.ts';
import type { ChangeDeps } from './change-deps.ts';
import { countPending } from './change-store.ts';

/** Tells everybody who shows a session that its changes are different now. */
export async function publishChanges({ sql, hub }: Pick<ChangeDeps, 'sql' | 'hub'>, sessionId: SessionId): Promise<void> {
  const frame = { type: 'changes_updated', sessionId, pending: await countPending(sql, sessionId) } as const;
  hub.publish('user', frame);
  const session = await findSession(sql, sessionId);
  for (const chat of session?.chats ?? []) hub.publish(chatChannel(chat.id), frame);
  await publishSession(sql, hub, sessionId);
}
