-- name: alone()$
-- Whether this session is the only one that rotates.
select pg_try_advisory_lock(8, 17);

-- name: live()
-- Keys under which rows may be wrapped.
select kek from key_encryption_keys where retired_at is null;

-- name: remaining(kek)$
-- Rows under other keys.
select (select count(*) from subject_keys where kek <> :kek and wrapped is not null)
     + (select count(*) from purpose_keys where kek <> :kek);

-- name: old_purposes(kek, most)
-- Purpose keys under other keys.
select purpose as name, kek, wrapped from purpose_keys where kek <> :kek order by purpose limit :most;

-- name: wrap_purposes(kek, names, before, wrapped)!
-- Put purpose keys under a key.
update purpose_keys p set kek = :kek, wrapped = u.wrapped
from unnest(:names::text[], :before::bytea[], :wrapped::bytea[]) u(name, before, wrapped)
where p.purpose = u.name and p.wrapped = u.before;

-- name: old_subjects(kek, most)
-- Subjects' keys under other keys.
select subject as name, kek, wrapped from subject_keys
where kek <> :kek and wrapped is not null order by key_id limit :most;

-- name: wrap_subjects(kek, names, before, wrapped)!
-- Put subjects' keys under a key.
update subject_keys s set kek = :kek, wrapped = u.wrapped
from unnest(:names::text[], :before::bytea[], :wrapped::bytea[]) u(name, before, wrapped)
where s.subject = u.name and s.wrapped = u.before;

-- name: retire(kek)!
-- Let no row be wrapped under other keys any more; waits for those that are being written.
update key_encryption_keys set retired_at = now() where kek <> :kek and retired_at is null;
