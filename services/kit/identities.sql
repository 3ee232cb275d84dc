-- name: schema#
-- Which account an identity of the issuer signs in to, and tokens that were used up.
create table if not exists identities (
  issuer text not null, subject text not null, account text not null,
  bound_at timestamptz not null default now(), primary key (issuer, subject), unique (issuer, account));
create table if not exists used_tokens (digest bytea primary key, until timestamptz not null);

-- name: account(issuer, subject)$
-- The account that an identity is bound to.
select account from identities where issuer = :issuer and subject = :subject;

-- name: bind(issuer, subject, account)!
-- Bind an identity to an account, unless either is bound already.
insert into identities (issuer, subject, account) values (:issuer, :subject, :account)
on conflict do nothing;

-- name: unbind(account)!
-- Let an account be bound anew.
delete from identities where account = :account;

-- name: forget(before)!
-- Forget used tokens that have ended.
delete from used_tokens where until < :before;

-- name: use_up(digest, until)$
-- Use a token up; nothing where it was before.
insert into used_tokens (digest, until) values (:digest, :until)
on conflict do nothing returning true;
