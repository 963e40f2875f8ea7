-- What a change is made of, in order: a JSON array of hunks, each with its decision and its author. Empty: not read yet, and taken as a whole.
alter table changes
  add column hunks json not null default '[]',
  -- The part that the journal under way is about, when it is not all of the change: {hunks, edit}.
  add column journal_part json;
create index changes_by_path on changes (path) where state in ('pending', 'conflict');

-- Which hunks of the change an event was about; null = all of it.
alter table change_events add column hunks json;
