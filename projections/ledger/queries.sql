-- name: persons(low, high, state, category, work, tracking, ids, after_path, after_key, limit)
-- A page of the ledger of an area, by path and person.
select key, path, body from rm_ledger_person
where listed and path >= :low and path < :high
and (:state::text is null or state = :state::text)
and (:category::text is null or category = :category::text)
and (:work::text is null or work = :work::text)
and (:tracking::text is null or tracking = :tracking::text)
and (:ids::text[] is null or person = any(:ids::text[]))
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: count_persons(low, high, state, category, work, tracking, ids)$
-- How many rows the same words find.
select count(*) from rm_ledger_person
where listed and path >= :low and path < :high
and (:state::text is null or state = :state::text)
and (:category::text is null or category = :category::text)
and (:work::text is null or work = :work::text)
and (:tracking::text is null or tracking = :tracking::text)
and (:ids::text[] is null or person = any(:ids::text[]));

-- name: person(key)$
-- The whole row of a person.
select body from rm_ledger_person where key = :key;

-- name: households(low, high, state, certified, after_path, after_key, limit)
-- A page of the households of an area, by path and household.
select key, path, body from rm_ledger_household
where path >= :low and path < :high
and (:state::text is null or state = :state::text)
and (:certified::boolean is null or certified = :certified::boolean)
and (:after_key::text is null or (path, key) > (:after_path::text, :after_key::text))
order by path, key limit :limit;

-- name: count_households(low, high, state, certified)$
-- How many rows the same words find.
select count(*) from rm_ledger_household
where path >= :low and path < :high
and (:state::text is null or state = :state::text)
and (:certified::boolean is null or certified = :certified::boolean);

-- name: household(key)$
-- The whole row of a household.
select body from rm_ledger_household where key = :key;

-- name: households_of(person)
-- The households that a person is in.
select body from rm_ledger_household where persons @> array[:person::text];

-- name: persons_named(keys)
-- Rows of some persons.
select key, path, body from rm_ledger_person where key = any(:keys::text[]);

-- name: path_of(key)$
-- Where a person or household belongs.
select path from rm_ledger_person where key = :key
union all select path from rm_ledger_household where key = :key limit 1;
