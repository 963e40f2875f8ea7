import { chatChannel } from '@boocode/contracts/frames.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { findSession } from '../sessions/session-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';

/** Tells everybody who shows a session that its checkpoints are others now. */
export async function publishCheckpoints({ sql, hub }: Pick<CheckpointDeps, 'sql' | 'hub'>, sessionId: SessionId): Promise<void> {
  const frame = { type: 'checkpoints_updated', sessionId } as const;
  hub.publish('user', frame);
  const session = await findSession(sql, sessionId);
  for (const chat of session?.chats ?? []) hub.publish(chatChannel(chat.id), frame);
}
