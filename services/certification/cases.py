"""What most decisions about a case begin with: the case, its person, who may act, which state."""

from __future__ import annotations

from dataclasses import dataclass

from events.contracts.certification import WORDS
from events.rules.directory import Office
from events.rules.duties import Duty, duty_taken, names_of, same_person
from services.certification import reasons
from services.certification.deciding import duty_claim
from services.certification.folding import CASE
from services.certification.foreign import PERSON, Person
from services.certification.state import Case, Proposal, Status
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Take, World

LEVEL_WORDS = {"community": ("社区", "community"), "street": ("街道", "street"),
               "county": ("县（市、区）", "county")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """A case together with its person; the person's community says who is competent (R43)."""

    case: Loaded[Case]
    person: Loaded[Person]

    @property
    def state(self) -> Case:
        """Return the case's state."""
        return self.case.state

    @property
    def community(self) -> str:
        """Return the community of residence, which follows a transfer."""
        return self.person.state.residence


def matter(w: World, case: str) -> Matter:
    """Load a case, authorise over its community (R23, R43), and see that the person stands."""
    loaded = w.need(CASE, case)
    person = w.need(PERSON, loaded.state.person)
    w.authorise(person.state.residence, acted=loaded.state.acted, subject=person.id, case=loaded.id)
    need_standing(w, person)
    return Matter(loaded, person)


def need_standing(w: World, person: Loaded[Person]) -> None:
    """Refuse a record that was absorbed, restricted or destroyed, and a day before the rules."""
    if not w.rule_set:
        raise DomainError(reasons.NOT_IN_FORCE)
    if person.state.closed:
        raise DomainError(reasons.PERSON_CLOSED)


def need_state(w: World, case: Loaded[Case], *allowed: Status) -> None:
    """Refuse a command in a state that does not name it (R23, C3.8)."""
    if case.state.status in allowed:
        return
    zh, en = _word(case.state.status)
    raise DomainError(
        reasons.WRONG_STATE,
        state=case.state.status,
        state_zh=zh,
        state_en=en,
        wish_zh=w.command.zh,
        wish_en=w.command.en,
        allowed_zh="、".join(_word(s)[0] for s in allowed),
        allowed_en=", ".join(_word(s)[1] for s in allowed),
    )


def _word(status: str) -> tuple[str, str]:
    return WORDS.get(status, (status, status))


def names(w: World) -> frozenset[str]:
    """Return both names behind the command (X10)."""
    return names_of(w.principal.user, w.principal.on_behalf_of)


def need_other_hand(w: World, proposal: Proposal) -> None:
    """Refuse a second signature by one of the proposer's names (four eyes)."""
    if same_person(names(w), proposal.by):
        raise DomainError(reasons.SAME_PERSON)


def take_duty(w: World, case: Loaded[Case], duty: Duty) -> tuple[Take, ...]:
    """Take an exclusive duty for both names, or refuse who did another one (R23, AS 23)."""
    done = case.state.duties
    other = duty_taken(names(w), duty, done)
    if other is not None and not _one_officer(w, duty, other):
        raise DomainError(reasons.DUTY_TAKEN, done=other)
    return tuple(
        Take(duty_claim(case.id, name), case.stream, reasons.DUTY_TAKEN)
        for name in sorted(names(w))
        if name not in done
    )


def _one_officer(w: World, duty: Duty, other: Duty) -> bool:
    """Tell whether one county officer may review and certify (alternative of AS 23)."""
    if {duty, other} != {"reviewed", "certified"}:
        return False
    return parameter(w, "certification.two_officers", w.principal.path) is False


def parameter(w: World, key: str, path: str) -> object:
    """Return a parameter in force for an area on the day of the fact."""
    value: object = w.directory.parameter(key, path, w.day)
    return value


def number(w: World, key: str, office: str) -> int:
    """Return a whole number among the parameters in force for an office."""
    value = parameter(w, key, w.directory.path(office))
    if not isinstance(value, int):
        raise TypeError(f"{key} is no number")
    return value


def over(w: World, community: str, level: str) -> Office:
    """Return the labour office of a level over a community."""
    found = w.directory.above(community, level)
    if found is None:
        raise DomainError(NOT_FOUND, what=f"{level}/{community}")
    return found


def in_mining_area(w: World, community: str) -> bool:
    """Tell whether the community lies in an independent mining area (R24)."""
    street = w.directory.above(community, "street")
    return street is not None and street.mining_area


def holder(w: World, it: Matter) -> str:
    """Name the level whose office holds the case now."""
    match it.state.status:
        case "filed" | "registered" | "on_notice" | "returned":
            return "community"
        case "notice_closed":
            return "community" if in_mining_area(w, it.community) else "street"
        case "street_reviewed":
            return "street"
        case _:
            return "county"


def need_holder(w: World, it: Matter) -> Office:
    """Refuse an office that does not hold the case; return the one that does."""
    level = holder(w, it)
    if w.principal.level != level:
        zh, en = LEVEL_WORDS[level]
        raise DomainError(reasons.NOT_HOLDER, holder_zh=zh, holder_en=en)
    return over(w, it.community, level)
