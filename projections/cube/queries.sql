-- name: sums(metrics, parts, low, high, start, finish, ends, known, width)
-- Sums of stored parts over a period, as known at the end of a day. `width` cuts paths into groups
-- (0 = one group). `ends` numbers the last month that ends by `finish`, so that a share counts in
-- `month_ends` once for every month end from its valid day on. Answered from the index alone.
select w.metric, w.part, area, '' as slot,
 coalesce(sum(amount) filter (where valid >= :start), 0)::bigint as flow,
 coalesce(sum(amount) filter (where valid < :start), 0)::bigint as opening,
 sum(amount)::bigint as closing,
 sum(amount * (:ends::int - (extract(year from greatest(valid, :start)) * 12
  + extract(month from greatest(valid, :start)))::int))::bigint as month_ends
from unnest(:metrics::text[], :parts::text[]) w(metric, part), lateral (
 select left(path, :width::int) as area, valid, sum(amount) as amount from rm_cube c
 where c.metric = w.metric and c.part = w.part and path >= :low and path < :high
 and valid <= :finish and known <= :known group by area, valid) days
group by w.metric, w.part, area;

-- name: sums_now(metrics, parts, level, low, high, start, finish, ends, width)
-- The same of a province, a city or a county (`level`: how long their paths are), by everything
-- known now.
select w.metric, w.part, left(path, :width::int) as area, '' as slot,
 coalesce(sum(amount) filter (where valid >= :start), 0)::bigint as flow,
 coalesce(sum(amount) filter (where valid < :start), 0)::bigint as opening,
 sum(amount)::bigint as closing,
 sum(amount * (:ends::int - (extract(year from greatest(valid, :start)) * 12
  + extract(month from greatest(valid, :start)))::int))::bigint as month_ends
from unnest(:metrics::text[], :parts::text[]) w(metric, part) join rm_cube_now c
 using (metric, part)
where width = :level and path >= :low and path < :high and valid <= :finish
group by w.metric, w.part, area;

-- name: split(metrics, parts, low, high, start, finish, ends, known, by)
-- The same sums by the values of a dimension.
select metric, part, '' as area,
 case :by::text when 'category' then category when 'sex' then sex when 'age_band' then age_band
  else channel end as slot,
 coalesce(sum(amount) filter (where valid >= :start), 0)::bigint as flow,
 coalesce(sum(amount) filter (where valid < :start), 0)::bigint as opening,
 sum(amount)::bigint as closing,
 sum(amount * (:ends::int - (extract(year from greatest(valid, :start)) * 12
  + extract(month from greatest(valid, :start)))::int))::bigint as month_ends
from rm_cube
where (metric, part) in (select * from unnest(:metrics::text[], :parts::text[]))
and path >= :low and path < :high and valid <= :finish and known <= :known
group by metric, part, slot;

-- name: histogram(metric, low, high, start, finish, known, width)
-- How many took how many days.
select left(path, :width::int) as area, substr(part, 2)::int as days, sum(amount)::bigint as amount
from rm_cube
where metric = :metric and path >= :low and path < :high
and valid between :start and :finish and known <= :known
group by area, days having sum(amount) <> 0 order by area, days;

-- name: histogram_now(metric, level, low, high, start, finish, width)
-- The same of a province, a city or a county, by everything known now.
select left(path, :width::int) as area, substr(part, 2)::int as days, sum(amount)::bigint as amount
from rm_cube_now
where metric = :metric and width = :level and path >= :low and path < :high
and valid between :start and :finish
group by area, days having sum(amount) <> 0 order by area, days;

-- name: cases(metrics, parts, how, subject, low, high, start, finish, ends, known, after, limit)
-- Whose events make a part of a figure, how much each, and which events: superseded knowledge
-- cancels out before anything is summed. The pairs are said once for the index and once for what
-- they are; without `parts` every part of the metrics counts.
with kept as (
 select subject, seqs, valid, sum(amount) as amount from rm_cube_cases
 where metric = any(:metrics::text[]) and (:parts::text[] is null or part = any(:parts::text[])
  and (metric, part) in (select * from unnest(:metrics::text[], :parts::text[])))
 and (:subject::text is null or subject = :subject)
 and path >= :low and path < :high and valid <= :finish and known <= :known
 group by metric, part, path, valid, subject, category, channel, seqs having sum(amount) <> 0),
weighed as (
 select subject, seqs, amount * case :how::text when 'closing' then 1
  when 'opening' then (valid < :start)::int when 'flow' then (valid >= :start)::int
  else :ends::int - (extract(year from greatest(valid, :start)) * 12
   + extract(month from greatest(valid, :start)))::int end as amount
 from kept),
made as (
 select subject, sum(amount)::bigint as amount from weighed group by subject
 having sum(amount) <> 0),
page as (
 select * from made where :after::text is null or subject > :after::text
 order by subject limit :limit)
select page.subject, page.amount, array_agg(distinct seq order by seq) as seqs,
 (select count(*) from made) as total, (select sum(amount) from made)::bigint as sum
from page join weighed w using (subject), unnest(w.seqs) seq
where w.amount <> 0 group by page.subject, page.amount order by page.subject;
