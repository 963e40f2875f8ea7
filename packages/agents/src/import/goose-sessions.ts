import { GooseRow, mapGooseSession } from './map-goose-session.ts';
import { sqliteSource } from './sqlite-sessions.ts';

// The beginning of a row is enough to know a prompt: what goose tells the model in the person's name begins otherwise.
const PROMPTS = `from messages m where m.session_id = s.id and m.role = 'user'
  and substr(m.content_json, 1, 14) = '[{"type":"text' and substr(m.content_json, 1, 60) not like '%<turn-context>%'`;

/** `goose/sessions/sessions.db` (1.50). Sub-agents and schedules have sessions of their own, which are none of a person. */
export const gooseSessions = sqliteSource({
  agent: 'goose',
  file: ['goose', 'sessions', 'sessions.db'],
  sessions: `
    select s.id, s.working_dir as cwd, case when s.user_set_name then nullif(s.name, '') else nullif(s.description, '') end as title,
      cast(strftime('%s', s.updated_at) as integer) * 1000 as updatedAt,
      (select count(*) ${PROMPTS}) as prompts,
      (select json_extract(m.content_json, '$[0].text') ${PROMPTS} order by m.created_timestamp, m.id limit 1) as first
    from sessions s
    where (s.working_dir = $folder or substr(s.working_dir, 1, length($folder) + 1) = $folder || '/') and s.session_type = 'user'
    order by s.updated_at desc, s.id desc limit $limit`,
  size: 'select coalesce(sum(length(content_json)), 0) as bytes from messages where session_id = $id',
  entries: (ask, cwd) =>
    mapGooseSession(
      ask('select role, content_json, created_timestamp, metadata_json from messages where session_id = $id order by created_timestamp, id').map((row) =>
        GooseRow.parse(row),
      ),
      cwd,
    ),
});
