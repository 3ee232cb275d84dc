-- name: schema#
-- Checks of the log that wait or run, and how far each is; the log itself keeps what they came to.
create table if not exists work.checks (
  id text primary key, asked timestamptz not null default now(), begun timestamptz,
  beat timestamptz, done bigint not null default 0, total bigint not null default 0);

-- name: ask(id)!
-- Let a check wait for its turn.
insert into work.checks (id) values (:id) on conflict do nothing;

-- name: forget(id)!
-- A check has ended.
delete from work.checks where id = :id;

-- name: take(patience)$
-- Take the check that waits longest, or one whose process was not heard of for some seconds.
update work.checks set begun = clock_timestamp(), beat = clock_timestamp(), done = 0, total = 0
where id = (
  select id from work.checks
  where beat is null or beat < clock_timestamp() - make_interval(secs => :patience)
  order by asked limit 1 for update skip locked)
returning id;

-- name: beat(id, done, total)$
-- Tell how far a check is; nothing comes back where it has ended.
update work.checks set beat = clock_timestamp(), done = :done, total = :total where id = :id
returning true;

-- name: progress(id)^
-- How far a check is, and seconds since it began.
select begun is not null as running, done, total,
 coalesce(extract(epoch from clock_timestamp() - begun), 0)::int as seconds
from work.checks where id = :id;
