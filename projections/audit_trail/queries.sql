-- name: entries(low, high, root, person, actor, type, without, first, last, before, limit)
-- A page of the trail of an area, newest first, perhaps without one type of event; the root's trail
-- has the system's own acts too.
select * from rm_audit_trail
where (:person::text is null or person = :person::text)
and ((area >= :low::text and area < :high::text) or (:root::boolean and area = ''))
and (:actor::text is null or actor = :actor::text)
and (:type::text is null or type = :type::text)
and (:without::text is null or type <> :without::text)
and (:first::timestamptz is null or recorded_at >= :first::timestamptz)
and (:last::timestamptz is null or recorded_at < :last::timestamptz)
and (:before::bigint is null or seq < :before::bigint)
order by seq desc limit :limit;

-- name: looks(low, high, root, types, person, actor, first, last, before, limit)
-- A page of who of an area looked at personal data, newest first.
select * from rm_audit_trail where type = any(:types::text[])
and ((area >= :low::text and area < :high::text) or (:root::boolean and area = ''))
and (:person::text is null or person = :person::text)
and (:actor::text is null or actor = :actor::text)
and (:first::timestamptz is null or recorded_at >= :first::timestamptz)
and (:last::timestamptz is null or recorded_at < :last::timestamptz)
and (:before::bigint is null or seq < :before::bigint)
order by seq desc limit :limit;

-- name: of_person(person, until, before, read_types, reads, limit)
-- A page of what happened to a person, newest first, wherever it was done; or of who looked.
select * from rm_audit_trail where person = :person
and (type = any(:read_types::text[])) = :reads::boolean
and (:until::bigint is null or seq <= :until::bigint)
and (:before::bigint is null or seq < :before::bigint)
order by seq desc limit :limit;

-- name: of_subject(subject, until)
-- Everything about a subject in order, up to a seq.
select * from rm_audit_trail where subject = :subject
and (:until::bigint is null or seq <= :until::bigint) order by seq;

-- name: emergencies(person, type)
-- Who opened a person in an emergency, in order.
select * from rm_audit_trail where person = :person and type = :type order by seq;

-- name: at(seq)^
-- One event.
select * from rm_audit_trail where seq = :seq;

-- name: known_on(until)$
-- The last seq recorded before an instant.
select coalesce(max(seq), 0) from rm_audit_trail where recorded_at < :until;

-- name: changes(after, until, low, high, path, limit)
-- What happened in an area, or was done above it, after a seq: no bodies, no persons.
select seq, type, area, recorded_at from rm_audit_trail
where seq > :after and seq <= :until
and ((area >= :low::text and area < :high::text) or (area <> '' and :path::text like area || '%'))
order by seq limit :limit;

-- name: bodies(seqs)
-- The bodies of some events, for the values sealed in them.
select seq, type, stream, version, subject, body from rm_audit_trail where seq = any(:seqs::bigint[]);

-- name: numbered(seqs)
-- Some events, in order.
select * from rm_audit_trail where seq = any(:seqs::bigint[]) order by seq;

-- name: corrections_of(events)
-- The corrections of some events, in order.
select * from rm_audit_trail where corrects = any(:events::uuid[]) order by seq;

-- name: by_id(events)
-- Some events by their ids, in order.
select * from rm_audit_trail where event_id = any(:events::uuid[]) order by seq;

-- name: decided(proposals)
-- How some proposed corrections were decided, in order.
select * from rm_audit_trail where proposal = any(:proposals::uuid[]) order by seq;

-- name: undecided(types, limit)
-- Proposed corrections that wait for their decision, oldest first.
select * from rm_audit_trail e where type = any(:types::text[])
and not exists (select from rm_audit_trail d where d.proposal = e.event_id)
order by seq limit :limit;
