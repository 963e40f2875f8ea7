-- The life of a worktree: who works in it, the trash, what it takes, what was put aside.

alter table worktrees drop constraint worktrees_state_check;
alter table worktrees add constraint worktrees_state_check
  check (state in ('creating', 'ready', 'failed', 'trashing', 'trashed', 'restoring', 'purging', 'removed'));

-- A session owns one worktree at most; one in the trash keeps the session it belonged to, and may come back to it.
alter table worktrees drop constraint worktrees_session_id_key;
create unique index worktrees_one_per_session on worktrees (session_id) where state in ('creating', 'ready', 'failed', 'restoring');
create index worktrees_by_session on worktrees (session_id);

alter table worktrees
  add column used_at timestamptz not null default now(),
  add column trash_path text,
  add column trashed_at timestamptz,
  add column trashed_by text check (trashed_by in ('person', 'reaper')),
  add column disk_bytes bigint,
  add column disk_files int,
  add column measured_at timestamptz,
  add column steps json not null default '[]',
  add column problem text,
  add constraint worktrees_trash_place check (state not in ('trashing', 'trashed', 'restoring') or trash_path is not null);

-- Who works in a worktree. Renewed by a heartbeat of the server process `owner`; after `until` it is nobody's, whatever processes there are.
create table worktree_leases (
  worktree_id uuid not null references worktrees (id) on delete cascade,
  owner uuid not null,
  use text not null check (use in ('turn', 'agent', 'terminal')),
  renewed_at timestamptz not null default clock_timestamp(),
  until timestamptz not null,
  primary key (worktree_id, owner, use)
);

-- Uncommitted files that were put aside. `kind` final: what a worktree held when it went to the trash.
create table worktree_stashes (
  id uuid primary key,
  worktree_id uuid not null references worktrees (id) on delete cascade,
  kind text not null check (kind in ('stash', 'final')),
  ref text not null,
  commit text not null,
  -- The commit that the worktree was on, whose files it was cleaned to.
  head text,
  files int not null,
  note text,
  created_at timestamptz not null default clock_timestamp(),
  restored_at timestamptz
);
create index worktree_stashes_by_worktree on worktree_stashes (worktree_id, created_at desc);
