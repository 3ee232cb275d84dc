-- name: schema#
-- What the write role remembers between restarts; every row can be rebuilt from the log.
create schema if not exists work;
create table if not exists work.progress (name text primary key, seq bigint not null);
create table if not exists work.timers (
  kind text not null, key text not null, due timestamptz not null, basis text not null,
  primary key (kind, key));
create index if not exists timers_due on work.timers (due, kind, key);
create table if not exists work.refused (
  command_id uuid primary key, at timestamptz not null, cause text not null, command text not null,
  code text not null);
create table if not exists work.parked (
  id bigint generated always as identity primary key, at timestamptz not null, topic text not null,
  partition int not null, offset_ bigint not null, why text not null, unique (topic, partition, offset_));
create table if not exists work.clock (one boolean primary key default true check (one), now timestamptz not null);
grant usage on schema work to log_read;
grant select on work.clock to log_read;

-- name: clock()$
-- The simulated clock as last set.
select now from work.clock;

-- name: set_clock(now)!
-- Keep the simulated clock.
insert into work.clock (now) values (:now) on conflict (one) do update set now = excluded.now;

-- name: progress(name)$
-- How far a follower got.
select seq from work.progress where name = :name;

-- name: move(name, seq)!
-- Record how far a follower got.
insert into work.progress (name, seq) values (:name, :seq)
on conflict (name) do update set seq = excluded.seq;

-- name: set_timers(kinds, keys, dues, bases)!
-- Start timers; a later start of the same key replaces the earlier one.
insert into work.timers (kind, key, due, basis)
select * from unnest(:kinds::text[], :keys::text[], :dues::timestamptz[], :bases::text[])
on conflict (kind, key) do update set due = excluded.due, basis = excluded.basis;

-- name: stop_timers(kinds, keys)!
-- Stop timers.
delete from work.timers t using unnest(:kinds::text[], :keys::text[]) u(k, y)
where t.kind = u.k and t.key = u.y;

-- name: due_timers(now, most)
-- Timers whose time has come, earliest first.
select kind, key, due, basis from work.timers where due <= :now order by due, kind, key limit :most;

-- name: fired(kinds, keys, dues)!
-- Forget timers that fired, unless they were started anew meanwhile.
delete from work.timers t using unnest(:kinds::text[], :keys::text[], :dues::timestamptz[]) u(k, y, d)
where t.kind = u.k and t.key = u.y and t.due = u.d;

-- name: all_timers(kind)
-- Every timer of a kind, for planning anew.
select kind, key, due, basis from work.timers where kind = :kind;

-- name: refuse(command_id, at, cause, command, code)!
-- Keep a refused reaction for the operator.
insert into work.refused (command_id, at, cause, command, code)
values (:command_id, :at, :cause, :command, :code) on conflict do nothing;

-- name: refused(most)
-- Refused reactions, newest first.
select command_id::text, at, cause, command, code from work.refused order by at desc limit :most;

-- name: park(at, topic, partition, offset, why)!
-- Keep where a hopeless message lies; never its bytes.
insert into work.parked (at, topic, partition, offset_, why)
values (:at, :topic, :partition, :offset, :why) on conflict do nothing;

-- name: parked(most)
-- Parked messages, newest first.
select id, at, topic, partition, offset_, why from work.parked order by id desc limit :most;
