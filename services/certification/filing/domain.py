"""Filing an application and everything that happens to it before the decision. Pure."""

from __future__ import annotations

from events.contracts import certification as ev
from events.rules.roles import HEADS
from services.certification import reasons
from services.certification.cases import (
    Matter,
    matter,
    need_holder,
    need_standing,
    need_state,
    take_duty,
)
from services.certification.deciding import decide, number_claim, open_claim
from services.certification.eligibility import (
    continuous_unemployment,
    judge,
    judge_again,
    need_met,
    need_papers,
)
from services.certification.filing import commands as cmd
from services.certification.folding import CASE, changed, papers
from services.certification.foreign import HOUSEHOLD, PERSON, Person
from services.certification.state import BEFORE_DECISION, Application, Status
from services.kit.decider import DomainError, Loaded, Outcome, Release, Take, World, on

_MOST = 999_999
_TRIES = 40


@decide(cmd.FileApplication)
def file_application(c: cmd.FileApplication, w: World) -> Outcome:
    """File at the community of residence, with every condition judged (R6–R18, R35)."""
    person = w.need(PERSON, c.person)
    w.authorise(person.state.residence, subject=person.id)
    need_standing(w, person)
    if (held := w.holder(open_claim(c.person))) is not None:
        raise DomainError(reasons.OPEN_CASE, case=held)
    _need_previous(w, c)
    application = _application(c)
    _need_complete(w, person, application, c.cause_text is not None)
    need_papers(w, person, application)
    judged = judge(w, person, application, w.day)
    primary = need_met(judged)
    case = w.new(CASE, f"person-{c.person}")
    case_no = _case_number(w, person.state.residence)
    event = ev.ApplicationFiled(
        person=c.person,
        categories=c.categories,
        city_category=c.city_category,
        household=c.household,
        causes=c.causes,
        cause_text=c.cause_text,
        evidence=c.evidence,
        attest_ability=c.attest_ability,
        attest_wish=c.attest_wish,
        commitment=c.commitment,
        signed=c.signed,
        previous_case=c.previous_case,
        case_no=case_no,
        primary=primary,
        continuous_unemployment=continuous_unemployment(w, person),
        findings=judged.found,
    )
    return (
        *on(case, event),
        Take(open_claim(c.person), case.stream, reasons.OPEN_CASE),
        Take(number_claim(case_no), case.stream, reasons.NUMBER_TAKEN, generated=True),
        *take_duty(w, case, "filed"),
    )


def _application(c: cmd.FileApplication) -> Application:
    return Application(
        c.categories,
        c.city_category,
        c.household,
        c.causes,
        papers(c.evidence),
        c.attest_ability,
        c.attest_wish,
    )


def _need_previous(w: World, c: cmd.FileApplication) -> None:
    """Refuse a link to a case that is not the person's own ended one (R35)."""
    if c.previous_case is None:
        return
    old = w.need(CASE, c.previous_case).state
    ended: tuple[Status, ...] = ("exited", "lapsed", "revoked", "refused", "withdrawn")
    if old.person != c.person or old.status not in ended:
        raise DomainError(reasons.PREVIOUS_CASE)


def _need_complete(
    w: World, person: Loaded[Person], application: Application, has_text: bool
) -> None:
    """Refuse an application whose own fields do not fit together (R6, R10, R14, R16)."""
    claimed = application.categories
    if not claimed or len(set(claimed)) < len(claimed):
        raise DomainError(reasons.NO_CATEGORY)
    if "other" in application.causes and not has_text:
        raise DomainError(reasons.CAUSE_TEXT_NEEDED)
    if not (application.attest_ability and application.attest_wish):
        raise DomainError(reasons.ATTESTATION_MISSING)
    if ("city" in claimed) != (application.city_category is not None):
        raise DomainError(reasons.CITY_CATEGORY_NEEDED)
    if "city" in claimed and application.city_category not in w.directory.categories:
        raise DomainError(reasons.CITY_CATEGORY_NEEDED)
    if "zero_household" in claimed and not _lives_in(w, person.id, application.household):
        raise DomainError(reasons.HOUSEHOLD_NEEDED)


def _lives_in(w: World, person: str, household: str | None) -> bool:
    return household is not None and person in w.need(HOUSEHOLD, household).state.members


