-- Group commit: many commands in one call; each is appended whole, answered as a duplicate, or refused.
-- c_ per command (c_now: its time by the clock port, heeded by simulated nodes alone); t_ per stream it touches, with the version it saw; e_ per event, q_ per claim, both by touch (from 1).

set local role log_owner;
set local search_path = log;

create function append_many(
 c_id uuid[], c_print bytea[], t_cmd int[], t_stream text[], t_subject text[], t_expected int[],
 e_touch int[], e_id uuid[], e_type text[], e_meta bytea[], e_salt bytea[], e_data bytea[],
 q_touch int[], q_take boolean[], q_claim text[], c_now timestamptz[] default null)
returns table (k int, status text, why text, what text, actual int, first_pos bigint, last_pos bigint, at timestamptz)
language plpgsql security definer set search_path = log, pg_temp
set enable_seqscan = off set enable_nestloop = off set jit = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
 src bytea; sim boolean; bad boolean := false; t0 timestamptz; r record; i int; c int; t int; n int := 0; p bigint; w timestamptz; x bytea; dh bytea; s bytea; y bytea; j bytea;
 st text[] := array_fill(null::text, array[cardinality(c_id)]); wh text[] := st; ac int[] := array_fill(null::int, array[cardinality(c_id)]);
 c_first bigint[] := array_fill(null::bigint, array[cardinality(c_id)]); c_last bigint[] := c_first;
 c_at timestamptz[] := array_fill(null::timestamptz, array[cardinality(c_id)]);
 h_subject text[]; h_version int[]; h_hash bytea[]; h_at timestamptz[];
 n_pos bigint[]; n_event int[]; n_version int[]; n_at timestamptz[]; n_data bytea[]; n_prev bytea[]; n_hash bytea[];
