-- A login that migrates nothing must be able to see that nothing is to be done.

grant usage on schema migration to log_read;
grant select on migration.applied to log_read;
