-- name: active(projection)^
-- The build that readers see.
select a.build, a.previous, b.version from engine.active a join engine.builds b using (projection, build)
where a.projection = :projection;

-- name: new_build(projection, version)$
-- Give the next build of a projection its number.
insert into engine.builds (projection, build, version)
select :projection::text, coalesce(max(build), 0) + 1, :version::int from engine.builds
where projection = :projection::text returning build;

-- name: activate(projection, build)!
-- Let readers see a build.
insert into engine.active (projection, build) values (:projection, :build)
on conflict (projection) do update set previous = engine.active.build, build = excluded.build, since = now();

-- name: add_watermarks(projection, build, source, epoch)!
-- Start a node's slices at nothing.
insert into engine.watermarks (projection, build, source, slice, epoch)
select :projection, :build, :source, s, :epoch from generate_series(0, 255) s on conflict do nothing;

-- name: take_lease(projection, build, source, slices)$
-- Become the one that writes some slices; whoever did before is displaced.
with mine as materialized (select nextval('engine.leases') n)
, held as (update engine.watermarks set lease = (select n from mine)
 where projection = :projection and build = :build and source = :source
 and slice = any(:slices::smallint[]) returning slice)
select n from mine where (select count(*) from held) > 0;

-- name: watermarks(projection, build, source)
-- How far each slice got.
select slice, seq, position, epoch from engine.watermarks
where projection = :projection and build = :build and source = :source;

-- name: lock_watermarks(projection, build, source, slices)
-- Hold the watermarks of a batch's slices until its end; and what else a batch must know.
select slice, seq, position, epoch, lease, edits,
 (select build from engine.active where projection = :projection) as seen,
 exists (select 1 from engine.parked
  where projection = :projection and build = :build and source = :source) as parked
from engine.watermarks
where projection = :projection and build = :build and source = :source
and slice = any(:slices::smallint[]) order by slice for update;

-- name: move_watermarks(projection, build, source, lease, slices, seqs, positions)$
-- Move watermarks with their rows, only under our lease; answers how many moved.
with moved as (update engine.watermarks w set seq = u.seq, position = u.position
 from unnest(:slices::smallint[], :seqs::bigint[], :positions::bigint[]) u(slice, seq, position)
 where w.projection = :projection and w.build = :build and w.source = :source
 and w.slice = u.slice and w.slice = any(:slices::smallint[]) and w.lease = :lease returning 1)
select count(*) from moved, pg_notify('rows_moved', :projection);

-- name: note_edit(projection, build, source, slice)!
-- Tell the holder of the lease that rows of a slice changed beside the flow.
update engine.watermarks set edits = edits + 1
where projection = :projection and build = :build and source = :source and slice = :slice;

-- name: planned_before(projection, build, source, seq)
-- The slices whose open days were not planned anew since a change of the directory.
select slice from engine.watermarks
where projection = :projection and build = :build and source = :source and planned < :seq;

-- name: note_planned(projection, build, source, slices, seq)!
-- Say that the open days of some slices are those of a change of the directory.
update engine.watermarks set planned = greatest(planned, :seq)
where projection = :projection and build = :build and source = :source
and slice = any(:slices::smallint[]);

-- name: keep_hints(projection, build, partitions, offsets)!
-- Remember where to start reading.
insert into engine.hints (projection, build, partition, next_offset)
select :projection, :build, p, o from unnest(:partitions::smallint[], :offsets::bigint[]) u(p, o)
on conflict (projection, build, partition) do update set next_offset = excluded.next_offset;

-- name: hints(projection, build)
-- Where to start reading.
select partition, next_offset from engine.hints where projection = :projection and build = :build;

-- name: parked_subjects(projection, build, source)
-- The subjects whose events must wait.
select distinct subject from engine.parked
where projection = :projection and build = :build and source = :source;

-- name: park(projection, build, source, subjects, seqs, slices, types, reasons)!
-- Put events aside, by subject.
insert into engine.parked (projection, build, source, subject, seq, slice, type, reason)
select :projection, :build, :source, s, q, i, t, r
from unnest(:subjects::text[], :seqs::bigint[], :slices::smallint[], :types::text[], :reasons::text[]) u(s, q, i, t, r)
on conflict do nothing;

-- name: parked_events(projection, build, source, subject)
-- A subject's waiting events, in order.
select seq, slice, type, reason from engine.parked
where projection = :projection and build = :build and source = :source and subject = :subject order by seq;

-- name: unpark(projection, build, source, subject, seqs)!
-- Strike events off the list once they are applied.
delete from engine.parked where projection = :projection and build = :build and source = :source
and subject = :subject and seq = any(:seqs::bigint[]);

-- name: mark_parked(projection, build, source, subject, seq, reason)!
-- Say why an event still cannot be applied.
update engine.parked set reason = :reason
where projection = :projection and build = :build and source = :source and subject = :subject and seq = :seq;

-- name: parked_list(projection, limit)
-- The subjects parked in the active builds: what the operator sees. A null projection means all.
select p.projection, p.source, p.subject, count(*) events, min(p.seq) first_seq,
 (array_agg(p.reason order by p.seq))[1] reason, (array_agg(p.type order by p.seq))[1] type,
 min(p.parked_at) since
from engine.parked p join engine.active a using (projection, build)
where :projection::text is null or p.projection = :projection
group by p.projection, p.source, p.subject order by min(p.seq) limit :limit;

-- name: keep_known(projection, build, source, seq, position, recorded_at)!
-- Note the known point; it never goes back.
insert into engine.known (projection, build, source, seq, position, recorded_at)
values (:projection, :build, :source, :seq, :position, :recorded_at)
on conflict (projection, build, source) do update set seq = excluded.seq, position = excluded.position,
 recorded_at = excluded.recorded_at, at = now()
where engine.known.seq <= excluded.seq;

-- name: known(projection, source)^
-- The known point of the build that readers see.
select k.seq, k.position, k.recorded_at, k.at from engine.known k join engine.active a using (projection, build)
where k.projection = :projection and k.source = :source;

-- name: positions(projection, source)
-- How far readers see each slice, and under -1 the known point; nothing where no build is active.
select -1::smallint as slice, coalesce(k.position, 0) as position from engine.active a
left join engine.known k on k.projection = a.projection and k.build = a.build and k.source = :source
where a.projection = :projection
union all
select w.slice, w.position from engine.active a join engine.watermarks w using (projection, build)
where a.projection = :projection and w.source = :source;

-- name: drop_build(projection, build)!
-- Forget a build's progress.
with w as (delete from engine.watermarks where projection = :projection and build = :build),
 h as (delete from engine.hints where projection = :projection and build = :build),
 p as (delete from engine.parked where projection = :projection and build = :build),
 k as (delete from engine.known where projection = :projection and build = :build)
delete from engine.builds where projection = :projection and build = :build;

-- name: old_builds(projection)
-- Builds that nobody sees and nobody would go back to.
select b.build from engine.builds b left join engine.active a
 on a.projection = b.projection and b.build in (a.build, a.previous)
where b.projection = :projection and a.build is null;

-- name: parked_counts(source)
-- What each projection that readers see has put aside of a node: subjects, events, the first of them and why.
select p.projection, count(distinct p.subject) subjects, count(*) events, min(p.seq) first_seq,
 (array_agg(p.type order by p.seq))[1] type
from engine.parked p join engine.active a using (projection, build)
where p.source = :source group by p.projection;

-- name: seen_watermarks(source)
-- How far each slice got in what readers see.
select w.projection, w.slice, w.seq from engine.active a join engine.watermarks w using (projection, build)
where w.source = :source order by 1, 2;