begin
 if current_setting('transaction_isolation') <> 'read committed' then
  raise exception 'needs read committed' using errcode = '25001'; end if;
 perform pg_advisory_xact_lock_shared(7, 1); -- 1 fence
 select int4send(octet_length(convert_to(source, 'UTF8'))) || convert_to(source, 'UTF8'), simulated into src, sim -- 2 armed
  from node where armed = pg_postmaster_start_time()
  and database = (select oid from pg_database where datname = current_database());
 if src is null then raise exception 'log is not armed' using errcode = '55000'; end if;
 if cardinality(c_id) > 1 then if cardinality(c_id) <> (select count(distinct u) from unnest(c_id) u) then bad := true; end if; end if; -- 3 disjoint footprints
 if cardinality(t_stream) > 1 then if cardinality(t_stream) <> (select count(distinct u) from unnest(t_stream) u) then bad := true; end if; end if;
 if cardinality(q_touch) > 0 then
  bad := bad or cardinality(q_claim) <> (select count(distinct u) from unnest(q_claim) u) or exists (select unnest(q_touch) except select unnest(e_touch));
 end if;
 foreach c in array t_cmd loop bad := bad or c not between 1 and cardinality(c_id); end loop;
 foreach t in array e_touch loop bad := bad or t not between 1 and cardinality(t_cmd); end loop;
 if bad then raise exception 'footprints overlap or miss a stream' using errcode = '22023'; end if;
 if 0 = any(t_expected) then -- 4 heads: make, then lock, in order
  insert into streams (stream, subject, version, hash, recorded_at)
   select u, f, 0, decode(repeat('00', 32), 'hex'), '-infinity' from unnest(t_stream, t_subject, t_expected) v(u, f, e)
   where e = 0 order by u collate "C" on conflict do nothing;
 end if;
 with h as materialized (select stream, subject, version, hash, recorded_at from streams where stream = any(t_stream) order by stream for update)
 select array_agg(h.subject order by o), array_agg(coalesce(h.version, 0) order by o), array_agg(h.hash order by o), array_agg(h.recorded_at order by o)
  into h_subject, h_version, h_hash, h_at from unnest(t_stream) with ordinality v(u, o) left join h on h.stream = v.u;
 for r in select v.o::int c, v.f = m.fingerprint same, m.* from commands m join unnest(c_id, c_print) with ordinality v(i, f, o) on v.i = m.command_id
   where m.command_id = any(c_id) loop -- 5 verdicts; null = candidate
  st[r.c] := case when r.same then 'duplicate' else 'command_id' end;
  c_first[r.c] := r.first_pos; c_last[r.c] := r.last_pos; c_at[r.c] := r.recorded_at; end loop;
 for t in 1 .. cardinality(t_cmd) loop
  c := t_cmd[t];
  if h_version[t] = t_expected[t] and coalesce(h_subject[t] = t_subject[t], true) then continue; end if;
  if st[c] is null or st[c] in ('version', 'subject') and t_stream[t] collate "C" < wh[c] then
   st[c] := case when h_subject[t] <> t_subject[t] then 'subject' else 'version' end;
   wh[c] := t_stream[t]; ac[c] := h_version[t]; end if;
 end loop;
 if cardinality(q_touch) > 0 then -- 6 claims: lock, take, losers give back
  perform 1 from claims where claim = any(array(select q from unnest(q_touch, q_take, q_claim) u(t, g, q) where not g and st[t_cmd[t]] is null))
   order by claim for update;
  insert into claims (claim, stream, command_id)
   select q, t_stream[u.t], c_id[t_cmd[u.t]] from unnest(q_touch, q_take, q_claim) u(t, g, q) where g and st[t_cmd[u.t]] is null
   order by q collate "C" on conflict do nothing;
  for r in select distinct on (c) c, q || ' ' || coalesce(h.stream, '') w
    from (select t_cmd[v.t] c, v.t, v.g, v.q collate "C" q from unnest(q_touch, q_take, q_claim) v(t, g, q)) u
    left join (select * from claims where claim = any(q_claim)) h on h.claim = u.q
    where st[u.c] is null and case when u.g then h.command_id is distinct from c_id[u.c] else h.stream is distinct from t_stream[u.t] end
    order by c, q loop
   st[r.c] := 'claim'; wh[r.c] := r.w; end loop;
  delete from claims where claim = any(q_claim) and command_id = any(array(select c_id[g] from generate_subscripts(c_id, 1) g where st[g] = 'claim'));
  delete from claims where claim = any(array(select q from unnest(q_touch, q_take, q_claim) u(t, g, q) where not g and st[t_cmd[u.t]] is null));
 end if;
 t0 := clock_timestamp(); -- 7 events, heads, commands
 for i in 1 .. cardinality(e_touch) loop
  t := e_touch[i]; c := t_cmd[t];
  if st[c] is not null then continue; end if;
  n := n + 1; p := nextval('pos'); x := h_hash[t]; w := greatest(coalesce(case when sim then c_now[c] end, t0), h_at[t]); dh := sha256(e_salt[i] || e_data[i]);
  s := convert_to(t_stream[t], 'UTF8'); y := convert_to(e_type[i], 'UTF8'); j := convert_to(t_subject[t], 'UTF8');
  h_version[t] := h_version[t] + 1;
  n_pos[n] := p; n_event[n] := i; n_version[n] := h_version[t]; n_at[n] := w; n_data[n] := dh; n_prev[n] := x;
  x := sha256('\x6576742f76310a'::bytea || uuid_send(e_id[i]) || uuid_send(c_id[c]) || src || int4send(octet_length(s)) || s || int4send(h_version[t])
   || int4send(octet_length(y)) || y || int4send(octet_length(j)) || j || timestamptz_send(w) || int4send(octet_length(e_meta[i])) || e_meta[i] || dh || x);
  n_hash[n] := x; h_hash[t] := x; h_at[t] := w; c_last[c] := p; c_at[c] := greatest(c_at[c], w);
  if c_first[c] is null then c_first[c] := p; end if;
 end loop;
 insert into events (pos, stream, version, subject, type, event_id, command_id, recorded_at, meta, data, salt, data_hash, prev_hash, hash)
  select u.p, t_stream[u.t], u.v, t_subject[u.t], e_type[u.i], e_id[u.i], c_id[t_cmd[u.t]], u.w, e_meta[u.i], e_data[u.i], e_salt[u.i], u.d, u.b, u.x
  from (select n.*, e_touch[n.i] t from unnest(n_pos, n_event, n_version, n_at, n_data, n_prev, n_hash) n(p, i, v, w, d, b, x)) u;
 update streams g set version = u.v, hash = u.x, recorded_at = u.w
  from (select v.s, v.v, v.x, v.w from unnest(t_stream, h_version, h_hash, h_at, t_expected) v(s, v, x, w, e) where v.v > v.e) u
  where g.stream = any(t_stream) and g.stream = u.s and g.version < u.v;
 insert into commands (command_id, fingerprint, first_pos, last_pos, recorded_at)
  select u.i, u.f, u.a, u.z, coalesce(u.w, u.m, t0)
  from unnest(c_id, c_print, c_first, c_last, c_at, st, case when sim then c_now end) u(i, f, a, z, w, v, m) where u.v is null order by u.i;
 return query select o::int, case when v is null then 'appended' when v = 'duplicate' then v else 'conflict' end, nullif(v, 'duplicate'), b, q, a, z, coalesce(w, m, t0)
  from unnest(st, wh, ac, c_first, c_last, c_at, case when sim then c_now end) with ordinality u(v, b, q, a, z, w, m, o) order by o;
end $$;
