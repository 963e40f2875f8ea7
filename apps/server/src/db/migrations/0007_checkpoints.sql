-- The files of worktrees at moments, and what restores took back.

-- `taking`: written before anything is kept in the repository; a start finds out what became of it. A checkpoint also knows the conversation of its chat at that
-- moment: everything up to `chat_position`, but what was hidden then.
create table checkpoints (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  worktree_id uuid references worktrees (id) on delete set null,
  chat_id uuid references chats (id) on delete set null,
  task_id uuid references tasks (id) on delete set null,
  message_id uuid,
  kind text not null check (kind in ('before', 'after', 'manual', 'safety', 'rejection')),
  label text not null,
  agent text,
  state text not null default 'taking' check (state in ('taking', 'kept')),
  commit_id text,
  tree_id text,
  fingerprint text,
  skipped json not null default '[]',
  -- What is different from the one before: counted when somebody asks.
  counted_from uuid,
  files int,
  additions int,
  deletions int,
  chat_position bigint,
  chat_hidden uuid[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  check (state = 'taking' or (commit_id is not null and tree_id is not null and fingerprint is not null))
);
create index checkpoints_by_session on checkpoints (session_id, created_at);
create index checkpoints_by_worktree on checkpoints (worktree_id, created_at desc) where state = 'kept';

-- Which checkpoints a turn lies between. Turns that changed nothing share theirs.
create table turn_checkpoints (
  task_id uuid primary key references tasks (id) on delete cascade,
  before_id uuid references checkpoints (id) on delete set null,
  after_id uuid references checkpoints (id) on delete set null
);
create index turn_checkpoints_before on turn_checkpoints (before_id);
create index turn_checkpoints_after on turn_checkpoints (after_id);

-- A restore: `running` is written before the first effect, and holds off the turns of its session.
create table restores (
  id uuid primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  worktree_id uuid references worktrees (id) on delete set null,
  checkpoint_id uuid references checkpoints (id) on delete set null,
  safety_id uuid references checkpoints (id) on delete set null,
  what text not null check (what in ('both', 'files', 'chat')),
  paths json,
  -- The conversation as it is to be; null: left as it is.
  chat_id uuid references chats (id) on delete cascade,
  chat_position bigint,
  chat_hidden uuid[] not null default '{}',
  state text not null default 'running' check (state in ('running', 'done', 'stuck')),
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index restores_one_running_per_session on restores (session_id) where state = 'running';

-- Taken back by a restore: kept for a while so that it can be brought back, and counted in costs for good.
alter table messages add column hidden_at timestamptz;
create index messages_hidden on messages (hidden_at) where hidden_at is not null;

-- No turn begins while its session is being restored: whoever tries is told what it is told when another turn writes there, and waits. The lock makes the two
-- look at each other; the key is one of ours and the session.
create function tasks_wait_for_restore() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(7215003, hashtext(new.session_id::text));
  if exists (select from restores where session_id = new.session_id and state = 'running') then
    raise unique_violation using message = 'the session is being restored', constraint = 'tasks_one_writer_per_session';
  end if;
  return new;
end $$;
create trigger tasks_begin before insert on tasks for each row when (new.state = 'running') execute function tasks_wait_for_restore();
create trigger tasks_begin_later before update of state on tasks for each row
  when (new.state = 'running' and old.state = 'pending') execute function tasks_wait_for_restore();
