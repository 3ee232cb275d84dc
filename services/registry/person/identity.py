"""Taking a person into the register, and changes of what is known about them. Pure."""

from __future__ import annotations

from events.contracts import registry as ev
from events.rules.divisions import level_of
from events.rules.person import IdNumber, age_band, parse_id_number
from services.kit.decider import DomainError, Loaded, Outcome, Take, World, on
from services.registry import reasons
from services.registry.deciding import decide
from services.registry.person import commands as cmd
from services.registry.person.state import PERSON, PERSON_OPENED, Person, read_hukou


def need_person(w: World, person: str, *, opened: bool = False) -> Loaded[Person]:
    """Return a person in the asker's area whose record stands (R43, X8, A14)."""
    found = w.need(PERSON_OPENED if opened else PERSON, person)
    w.authorise(found.state.residence, subject=person)
    need_standing(found.state)
    return found


def need_standing(state: Person) -> None:
    """Refuse a record that was merged away, destroyed or restricted."""
    if state.absorbed_into is not None:
        raise DomainError(reasons.PERSON_ABSORBED, survivor=state.absorbed_into)
    if state.shredded:
        raise DomainError(reasons.PERSON_SHREDDED)
    if state.restricted:
        raise DomainError(reasons.PROCESSING_RESTRICTED)


@decide(cmd.RegisterPerson)
def register_person(c: cmd.RegisterPerson, w: World) -> Outcome:
    """Register a person once, at the community of residence (R17, X8, A8)."""
    w.authorise(c.residence)
    _need_community(w, c.residence)
    if level_of(c.hukou.division) is None:
        raise DomainError(reasons.HUKOU_DIVISION)
    number = _checked(c, w)
    claim = number_claim(w, number.value)
    if (known := w.holder(claim)) is not None:
        raise DomainError(reasons.ALREADY_REGISTERED, person=known)
    person_id = w.ids.next()
    person = w.new(PERSON, f"person-{person_id}", person_id)
    event = ev.PersonRegistered(
        name=c.name,
        sex=c.sex,
        birth_date=c.birth_date,
        national_id=number.value,
        phone=c.phone,
        address=c.address,
        residence=c.residence,
        hukou=c.hukou,
        worker_type=c.worker_type,
        special_work=c.special_work,
        education=c.education,
        health=c.health,
        not_same_as=c.not_same_as,
        age_band=age_band(c.birth_date, w.day),
    )
    return (*on(person, event), Take(claim, person.stream, reasons.ALREADY_REGISTERED))


def number_claim(w: World, number: str) -> str:
    """Name the claim by which an ID number is one person's (X8)."""
    return f"national-id/{w.secret('national_id', number)}"


def _need_community(w: World, office: str) -> None:
    """Refuse a residence that is no community station at work on the day."""
    found = w.directory.office(office)
    if found is None or (found.level, found.kind) != ("community", "labour"):
        raise DomainError(reasons.NOT_A_COMMUNITY)
    if not found.is_open(w.day):
        raise DomainError(reasons.NOT_A_COMMUNITY)


def _checked(c: cmd.RegisterPerson, w: World) -> IdNumber:
    """Return the ID number in its 18-digit form; refuse with what is wrong with it first."""
    number = parse_id_number(c.national_id, on=w.day, sex=c.sex, birth_date=c.birth_date)
    if isinstance(number, IdNumber):
        return number
    raise DomainError(reasons.ID_REFUSALS[number[0]], errors=[error.value for error in number])


@decide(cmd.RecordPersonChange)
def record_person_change(c: cmd.RecordPersonChange, w: World) -> Outcome:
    """Record a change in the world, with the value as it is from that day (A6 art. 16)."""
    person = need_person(w, c.person, opened=True)
    if not fits(c.fact, c.value):
        raise DomainError(reasons.FACT_VALUE, fact=c.fact)
    if person.state.values.get(c.fact) == c.value:
        return ()
    return on(person, ev.PersonFactChanged(fact=c.fact, value=c.value, proof=c.proof))


def fits(fact: ev.PersonFactName, value: str) -> bool:
    """Tell whether a value is written as its fact demands."""
    match fact:
        case "hukou":
            hukou = read_hukou(value)
            return hukou is not None and level_of(hukou.division) is not None
        case "worker_type":
            return value in ("worker", "cadre", "unknown")
        case "special_work":
            return value in ("true", "false")
        case "education":
            return value in ev.CODE_LISTS["education"]
        case "name" | "phone" | "address":
            return len(value) <= 200
        case "health":
            return True
