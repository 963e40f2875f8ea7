-- The prompt of a turn that begins at once is stored as complete: it never becomes so by an update. Its parts are there when the statement ends.
create trigger message_added after insert on messages for each row
  when (new.status not in ('waiting', 'streaming')) execute function message_ended();

do $$
declare message messages;
begin
  for message in
    select m.* from messages m where m.status not in ('waiting', 'streaming') and not exists (select from message_words w where w.message_id = m.id)
  loop
    perform insert_message_words(message);
  end loop;
end $$;
