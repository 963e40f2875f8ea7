-- The rows behind every turn. Invariants live here; the code handles the refusals.

create table projects (
  id uuid primary key,
  path text not null unique,
  name text not null,
  allowed_read_paths text[] not null default '{}',
  created_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  title text not null,
  baseline text not null default 'head' check (baseline in ('head', 'uncommitted')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index sessions_by_project on sessions (project_id, updated_at desc) where deleted_at is null;

create table chats (
  id uuid primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  title text not null,
  agent text not null,
  model text,
  mode text,
  access text not null check (access in ('read-only', 'ask', 'edits', 'full')),
  status text not null default 'idle' check (status in ('working', 'blocked', 'idle', 'error')),
  next_position bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  closed_at timestamptz
);
create index chats_by_session on chats (session_id, created_at);

create table worktrees (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  session_id uuid unique references sessions (id) on delete set null,
  path text not null unique,
  branch text not null,
  base text not null,
  state text not null check (state in ('creating', 'ready', 'failed', 'removed')),
  setup text,
  created_at timestamptz not null default now()
);

create table tasks (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  chat_id uuid not null references chats (id) on delete cascade,
  parent_task_id uuid references tasks (id) on delete set null,
  message_id uuid not null,
  answer_id uuid not null,
  -- Of its message in the chat: a chat's tasks run in this order.
  position bigint not null,
  kind text not null default 'prompt' check (kind in ('prompt', 'continue')),
  state text not null default 'pending' check (state in ('pending', 'running', 'blocked', 'completed', 'failed', 'cancelled', 'interrupted')),
  agent text not null,
  model text,
  mode text,
  access text not null check (access in ('read-only', 'ask', 'edits', 'full')),
  priority int not null default 0,
  input text not null,
  output_summary text,
  error json,
  tokens_in int,
  tokens_out int,
  cost double precision,
  waits_for text,
  settled boolean not null default false,
  -- The task that tried this one's prompt again: agents no longer remember this attempt.
  superseded_by uuid references tasks (id) on delete set null,
  cancel_requested boolean not null default false,
  lease_owner uuid,
  lease_until timestamptz,
  fence bigint not null default 0,
  idempotency_key text,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz
);
-- At most one turn of a chat runs: claimers may race, the index decides.
create unique index tasks_one_running_per_chat on tasks (chat_id) where state in ('running', 'blocked');
-- A worktree has one writer: a session's writing turns run one at a time, read-only turns beside them.
create unique index tasks_one_writer_per_session on tasks (session_id) where state in ('running', 'blocked') and access <> 'read-only';
create unique index tasks_idempotency on tasks (chat_id, idempotency_key) where idempotency_key is not null;
create index tasks_pending on tasks (priority desc, created_at) where state = 'pending';
create index tasks_pending_by_chat on tasks (chat_id, position) where state = 'pending';
create index tasks_leases on tasks (lease_until) where state in ('running', 'blocked');
create index tasks_by_session on tasks (session_id, created_at);
create index tasks_by_time on tasks (created_at desc, id);
create index tasks_inbox on tasks (ended_at) where state in ('failed', 'interrupted') and not settled;

create function tasks_notify() returns trigger language plpgsql as $$
begin
  perform pg_notify('tasks', new.id::text);
  return new;
end $$;
create trigger tasks_inserted after insert on tasks for each row execute function tasks_notify();
create trigger tasks_cancelled after update of cancel_requested on tasks for each row when (new.cancel_requested) execute function tasks_notify();

create table messages (
  id uuid primary key,
  chat_id uuid not null references chats (id) on delete cascade,
  task_id uuid references tasks (id) on delete set null,
  position bigint not null,
  role text not null check (role in ('user', 'assistant')),
  status text not null check (status in ('waiting', 'streaming', 'completed', 'cancelled', 'failed', 'interrupted')),
  agent text,
  model text,
  mode text,
  usage json,
  failure json,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index messages_by_position on messages (chat_id, position);

-- A long text is kept in segments, so that writing more of it never rewrites what is already there.
create table parts (
  message_id uuid not null references messages (id) on delete cascade,
  index int not null,
  segment int not null,
  data json,
  text text not null default '',
  primary key (message_id, index, segment)
);

create table permissions (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  chat_id uuid not null references chats (id) on delete cascade,
  task_id uuid not null references tasks (id) on delete cascade,
  agent text not null,
  request json not null,
  state text not null default 'open' check (state in ('open', 'allowed', 'denied', 'expired')),
  answer text,
  note text,
  created_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz
);
create index permissions_open on permissions (created_at) where state = 'open';

create table changes (
  id uuid primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  worktree_id uuid not null references worktrees (id) on delete cascade,
  path text not null,
  old_path text,
  kind text not null check (kind in ('added', 'modified', 'deleted', 'renamed', 'mode')),
  state text not null default 'pending' check (state in ('pending', 'applied', 'rejected', 'superseded', 'conflict')),
  marked boolean not null default false,
  agent text,
  task_id uuid references tasks (id) on delete set null,
  old_blob text,
  new_blob text,
  old_mode text,
  new_mode text,
  is_binary boolean not null default false,
  additions int not null default 0,
  deletions int not null default 0,
  note text,
  -- The journal of the apply or rewind under way: set before the folder is touched, so that recovery knows what it meant.
  journal_id uuid,
  journal_action text check (journal_action in ('apply', 'rewind', 'reject')),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create unique index changes_one_pending_per_path on changes (worktree_id, path) where state in ('pending', 'conflict');
create index changes_by_session on changes (session_id, created_at);

-- Who did what to a change, and when. Every state change can be told apart and undone.
create table change_events (
  id bigint generated always as identity primary key,
  change_id uuid not null references changes (id) on delete cascade,
  from_state text not null,
  to_state text not null,
  actor text not null,
  note text,
  created_at timestamptz not null default clock_timestamp()
);

-- What a person said about rejected work, for the agent's next prompt.
create table agent_notes (
  id bigint generated always as identity primary key,
  chat_id uuid not null references chats (id) on delete cascade,
  text text not null,
  created_at timestamptz not null default clock_timestamp(),
  delivered_task_id uuid references tasks (id) on delete set null
);

create table agent_sessions (
  chat_id uuid not null references chats (id) on delete cascade,
  agent text not null,
  backend text not null,
  resume_token text,
  model text,
  status text not null default 'idle' check (status in ('working', 'blocked', 'idle', 'error')),
  last_active_at timestamptz not null default now(),
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost double precision,
  primary key (chat_id, agent)
);

create table devices (
  id uuid primary key,
  token_hash text not null unique,
  name text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz
);

create table settings (
  key text primary key,
  value json not null
);

create table trusted_content (
  project_id uuid not null references projects (id) on delete cascade,
  path text not null,
  hash text not null,
  content text not null,
  approved_at timestamptz not null default now(),
  primary key (project_id, path)
);

create table runners (
  id uuid primary key,
  pid int not null,
  host text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
