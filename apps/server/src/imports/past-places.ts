import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PastPlaces } from '@boocode/agents/import/past-session.ts';

/** Where the agents keep their sessions, as their programs find it in the environment that BooCode gives them. */
export function pastPlaces(environment: Readonly<Record<string, string>>, scratch: string): PastPlaces {
  const home = environment['HOME'] ?? homedir();
  return { home, dataHome: environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), scratch };
}
