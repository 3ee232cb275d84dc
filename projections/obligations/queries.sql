-- name: page(low, high, office, subject, kinds, state, today, history, after_due, after_id, limit)
-- Duties of persons and households that belong to an area, by last day. The months of follow-up
-- come from the times in which a person is tracked: a month asks for a visit where the person is
-- tracked on its last day, is met by any visit in it, and missed once it is over: it is never open
-- past its day. Without `history` only the month of `today` is looked at. Each part brings no more
-- rows than the page takes.
with months as (
 select f.*, m.first, (m.first + interval '1 month' - interval '1 day')::date as last,
  array_position(f.months, to_char(m.first, 'YYYY-MM')) as at
 from rm_follow_up f, lateral (select generate_series(
  date_trunc('month', case when :history::bool then f.since else :today end),
  date_trunc('month', :today::date), interval '1 month')::date as first) m
 where f.path >= :low and f.path < :high and :state <> 'notice'
 and (:office::text is null or f.office = :office)
 and (:subject::text is null or 'person-' || f.person = :subject)
 and (:kinds::text[] is null or 'T10' = any(:kinds)))
(select id, kind, subject, person, case_id, household, office, path, level, home, officer, started,
  due, waiting, ended, outcome, days_late, recorded_late, start_seq, end_seq,
  coalesce(due, 'infinity') as order_due
 from rm_obligations where home >= :low and home < :high
 and (bound = 'at_least') = (:state = 'notice')
 and (:office::text is null or office = :office)
 and (:subject::text is null or subject = :subject)
 and (:kinds::text[] is null or kind = any(:kinds))
 and case :state::text when 'open' then outcome = 'open' when 'notice' then outcome = 'open'
  when 'overdue' then outcome = 'open' and due < :today
  when 'today' then outcome = 'open' and due = :today
  when 'week' then outcome = 'open' and due > :today and due <= :today + 7
  when 'waiting' then outcome = 'open' and waiting
  when 'missed' then outcome in ('missed', 'late') or outcome = 'open' and due < :today
  when 'done' then outcome <> 'open' else true end
 and (:after_id::text is null or (coalesce(due, 'infinity'), id) > (:after_due::date, :after_id))
 order by order_due, id limit :limit)
union all
(select 'T10/' || case_id || '/' || to_char(first, 'YYYY-MM') as id, 'T10', 'person-' || person,
  person, case_id, null, office, path, 'community', path, officer, first, last, false, days[at],
  case when at is not null then 'met' when last < :today then 'missed' else 'open' end, 0,
  known[at] - days[at], start_seq, seqs[at], last as order_due
 from months where last >= since and (until is null or last < until)
 and case :state::text when 'open' then at is null and last >= :today
  when 'overdue' then false when 'waiting' then false
  when 'today' then at is null and last = :today
  when 'week' then at is null and last > :today and last <= :today + 7
  when 'missed' then at is null and last < :today
  when 'done' then at is not null or last < :today else true end
 and (:after_id::text is null or (last, 'T10/' || case_id || '/' || to_char(first, 'YYYY-MM'))
  > (:after_due::date, :after_id))
 order by order_due, id limit :limit)
order by order_due, id limit :limit;

-- name: counts(low, high, office, today)^
-- How many open duties of an area stand in each queue.
with duties as (
 select office, due, waiting from rm_obligations
 where home >= :low and home < :high and outcome = 'open' and bound = 'at_most'
 union all
 select office, (date_trunc('month', :today::date) + interval '1 month' - interval '1 day')::date,
  false from rm_follow_up
 where path >= :low and path < :high and not to_char(:today::date, 'YYYY-MM') = any(months)
 and since < date_trunc('month', :today::date) + interval '1 month'
 and (until is null or until >= date_trunc('month', :today::date) + interval '1 month'))
select count(*) as open, count(*) filter (where due < :today) as overdue,
 count(*) filter (where due = :today) as today,
 count(*) filter (where due > :today and due <= :today + 7) as week,
 count(*) filter (where waiting) as waiting
from duties where :office::text is null or office = :office;

-- name: steps(low, high, start, finish, known, width)
-- Finished steps of a period by kind, outcome and days taken, as known at the end of a day (M6).
select left(path, :width::int) as area, kind, outcome, days, sum(amount)::bigint as amount
from rm_steps where path >= :low and path < :high and valid between :start and :finish
and known <= :known
group by area, kind, outcome, days having sum(amount) <> 0 order by area, kind, days;
