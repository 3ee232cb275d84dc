create schema if not exists engine;
create sequence if not exists engine.leases;

-- One life of a projection's tables: built from nothing by one version of its code.
create table if not exists engine.builds (
 projection text collate "C" not null, build int not null, version int not null,
 created_at timestamptz not null default now(), primary key (projection, build));

-- The build that readers see, and the one they saw before.
create table if not exists engine.active (
 projection text collate "C" primary key, build int not null, previous int,
 since timestamptz not null default now());

-- How far a build got, per node and slice. `edits` counts changes of rows made beside the flow.
create table if not exists engine.watermarks (
 projection text collate "C" not null, build int not null, source text collate "C" not null,
 slice smallint not null check (slice between 0 and 255), epoch int not null,
 seq bigint not null default 0, position bigint not null default 0,
 lease bigint not null default 0, edits bigint not null default 0,
 primary key (projection, build, source, slice)) with (fillfactor = 50);
-- The change of the directory up to which a slice's open days were planned anew.
alter table engine.watermarks add column if not exists planned bigint not null default 0;

-- Where to start reading Kafka: a hint, any earlier offset would do.
create table if not exists engine.hints (
 projection text collate "C" not null, build int not null, partition smallint not null,
 next_offset bigint not null, primary key (projection, build, partition)) with (fillfactor = 50);

-- Events that a projection could not apply, and those of the same subject waiting behind them.
create table if not exists engine.parked (
 projection text collate "C" not null, build int not null, source text collate "C" not null,
 subject text collate "C" not null, seq bigint not null, slice smallint not null,
 type text collate "C" not null, reason text collate "C" not null,
 parked_at timestamptz not null default now(),
 primary key (projection, build, source, subject, seq));

-- The known point of each build: everything up to this seq (and position) is applied.
create table if not exists engine.known (
 projection text collate "C" not null, build int not null, source text collate "C" not null,
 seq bigint not null, position bigint not null, at timestamptz not null default now(),
 primary key (projection, build, source));
alter table engine.known add column if not exists recorded_at timestamptz;

-- Who asks. The role belongs to the cluster; a login that is a member reads what policies open to it.
do $$ begin
 if not exists (select from pg_roles where rolname = 'read_query') then create role read_query nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;

-- What a transaction may see, by its own settings; null, which opens nothing, where one is absent or odd.
create or replace function engine.paths(name text) returns text[] language sql stable parallel safe
return (select string_to_array(s, ',') from current_setting(name, true) s
 where s ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})(,(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}))*$');
create or replace function engine.areas() returns text[] language sql stable parallel safe
return engine.paths('bangfu.areas');
create or replace function engine.offices() returns text[] language sql stable parallel safe
return engine.paths('bangfu.offices');
create or replace function engine.above() returns text[] language sql stable parallel safe
return (select array_agg(distinct left(p, n)) from unnest(engine.offices()) p, unnest(array[0, 2, 4, 6, 9]) n
 where n < length(p));
create or replace function engine.opened() returns text[] language sql stable parallel safe
return (select string_to_array(s, ',') from current_setting('bangfu.opened', true) s
 where s ~ '^[a-z]+-[A-Za-z0-9._:-]+(,[a-z]+-[A-Za-z0-9._:-]+)*$');
create or replace function engine.persons() returns text[] language sql stable parallel safe
return (select array_agg(substr(s, 8)) from unnest(engine.opened()) s where s like 'person-%');
create or replace function engine.event() returns bigint language sql stable parallel safe
return (select s::bigint from current_setting('bangfu.event', true) s where s ~ '^[1-9]\d{0,17}$');

grant usage on schema engine to read_query;
grant select on engine.builds, engine.active, engine.watermarks, engine.parked, engine.known to read_query;
