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