def _case_number(w: World, community: str) -> str:
    """Make a free case number; the loop decides again when another command is faster."""
    county = w.directory.path(community)[:6]
    for _ in range(_TRIES):
        number = int(w.ids.next().replace("-", ""), 16) % _MOST + 1
        case_no = f"{county}-{w.day.year}-{number:06d}"
        if w.holder(number_claim(case_no)) is None:
            return case_no
    raise DomainError(reasons.NUMBER_TAKEN)


@decide(cmd.RegisterAtCommunity)
def register_at_community(c: cmd.RegisterAtCommunity, w: World) -> Outcome:
    """Register an application whose originals were seen (R19)."""
    it = matter(w, c.case)
    need_state(w, it.case, "filed")
    if any(seen >= it.state.originals for seen in c.originals_seen):
        raise DomainError(reasons.ORIGINALS)
    event = ev.CommunityRegistered(
        originals_seen=c.originals_seen, visited_on=c.visited_on, opinion=c.opinion
    )
    return on(it.case, event)


@decide(cmd.ReturnApplication)
def return_application(c: cmd.ReturnApplication, w: World) -> Outcome:
    """Return the application from the office that holds it; its clock waits (X9)."""
    it = matter(w, c.case)
    need_state(
        w, it.case, "filed", "registered", "notice_closed", "street_reviewed", "at_county",
        "county_reviewed",
    )  # fmt: skip
    need_holder(w, it)
    return on(it.case, ev.ApplicationReturned(reasons=c.reasons, missing=c.missing, text=c.text))


@decide(cmd.Resubmit)
def resubmit(c: cmd.Resubmit, w: World) -> Outcome:
    """Go on where the application was returned, or with a new notice (X9)."""
    it = matter(w, c.case)
    need_state(w, it.case, "returned")
    application = changed(it.state.application, c.evidence, c.changes)
    has_text = "other" in it.state.application.causes or _text_given(c.changes)
    _need_complete(w, it.person, application, has_text)
    need_papers(w, it.person, application)
    judged = judge_again(w, it.person, application, it.state.applied_on or w.day)
    event = ev.ApplicationResubmitted(
        evidence=c.evidence,
        changes=c.changes,
        back_to=_back_to(it, application),
        primary=need_met(judged),
        findings=judged.found,
    )
    return on(it.case, event)


def _text_given(changes: ev.Changes | None) -> bool:
    return changes is not None and changes.cause_text is not None


def _back_to(it: Matter, application: Application) -> ev.Stage:
    """Name the state to go on from; a changed notice or an upheld objection needs a new notice."""
    old = it.state.application
    posted = (old.categories, old.city_category) != (
        application.categories,
        application.city_category,
    )
    match it.state.returned_from:
        case "filed":
            return "filed"
        case ("notice_closed" | "street_reviewed" | "at_county" | "county_reviewed") as stage:
            return "registered" if posted or it.state.upheld else stage
        case _:
            return "registered"


@decide(cmd.WithdrawApplication)
def withdraw_application(c: cmd.WithdrawApplication, w: World) -> Outcome:
    """Withdraw before the decision; the person may apply anew."""
    it = matter(w, c.case)
    need_state(w, it.case, *BEFORE_DECISION)
    released = Release(open_claim(it.person.id), it.case.stream)
    return (*on(it.case, ev.ApplicationWithdrawn(statement=c.statement)), released)


@decide(cmd.AssignCase)
def assign_case(c: cmd.AssignCase, w: World) -> Outcome:
    """Assign to an officer of the office that holds the case; heads assign others (X10)."""
    it = matter(w, c.case)
    office = need_holder(w, it)
    if c.officer != w.principal.user and not w.principal.roles & HEADS:
        raise DomainError(reasons.ASSIGN_SELF)
    account = w.directory.accounts.get(c.officer)
    closed = account is not None and account.closed is not None and account.closed <= w.day
    if account is None or closed or account.office != office.id:
        raise DomainError(reasons.OFFICER)
    if it.state.officer == c.officer:
        return ()
    before = assigned(it.state.officer or "", c.case)
    handed = (Release(before, it.case.stream),) if w.holder(before) else ()
    own = Take(assigned(c.officer, c.case), it.case.stream)
    return (*on(it.case, ev.CaseAssigned(officer=c.officer)), *handed, own)


def assigned(user: str, case: str) -> str:
    """Name the claim by which a case is one of an officer's (X10)."""
    return f"assigned/{user}/{case}"
