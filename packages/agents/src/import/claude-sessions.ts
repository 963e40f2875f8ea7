import { join } from 'node:path';
import { jsonlSource } from './jsonl-sessions.ts';
import { mapClaudeSession } from './map-claude-session.ts';

/** `~/.claude/projects/<folder>/<session>.jsonl`; what sub-agents did lies in folders beside it. */
export const claudeSessions = jsonlSource({
  agent: 'claude',
  root: ({ home }) => join(home, '.claude', 'projects'),
  below: '',
  map: mapClaudeSession,
});
