-- Agents with a memory of their own, what is known of them, and what they may always do.

-- `resume_cwd`: where the agent's own conversation lives; most can resume it only there. `known_position`: the last message of the chat that it knows of.
-- `info`: what it said of itself (modes, models, commands).
alter table agent_sessions
  add column resume_cwd text,
  add column known_position bigint not null default 0,
  add column info json;

-- What the last look at each agent found, to be shown at once after a restart.
create table provider_snapshots (
  id text primary key,
  snapshot json not null,
  checked_at timestamptz not null default now()
);

-- What a person has allowed for good, in one project: the next request of this kind with this subject is not asked.
create table permission_rules (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  agent text not null,
  kind text not null,
  subject text not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (project_id, agent, kind, subject)
);

-- Conversations that were taken over from an agent's own storage, each once.
create table imported_sessions (
  agent text not null,
  external_id text not null,
  chat_id uuid not null unique references chats (id) on delete cascade,
  primary key (agent, external_id)
);

-- The session store of the Claude Agent SDK: entries in the order in which they were appended; one with a uuid replaces the one before.
create table claude_session_entries (
  project_key text not null,
  session_id text not null,
  subpath text not null default '',
  seq bigint generated always as identity,
  uuid text,
  entry json not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (project_key, session_id, subpath, seq)
);
create unique index claude_session_entries_by_uuid on claude_session_entries (project_key, session_id, subpath, uuid) where uuid is not null;
