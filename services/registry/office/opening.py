"""Opening an office: its id comes from the division code, its parent is one level up. Pure.

The parent is read from its own stream, not from the directory, so that a whole tree can be
opened in one go.
"""

from __future__ import annotations

import re

from events.contracts import registry as ev
from events.rules.divisions import LEVELS, level_of, natural, parent_code, twelve
from services.kit.decider import DomainError, Loaded, Outcome, World, on
from services.registry import reasons
from services.registry.deciding import begin, decide, forbid, only_to_begin
from services.registry.office import commands as cmd
from services.registry.office.state import OFFICE, OfficeState

OUTSIDE: frozenset[ev.OfficeKind] = frozenset(
    {"training", "appraisal", "agency", "union", "youth", "women", "media"}
)
"""Bodies that a county may open, and of which a place may have several."""

_DEPARTMENT = re.compile(r"[a-z_]{1,60}")


@decide(cmd.OpenOffice)
def open_office(c: cmd.OpenOffice, w: World) -> Outcome:
    """Open an office once; the same facts again change nothing (R1, R113, X19)."""
    only_to_begin(w)
    code = _code(c)
    _authorise(c, code, w)
    if c.kind == "labour":
        return _open_labour(c, code, w)
    return _open_beneath(c, code, w)


def _code(c: cmd.OpenOffice) -> str:
    """Return the division code in natural length; refuse one that does not fit the level."""
    given = c.code or c.parent
    if given is None or (c.kind == "labour" and c.code is None):
        raise DomainError(reasons.OFFICE_CODE)
    try:
        code = natural(given)
    except ValueError as error:
        raise DomainError(reasons.OFFICE_CODE) from error
    if level_of(code) != c.level:
        raise DomainError(reasons.OFFICE_CODE)
    return code


def _authorise(c: cmd.OpenOffice, code: str, w: World) -> None:
    """Demand the right over the nearest office above that the directory knows (R43)."""
    keeper = w.principal.system or w.principal.roles & {*cmd.KEEPERS}
    if not keeper and c.kind not in OUTSIDE:
        raise forbid("只能设立辖区内的外部单位", "only outside bodies may be opened here")
    above = code if c.kind != "labour" else parent_code(code) or code
    while w.directory.office(twelve(above)) is None and (upper := parent_code(above)):
        above = upper
    w.authorise(twelve(above), kind="office")


def _open_labour(c: cmd.OpenOffice, code: str, w: World) -> Outcome:
    """Open the labour office of a division; a reused code gets the next generation's id."""
    above = parent_code(code)
    if above is not None:
        parent = c.parent or twelve(above)
        _need_parent(w, c, parent, LEVELS[LEVELS.index(c.level) - 1], code)
    elif c.parent is not None:
        raise DomainError(reasons.OFFICE_PARENT)
    else:
        parent = None
    target = _first_free(w, twelve(code), "")
    if target.exists:
        return _known(target.state, c, parent)
    return on(target, _opened(c, code, parent))


def _open_beneath(c: cmd.OpenOffice, code: str, w: World) -> Outcome:
    """Open a department or an outside body beside the labour office of its division."""
    suffix = c.department if c.kind == "department" else c.department or c.kind
    if suffix is None or not _DEPARTMENT.fullmatch(suffix):
        raise DomainError(reasons.DEPARTMENT_MISSING)
    parent = c.parent or twelve(code)
    _need_parent(w, c, parent, c.level, code)
    target = _first_free(w, twelve(code), f":{suffix}", c)
    if target.exists:
        return _known(target.state, c, parent)
    return on(target, _opened(c, code, parent))


def _need_parent(w: World, c: cmd.OpenOffice, parent: str, level: str, code: str) -> None:
    """Refuse a parent that is no labour office of that level, at work, over this code."""
    found = w.load(OFFICE, parent)
    known = w.directory.office(parent)
    path = known.path if known else natural(parent)
    fits = found.exists and (found.state.kind, found.state.level) == ("labour", level)
    if not (fits and found.state.is_open(c.from_day) and code.startswith(path)):
        raise DomainError(reasons.OFFICE_PARENT, parent=parent)


def _first_free(
    w: World, base: str, suffix: str, c: cmd.OpenOffice | None = None
) -> Loaded[OfficeState]:
    """Return the office of this code: the one that works, or the next id that is free.

    A closed office gives its code to a next generation (`-2`); several outside bodies of one
    kind share a place, told apart by name.
    """
    generation = 1
    while True:
        own = base + ("" if generation == 1 else f"-{generation}") + suffix
        found = begin(w, OFFICE, own, f"office-{own}")
        other = c is not None and c.kind in OUTSIDE and found.state.name != c.name
        if not found.exists or (found.state.closed is None and not other):
            return found
        generation += 1


def _known(state: OfficeState, c: cmd.OpenOffice, parent: str | None) -> Outcome:
    """Answer a wish for an office that works already: true as it stands, or refused."""
    known = (state.name, state.kind, state.level, state.parent)
    if known != (c.name, c.kind, c.level, parent):
        raise DomainError(reasons.OFFICE_EXISTS)
    return ()


def _opened(c: cmd.OpenOffice, code: str, parent: str | None) -> ev.OfficeOpened:
    """Make the fact, with code and parent filled in."""
    return ev.OfficeOpened(
        name=c.name,
        kind=c.kind,
        level=c.level,
        parent=parent,
        code=code,
        department=c.department,
        from_day=c.from_day,
    )
