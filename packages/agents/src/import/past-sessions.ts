import type { ImportAgent } from '@boocode/contracts/import.ts';
import { claudeSessions } from './claude-sessions.ts';
import { gooseSessions } from './goose-sessions.ts';
import { opencodeSessions } from './opencode-sessions.ts';
import { MAX_SESSIONS, type PastConversation, type PastPlaces, type PastSessions, type PastSource } from './past-session.ts';
import { qwenSessions } from './qwen-sessions.ts';

const SOURCES: Readonly<Record<ImportAgent, PastSource>> = { claude: claudeSessions, qwen: qwenSessions, opencode: opencodeSessions, goose: gooseSessions };

/** The newest conversations that any agent had in this folder or below it. Never rejects for what an agent has written. */
export async function listPastSessions(places: PastPlaces, folder: string): Promise<PastSessions> {
  const found = await Promise.all(Object.values(SOURCES).map((source) => source.list(places, folder)));
  const sessions = found.flatMap((one) => one.sessions).toSorted((a, b) => b.updatedAt - a.updatedAt || a.externalId.localeCompare(b.externalId));
  return { sessions: sessions.slice(0, MAX_SESSIONS), problems: found.flatMap((one) => one.problems) };
}

/** One of them, whole. Null when it is not there; throws a BooError when it cannot be read. */
export async function readPastSession(places: PastPlaces, folder: string, agent: ImportAgent, externalId: string): Promise<PastConversation | null> {
  return SOURCES[agent].read(places, folder, externalId);
}
