-- A turn that begins with its acceptance is nobody else's business: only those that wait are to be looked for.
drop trigger tasks_inserted on tasks;
create trigger tasks_inserted after insert on tasks for each row when (new.state = 'pending') execute function tasks_notify();
