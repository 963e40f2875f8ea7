import { mapOpencodeSession, OpencodeMessage, OpencodePart } from './map-opencode-session.ts';
import { sqliteSource } from './sqlite-sessions.ts';

const PROMPTS = `from message m where m.session_id = s.id and json_extract(m.data, '$.role') = 'user'`;
// Going back hides the messages from one on, until the next prompt removes them.
const SHOWN = `(select json_extract(revert, '$.messageID') from session where id = $id)`;

/** `opencode/opencode.db` (1.18). Sub-agents have sessions of their own, with a parent. */
export const opencodeSessions = sqliteSource({
  agent: 'opencode',
  file: ['opencode', 'opencode.db'],
  sessions: `
    select s.id, s.directory as cwd, case when s.title like 'New session - %' then null else nullif(s.title, '') end as title,
      s.time_updated as updatedAt,
      (select count(*) ${PROMPTS}) as prompts,
      (select json_extract(p.data, '$.text') from part p where p.message_id = (select m.id ${PROMPTS} order by m.time_created, m.id limit 1)
        and json_extract(p.data, '$.type') = 'text' order by p.id limit 1) as first
    from session s
    where (s.directory = $folder or substr(s.directory, 1, length($folder) + 1) = $folder || '/') and s.parent_id is null
    order by s.time_updated desc, s.id desc limit $limit`,
  size: 'select coalesce(sum(length(data)), 0) as bytes from part where session_id = $id',
  entries: (ask, cwd) =>
    mapOpencodeSession(
      ask(`select id, time_created, data from message where session_id = $id and (${SHOWN} is null or id < ${SHOWN}) order by time_created, id`).map((row) =>
        OpencodeMessage.parse(row),
      ),
      ask('select message_id, time_created, data from part where session_id = $id order by id').map((row) => OpencodePart.parse(row)),
      cwd,
    ),
});
