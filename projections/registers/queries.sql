-- name: employers(low, high, path, open, text, after_path, after_key, limit)
-- Employers of an area and of the offices above it.
select key, path, body from rm_employers
where ((path >= :low and path < :high) or :path::text like path || '%')
and (:open::boolean is null or open = :open::boolean)
and (:text::text is null or position(:text::text in name) > 0)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: posts(low, high, path, open, text, after_path, after_key, limit)
-- Posts of an area and of the offices above it.
select key, path, body from rm_posts
where ((path >= :low and path < :high) or :path::text like path || '%')
and (:open::boolean is null or open = :open::boolean)
and (:text::text is null or position(:text::text in name) > 0)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: accounts(low, high, path, open, text, after_path, after_key, limit)
-- Accounts of an area.
select key, path, body from rm_accounts
where path >= :low and path < :high and :path::text is not null
and (:open::boolean is null or open = :open::boolean)
and (:text::text is null or position(:text::text in name) > 0)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: activities(low, high, path, open, text, after_path, after_key, limit)
-- Activities of an area and of the offices above it.
select key, path, body from rm_activities
where ((path >= :low and path < :high) or :path::text like path || '%')
and (:open::boolean is null or open = :open::boolean)
and (:text::text is null or position(:text::text in name) > 0)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: batches(low, high, path, open, text, after_path, after_key, limit)
-- Batches of labour export of an area and of the offices above it.
select key, path, body from rm_batches
where ((path >= :low and path < :high) or :path::text like path || '%')
and (:open::boolean is null or open = :open::boolean)
and (:text::text is null or position(:text::text in destination) > 0)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: names_of_employers(keys)
-- The names of some employers.
select id, name from rm_employers where key = any(:keys::text[]);

-- name: account(key)$
-- One account.
select body from rm_accounts where key = :key;

-- name: waiting_accounts(limit)
-- Accounts with a role that waits for the second signature.
select body from rm_accounts where waiting order by path, key limit :limit;

-- name: exports(low, high, waiting, before, limit)
-- Exports of an area, newest first.
select key, body from rm_exports
where path >= :low and path < :high
and (:waiting::boolean is null or waiting = :waiting::boolean)
and (:before::text is null or key < :before::text)
order by key desc limit :limit;

-- name: waiting_exports(limit)
-- Exports that wait for the second signature.
select body from rm_exports where waiting order by key limit :limit;

-- name: export(key)$
-- One export.
select body from rm_exports where key = :key;

-- name: checks(before, limit)
-- Checks of the log, newest first.
select key, body from rm_checks
where :before::text is null or key < :before::text order by key desc limit :limit;

-- name: check(key)$
-- One check.
select body from rm_checks where key = :key;
