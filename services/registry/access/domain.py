"""Who reads a person and why: each read, reveal and emergency is an event (X14, X15). Pure."""

from __future__ import annotations

from datetime import timedelta

from events.contracts import registry as ev
from events.rules.emergencies import open_to
from services.kit.decider import Outcome, World, on
from services.kit.reading import ACCESS
from services.registry.access import commands as cmd
from services.registry.deciding import decide
from services.registry.person.identity import need_standing
from services.registry.person.state import PERSON


@decide(cmd.RecordRead)
def record_read(c: cmd.RecordRead, w: World) -> Outcome:
    """Record a read as it is given; there is nothing to judge (X14, X15, X20)."""
    w.authorise(subject=c.person)
    return _read(w, c, c)


@decide(cmd.RecordReads)
def record_reads(c: cmd.RecordReads, w: World) -> Outcome:
    """Record the reads of a page, each on its person's own stream (X14, X15, X20)."""
    w.authorise()
    return tuple(fact for one in c.reads for fact in _read(w, c, one))


def _read(
    w: World, c: cmd.RecordRead | cmd.RecordReads, one: cmd.RecordRead | cmd.OneRead
) -> Outcome:
    event = ev.PersonRead(
        person=one.person,
        page=c.page,
        fields=one.fields,
        mode=c.mode,
        purpose=c.purpose,
        under=one.under,
    )
    return on(w.load(ACCESS, one.person), event)


@decide(cmd.RevealFields)
def reveal_fields(c: cmd.RevealFields, w: World) -> Outcome:
    """Give a ticket for full numbers within the area or an open emergency (X14)."""
    person, access = w.need(PERSON, c.person).state, w.load(ACCESS, c.person)
    opened = open_to(access.state, w.now)
    w.authorise(person.residence, subject=c.person, emergency=opened)
    need_standing(person)
    event = ev.FieldsRevealed(person=c.person, fields=c.fields, reason=c.reason, text=c.text)
    return on(access, event)


@decide(cmd.OpenEmergencyAccess)
def open_emergency_access(c: cmd.OpenEmergencyAccess, w: World) -> Outcome:
    """Open a person of any area to the asker for the hours in force (X14, AS 46)."""
    person, access = w.need(PERSON, c.person).state, w.load(ACCESS, c.person)
    w.authorise(granted=w.principal.areas, subject=c.person)
    need_standing(person)
    if w.principal.user in open_to(access.state, w.now):
        return ()
    path = w.directory.path(person.residence)
    hours: int = w.directory.parameter("registry.emergency_hours", path, w.today)
    until = w.now + timedelta(hours=hours)
    return on(access, ev.EmergencyAccessOpened(person=c.person, reason=c.reason, until=until))
