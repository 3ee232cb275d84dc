-- name: append_many(c_id, c_print, t_cmd, t_stream, t_subject, t_expected, e_touch, e_id, e_type, e_meta, e_salt, e_data, q_touch, q_take, q_claim, c_now)
-- Append a batch of commands; one row per command (status, why, what, actual, first_pos, last_pos, at).
select status, why, what, actual, first_pos, last_pos, at
from log.append_many(:c_id, :c_print, :t_cmd, :t_stream, :t_subject, :t_expected,
 :e_touch, :e_id, :e_type, :e_meta, :e_salt, :e_data, :q_touch, :q_take, :q_claim, :c_now);

-- name: node()^
-- Whose log this is, where it lives, and whether it takes the caller's clock.
select source, epoch, simulated from log.node;

-- name: armed()$
-- Whether this server, since it started, was seen to hold the very log that was signed and published.
select armed = pg_postmaster_start_time() from log.node;

-- name: read_stream(stream, version)
-- A stream's events after a version.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, coalesce(l.seq, 0), coalesce(l.prev_seq, 0)
from log.events e left join log.numbering l using (pos)
where e.stream = :stream::text and e.version > :version::int order by e.version;

-- name: read_streams(streams, versions)
-- Several streams' events after a version each.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, coalesce(l.seq, 0), coalesce(l.prev_seq, 0)
from unnest(:streams::text[], :versions::int[]) u(s, v)
 join log.events e on e.stream = u.s and e.version > u.v
 left join log.numbering l using (pos)
where e.stream = any(:streams::text[]) order by e.stream, e.version;

-- name: holders(claims)
-- The streams that hold these claims.
select claim, stream from log.claims where claim = any(:claims::text[]);

-- name: claims_like(prefix)
-- The held claims that begin with a prefix.
select claim, stream from log.claims
where claim >= :prefix::text and claim < :prefix::text || U&'\+10FFFF' order by claim;

-- name: command(command_id)
-- The events of an accepted command; one row without a position when it had none.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, coalesce(l.seq, 0), coalesce(l.prev_seq, 0)
from log.commands c left join log.events e on e.pos between c.first_pos and c.last_pos and e.command_id = c.command_id
 left join log.numbering l using (pos)
where c.command_id = :command_id::uuid order by e.pos;

-- name: fingerprint(command_id)
-- What an accepted command was told by: who sent it and its body, keyed.
select fingerprint from log.commands where command_id = :command_id::uuid;

-- name: head()$
-- The greatest seq given.
select coalesce(max(seq), 0) from log.numbering;

-- name: after(seq, limit)
-- Numbered events after a seq.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.numbering l join log.events e using (pos)
where l.seq > :seq::bigint order by l.seq limit :limit::int;

-- name: slice_after(slice, prev_seq, limit)
-- A slice's events from a seq on, to fill a hole.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.numbering l join log.events e using (pos)
where l.slice = :slice::smallint and l.prev_seq >= :prev_seq::bigint order by l.prev_seq limit :limit::int;

-- name: slice_heads()
-- The last seq of every slice that has one.
select s, h.seq from generate_series(0, 255) s,
 lateral (select seq from log.numbering where slice = s order by prev_seq desc limit 1) h;

-- name: by_reference(prefix, seq, limit)
-- Numbered reference facts (subject `office-…`) after a seq, from their own index.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.events e join log.numbering l using (pos)
where e.subject >= 'office-' and e.subject < 'office.'
 and starts_with(e.subject, :prefix::text)
 and e.pos > coalesce((select n.pos from log.numbering n where n.seq = :seq::bigint), 0)
order by e.pos limit :limit::int;

-- name: by_subject(prefix, seq, limit)
-- Numbered events after a seq about subjects that begin with a prefix; reads all events after the seq.
select e.pos, e.stream, e.version, e.subject, e.slice, e.type, e.event_id, e.command_id, e.recorded_at,
 e.meta, e.data, e.salt, e.data_hash, e.prev_hash, e.hash, l.seq, l.prev_seq
from log.numbering l join log.events e using (pos)
where starts_with(e.subject, :prefix::text) and l.seq > :seq::bigint
order by l.seq limit :limit::int;

-- name: counted()^
-- How many events were appended, how many are numbered and up to which seq, and the copy of the relay record.
select (select count(*) from log.events) appended, l.n sequenced, l.head, r.seq published, r.at noted
from (select count(*) n, coalesce(max(seq), 0) head from log.numbering) l
left join log.relay r on r.source = (select source from log.node);

-- name: delivered(slices, seqs)$
-- How many numbered events lie within the watermarks of some slices.
select count(l.seq) from unnest(:slices::smallint[], :seqs::bigint[]) w(slice, seq)
join log.numbering l on l.slice = w.slice and l.seq <= w.seq;

-- name: note_relay(source, seq, record)!
-- Keep a copy of the relay record beside the log.
insert into log.relay (source, seq, record, at) values (:source, :seq, :record::jsonb, now())
on conflict (source) do update set seq = excluded.seq, record = excluded.record, at = now();
