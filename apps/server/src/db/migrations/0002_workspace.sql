-- Finding messages, how a session's panes stand, and comments on lines of changes.

-- Words as they stand and, of names like parseDate, their parts. Queries are cut the same way, but for the parts of names.
create function words_of(value text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple', lower(regexp_replace(value || ' ' || regexp_replace(value, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[\x01-/:-@[-`{-\x7f\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g')))
$$;

-- The words of ended messages, in pieces that a tsvector can hold. Written once, so that streaming costs nothing.
create table message_words (
  message_id uuid not null references messages (id) on delete cascade,
  piece int not null,
  chat_id uuid not null,
  created_at timestamptz not null,
  words tsvector not null,
  primary key (message_id, piece)
);
create index message_words_by_word on message_words using gin (words);
create index message_words_by_time on message_words (created_at desc, message_id);

-- Texts and what was steered into them, and the titles of tool calls; not reasoning, not the content of files. A piece has about 60,000 characters.
create function insert_message_words(message messages) returns void language plpgsql as $$
begin
  insert into message_words (message_id, piece, chat_id, created_at, words)
  select message.id, piece, message.chat_id, message.created_at, words_of(string_agg(text, ' ' order by index, segment))
  from (
    select index, segment, text, (sum(length(text)) over (order by index, segment) / 60000)::int as piece
    from (
      select p.index, p.segment,
        left(case p.data ->> 'type' when 'tool' then p.data ->> 'title' when 'steered' then p.data ->> 'text' when 'file' then p.data ->> 'name' else p.text end, 200000) as text
      from parts p
      where p.message_id = message.id and (select f.data ->> 'type' from parts f where f.message_id = p.message_id and f.index = p.index and f.segment = 0) <> 'reasoning'
    ) texts where text <> ''
  ) pieces
  group by piece
  on conflict (message_id, piece) do update set words = excluded.words;
exception when program_limit_exceeded then
  null; -- more different words than a tsvector holds: it cannot be found, but it must not keep a turn from ending
end $$;

create function message_ended() returns trigger language plpgsql as $$
begin
  perform insert_message_words(new);
  return null;
end $$;
create trigger message_ended after update of status on messages for each row
  when (new.status not in ('waiting', 'streaming') and old.status in ('waiting', 'streaming')) execute function message_ended();

do $$
declare message messages;
begin
  for message in select * from messages where status not in ('waiting', 'streaming') loop
    perform insert_message_words(message);
  end loop;
end $$;

create table session_layouts (
  session_id uuid primary key references sessions (id) on delete cascade,
  layout json not null,
  version int not null
);

-- A note may be a comment on a line of a change: then `text` is what the agent is told, `comment` what the person wrote.
alter table agent_notes
  add column comment_id uuid unique,
  add column worktree_id uuid references worktrees (id) on delete cascade,
  add column path text,
  add column line int,
  add column side text check (side in ('old', 'new')),
  add column comment text;
create index agent_notes_open on agent_notes (chat_id) where delivered_task_id is null;
