-- Who may do what. Advisory locks of the fence are closed to other logins: one of them could stop the log.

revoke execute on all functions in schema log from public;
grant execute on all functions in schema log to log_owner;
grant usage on schema log to log_append, log_sequence, log_publish, log_read;
grant select on log.node, log.streams, log.events, log.numbering, log.tree, log.sequencer, log.checkpoints, log.relay to log_read;
grant log_read to log_append, log_sequence, log_publish;
grant select on log.claims, log.commands to log_append;
grant execute on function log.append_many to log_append;
grant select on sequence log.pos to log_sequence;
grant insert on log.numbering, log.tree, log.checkpoints to log_sequence;
grant update on log.sequencer to log_sequence;
grant update (armed) on log.node to log_sequence;
grant insert, update on log.relay to log_publish;

do $$
declare f regprocedure;
begin
 for f in select p.oid from pg_proc p
  where p.pronamespace = 'pg_catalog'::regnamespace and p.proname like 'pg\_%advisory%lock%' and p.pronargs = 2 loop
  execute format('revoke execute on function %s from public', f);
  execute format('grant execute on function %s to log_owner', f);
 end loop;
end $$;
grant execute on function pg_catalog.pg_try_advisory_lock(int, int), pg_catalog.pg_advisory_lock(int, int),
 pg_catalog.pg_advisory_unlock(int, int) to log_sequence, log_publish;
