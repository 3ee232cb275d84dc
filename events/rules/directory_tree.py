"""How the office tree grows and changes (X19): each event rewrites the offices that it touches.

A path is a division code, so what hangs under an office moves with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeAlias, TypeVar, assert_never

from events.contracts import registry as ev
from events.rules.directory_values import Leader, Office
from events.rules.divisions import natural, twelve

V = TypeVar("V")

TreeEvent: TypeAlias = (
    ev.OfficeOpened
    | ev.OfficeRenamed
    | ev.OfficeRecoded
    | ev.OfficeMoved
    | ev.OfficesMerged
    | ev.OfficeSplit
    | ev.OfficeClosed
    | ev.MiningAreaSet
    | ev.LeaderNamed
)


@dataclass(slots=True)
class Tree:
    """Offices in the making, written in place; `moves` are the paths (old, new) that changed."""

    offices: dict[str, Office]
    moves: list[tuple[str, str]] = field(default_factory=list)

    def apply(self, office: str, event: TreeEvent) -> None:
        """Take one event of an office in."""
        match event:
            case ev.OfficeOpened():
                self.offices[office] = _opened(office, event)
            case ev.OfficeRenamed():
                self._renamed(office, event)
            case ev.OfficeRecoded():
                self._repath(office, natural(event.code))
            case ev.OfficeMoved():
                self._hang(office, event.parent)
            case ev.OfficesMerged():
                for closing in event.closing:
                    for child in self._children(closing):
                        self._hang(child, event.into)
            case ev.OfficeSplit():
                self._split(office, event)
            case ev.OfficeClosed():
                self._close(office, event.from_day)
            case ev.MiningAreaSet():
                self._mining(office, event)
            case ev.LeaderNamed():
                self._led(office, event)
            case _:
                assert_never(event)

    def _renamed(self, office: str, event: ev.OfficeRenamed) -> None:
        old = self.offices[office]
        names = _dated(old.names, event.from_day, event.name)
        self.offices[office] = replace(old, name=names[-1][1], names=names)

    def _mining(self, office: str, event: ev.MiningAreaSet) -> None:
        old = self.offices[office]
        flags = _dated(old.mining, event.from_day, event.is_mining_area)
        self.offices[office] = replace(old, mining_area=flags[-1][1], mining=flags)

    def _led(self, office: str, event: ev.LeaderNamed) -> None:
        """Note the leader; the one before leads until the day before (R107)."""
        leader = Leader(event.leader, event.post, event.from_day, event.until)
        last = event.from_day - timedelta(days=1)
        old = self.offices[office]
        before = (
            replace(one, until=last) if one.until is None or one.until > last else one
            for one in old.leaders
        )
        self.offices[office] = replace(old, leaders=(*before, leader))

    def _close(self, office: str, day: date) -> None:
        self.offices[office] = replace(self.offices[office], closed=day)

    def _split(self, office: str, event: ev.OfficeSplit) -> None:
        """Close the old office; the new ones, opened before, take the children over."""
        self._close(office, event.from_day)
        for new in event.new:
            for child in new.children:
                self._hang(child, twelve(natural(new.code)))

    def _children(self, office: str) -> list[str]:
        return [one.id for one in self.offices.values() if one.parent == office]

    def _hang(self, office: str, parent: str) -> None:
        """Hang an office under another one; it keeps its own digits unless they are taken there."""
        old = self.offices[office]
        before = self.offices[old.parent].path if old.parent else ""
        self.offices[office] = replace(old, parent=parent)
        above = self.offices[parent].path
        self._repath(office, self._free(above, old.path.removeprefix(before), office))

    def _free(self, above: str, digits: str, office: str) -> str:
        """Give the path under a parent with these digits, or with the next ones not in use."""
        if not digits:
            return above
        taken = {one.path for one in self.offices.values() if one.id != office}
        number = int(digits)
        while (path := above + str(number).zfill(len(digits))) in taken:
            number += 1
        return path

    def _repath(self, office: str, new: str) -> None:
        """Give an office another path; what lies beneath it goes along."""
        old = self.offices[office].path
        for one in [self.offices[office], *self._beneath(office)]:
            if one.path.startswith(old):
                self.offices[one.id] = replace(one, path=new + one.path[len(old) :])
        self.moves.append((old, new))

    def _beneath(self, office: str) -> list[Office]:
        """List the offices that hang, at whatever depth, under an office."""
        found, level = list[Office](), {office}
        while level:
            children = [one for one in self.offices.values() if one.parent in level]
            found += children
            level = {one.id for one in children}
        return found


def _opened(office: str, event: ev.OfficeOpened) -> Office:
    """Make an office; without a code of its own it lies where its id says."""
    return Office(
        id=office,
        name=event.name,
        kind=event.kind,
        level=event.level,
        path=natural(event.code or office),
        parent=event.parent,
        opened=event.from_day,
        department=event.department,
        names=((event.from_day, event.name),),
    )


def _dated(
    history: tuple[tuple[date, V], ...], since: date, value: V
) -> tuple[tuple[date, V], ...]:
    """Put a value into its place by date; of two for one day the later knowledge counts."""
    kept = tuple(entry for entry in history if entry[0] != since)
    return tuple(sorted((*kept, (since, value)), key=lambda entry: entry[0]))
