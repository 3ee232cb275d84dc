-- name: known_at(at)$
-- The greatest seq known at an instant: one below the first event that was recorded or numbered later.
-- Halving, since both times rise with seq but for appends that ran side by side; these lie close together.
with recursive halving(lo, hi) as (
 select 0::bigint, (select coalesce(max(seq), 0) from log.numbering)
 union all
 select case when t <= :at then mid else lo end, case when t <= :at then hi else mid - 1 end
 from halving, lateral (
  select l.seq as mid, greatest(l.sequenced_at, e.recorded_at) as t
  from log.numbering l join log.events e using (pos)
  where l.seq = (lo + hi + 1) / 2 limit 1) middle
 where lo < hi),
found as (select max(lo) as seq from halving)
select coalesce(
 (select min(l.seq) - 1 from found, log.numbering l join log.events e using (pos)
  where l.seq > found.seq - 1000 and l.seq <= found.seq + 1000
  and greatest(l.sequenced_at, e.recorded_at) > :at::timestamptz), found.seq)
from found;

-- name: recorded_at(seq)
-- When the event of a seq was recorded.
select e.recorded_at from log.numbering l join log.events e using (pos) where l.seq = :seq::bigint;

-- name: checkpoint(size)$
-- The size of a checkpoint that was signed; without one the newest.
select max(size) from log.checkpoints where :size::bigint is null or size = :size::bigint;

-- name: line(slice, prev_seq, until, types, limit)
-- A slice's events of some types up to a seq, in order.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.numbering l join log.events e using (pos)
where l.slice = :slice::smallint and l.prev_seq >= :prev_seq::bigint and l.seq <= :until::bigint
and (:types::text[] is null or e.type = any(:types::text[]))
order by l.prev_seq limit :limit::int;

-- name: about(slice, subject, until)
-- Everything about a subject up to a seq, found in its slice.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.numbering l join log.events e using (pos)
where l.slice = :slice::smallint and l.seq <= :until::bigint and e.subject = :subject order by l.seq;

-- name: streams(streams, until)
-- Some streams up to a seq, in order of seq.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.events e join log.numbering l using (pos)
where e.stream = any(:streams::text[]) and l.seq <= :until::bigint order by l.seq;

-- name: streams_about(kind, above, subjects)
-- The streams of one kind about some subjects.
select stream from log.streams
where stream > :kind::text and stream < :above::text and subject = any(:subjects::text[]) order by stream;
