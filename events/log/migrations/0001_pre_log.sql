-- The event log: tables, append-only triggers and the hash chain (hash = SHA-256("evt/v1\n" ‖ header ‖ prev_hash)).

do $$
declare r text;
begin
 foreach r in array array['log_owner', 'log_read', 'log_append', 'log_sequence', 'log_publish'] loop
  begin
   execute format('create role %I nologin', r);
  exception when duplicate_object or unique_violation then null; -- roles belong to the cluster: another database made it
  end;
 end loop;
end $$;

create schema log authorization log_owner;
set local role log_owner;
set local search_path = log;

create domain hash32 as bytea check (octet_length(value) = 32);
create domain ident as text collate "C" check (octet_length(value) <= 200 and value ~ '^[a-z]+-[A-Za-z0-9._:-]+$');
create sequence pos cache 1;

-- armed = start time of the server that was checked; simulated = made for a demo or test, takes the caller's clock
create table node (
 one boolean primary key default true check (one),
 source text not null,
 epoch int not null default 1,
 system_identifier bigint not null,
 database oid not null,
 armed timestamptz,
 simulated boolean not null default false);

-- heads; version 0 = named by a command, no event yet
create table streams (
 stream ident primary key,
 subject ident not null,
 version int not null check (version >= 0),
 hash hash32 not null,
 recorded_at timestamptz not null) with (fillfactor = 70);

create table events (
 pos bigint primary key,
 stream text collate "C" not null,
 version int not null check (version > 0),
 subject text collate "C" not null,
 slice smallint not null generated always as ((crc32(decode(subject, 'escape')) % 256)::smallint) stored,
 type text collate "C" not null,
 event_id uuid not null unique,
 command_id uuid not null,
 recorded_at timestamptz not null,
 meta bytea not null,
 data bytea not null check (octet_length(data) <= 900000),
 salt bytea not null check (octet_length(salt) = 16),
 data_hash hash32 not null,
 prev_hash hash32 not null,
 hash hash32 not null,
 unique (stream, version));

-- reference facts (offices, accounts, calendar, parameters): the directory follows them by subject
create index events_reference on events (pos) where subject >= 'office-' and subject < 'office.';

create table claims (
 claim text collate "C" primary key,
 stream text collate "C" not null,
 command_id uuid not null);

-- kept for ever; null positions = a wish already true
create table commands (
 command_id uuid primary key,
 fingerprint hash32 not null,
 first_pos bigint,
 last_pos bigint,
 recorded_at timestamptz not null);

-- (slice, prev_seq): no fork, and the index for pulls
create table numbering (
 seq bigint primary key check (seq > 0),
 pos bigint not null unique,
 slice smallint not null,
 prev_seq bigint not null check (prev_seq < seq),
 leaf hash32 not null,
 sequenced_at timestamptz not null,
 unique (slice, prev_seq));

-- full tiles of 256 nodes; the rest is numbering.leaf
create table tree (
 level smallint,
 tile bigint,
 hashes bytea not null check (octet_length(hashes) = 8192),
 primary key (level, tile));

create table sequencer (
 one boolean primary key default true check (one),
 term bigint not null,
 n bigint not null,
 root hash32 not null,
 frontier bytea not null check (octet_length(frontier) % 32 = 0));

create table checkpoints (
 size bigint primary key,
 root hash32 not null,
 note text not null,
 signed_at timestamptz not null default now());

-- the publisher's progress, a copy for alarms
create table relay (
 source text primary key,
 seq bigint not null,
 record jsonb not null,
 at timestamptz not null);

insert into sequencer (term, n, root, frontier) values (0, 0, sha256(''), '');

create function refuse() returns trigger language plpgsql as $$
begin raise exception 'log.% is append-only', tg_table_name using errcode = '42501'; end $$;

do $$
declare t text;
begin
 foreach t in array array['events', 'commands', 'numbering', 'tree', 'checkpoints'] loop
  execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse()', t);
  execute format('alter table %I enable always trigger append_only', t);
 end loop;
end $$;
