-- name: schema#
-- The key database: data keys wrapped under key-encryption keys, purpose keys, credentials.
create table if not exists key_encryption_keys (
  kek text primary key, made_at timestamptz not null default now(), retired_at timestamptz);
create table if not exists subject_keys (
  key_id uuid primary key, subject text not null unique, kek text not null,
  wrapped bytea, created_at timestamptz not null default now(), destroyed_at timestamptz);
create table if not exists purpose_keys (
  purpose text primary key, kek text not null, wrapped bytea not null);
create table if not exists search_hashes (
  hash bytea not null, subject text not null, kind text not null, version int not null default 1,
  primary key (hash, subject, kind));
create index if not exists search_by_subject on search_hashes (subject);
create table if not exists credentials (
  login text primary key, account text not null, password text not null,
  failures int not null default 0, locked_until timestamptz, changed_at timestamptz not null default now());

-- name: answers()$
-- Whether the key database is there, with its tables.
select count(*) from (select 1 from subject_keys limit 1) s;

-- name: know_kek(kek)!
-- Let rows be wrapped under a key; one that was retired stays so.
insert into key_encryption_keys (kek) values (:kek) on conflict do nothing;

-- name: add_keys(ids, subjects, kek, wrapped)!
-- Make keys for subjects that have none; an existing one stays. Under a retired key none is made.
with live as (
  select kek from key_encryption_keys where kek = :kek and retired_at is null for share)
insert into subject_keys (key_id, subject, kek, wrapped)
select i, s, kek, w
from live, unnest(:ids::uuid[], :subjects::text[], :wrapped::bytea[]) u(i, s, w)
order by s on conflict do nothing;

-- name: keys_of(subjects)
-- The keys of subjects; wrapped is null where the key was destroyed.
select key_id::text, subject, kek, wrapped from subject_keys where subject = any(:subjects::text[]);

-- name: keys_by_id(ids)
-- Keys by id, destroyed ones left out.
select key_id::text, subject, kek, wrapped from subject_keys
where key_id = any(:ids::uuid[]) and wrapped is not null;

-- name: destroy_keys(ids, subjects)!
-- Destroy subjects' keys for good; one that never had a key gets none any more.
insert into subject_keys (key_id, subject, kek, wrapped, destroyed_at)
select i, s, '', null, now() from unnest(:ids::uuid[], :subjects::text[]) u(i, s) order by s
on conflict (subject) do update
set wrapped = null, destroyed_at = coalesce(subject_keys.destroyed_at, now());

-- name: forget_search(subjects)!
-- Delete what subjects could be found by.
delete from search_hashes where subject = any(:subjects::text[]);

-- name: add_purpose(purpose, kek, wrapped)!
-- Make a purpose's key once; under a retired key none is made.
with live as (
  select kek from key_encryption_keys where kek = :kek and retired_at is null for share)
insert into purpose_keys (purpose, kek, wrapped)
select :purpose, kek, :wrapped from live on conflict do nothing;

-- name: purpose(purpose)^
-- One purpose's key.
select kek, wrapped from purpose_keys where purpose = :purpose;

-- name: index_search(hashes, subjects, kinds)!
-- Add search hashes.
insert into search_hashes (hash, subject, kind)
select h, s, k from unnest(:hashes::bytea[], :subjects::text[], :kinds::text[]) u(h, s, k)
on conflict do nothing;

-- name: search(hash, kinds)
-- Subjects with a hash.
select distinct subject from search_hashes where hash = :hash and kind = any(:kinds::text[]) limit 1000;

-- name: set_credential(login, account, password)!
-- Set a login's password hash.
insert into credentials (login, account, password) values (:login, :account, :password)
on conflict (login) do update set password = excluded.password, account = excluded.account,
  failures = 0, locked_until = null, changed_at = now();

-- name: credential(login)^
-- A login's account, password hash and lock.
select account, password, failures, locked_until from credentials where login = :login;

-- name: record_failure(login, locked_until)!
-- Count a failed sign-in.
update credentials set failures = failures + 1, locked_until = :locked_until where login = :login;

-- name: record_success(login)!
-- Clear the count of failed sign-ins.
update credentials set failures = 0, locked_until = null where login = :login;
