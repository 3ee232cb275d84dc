-- name: schema#
-- What every role must know to judge a token: the public key, and sessions ended before their time.
create table if not exists work.token_key (
  one boolean primary key default true check (one), public text not null);
create table if not exists work.ended (who text primary key, at timestamptz not null);
grant select on work.token_key, work.ended to log_read;

-- name: publish_key(public)!
-- Tell the public half of the token key.
insert into work.token_key (public) values (:public)
on conflict (one) do update set public = excluded.public;

-- name: end(who, at)!
-- End a session, or all of an account that began before.
insert into work.ended (who, at) values (:who, :at)
on conflict (who) do update set at = greatest(work.ended.at, excluded.at);

-- name: ended()
-- Sessions and accounts that were ended.
select who, at from work.ended;

-- name: forget(before)!
-- Forget what ended so long ago that no token of it can stand.
delete from work.ended where at < :before;
