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
