import { join } from 'node:path';
import { jsonlSource } from './jsonl-sessions.ts';
import { mapQwenSession } from './map-qwen-session.ts';

/** `~/.qwen/projects/<folder>/chats/<session>.jsonl` (0.24). */
export const qwenSessions = jsonlSource({
  agent: 'qwen',
  root: ({ home }) => join(home, '.qwen', 'projects'),
  below: 'chats',
  map: mapQwenSession,
});
