import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import { findSession } from './session-store.ts';

/** Tells every screen how a session stands now. A deleted one is announced as removed. */
export async function publishSession(sql: Sql, hub: Hub, id: SessionId): Promise<void> {
  const session = await findSession(sql, id);
  hub.publish('user', session === null ? { type: 'session_removed', sessionId: id } : { type: 'session_updated', session });
}
