"""The agreement and its helper; one is active per certification (R83, R84, R86). Pure."""

from __future__ import annotations

from events.contracts import assistance as ev
from services.assistance import reasons
from services.assistance.deciding import decide
from services.assistance.file import commands as cmd
from services.assistance.file.common import need_certified, need_file
from services.assistance.file.state import File
from services.assistance.foreign import Case
from services.kit.decider import DomainError, Loaded, Outcome, Release, Take, World, on


def claim(case: str) -> str:
    """Name the claim by which a case has one active agreement."""
    return f"agreement/{case}"


def helping(user: str, case: str) -> str:
    """Name the claim by which a case is one of its helper's (R84, X10)."""
    return f"helping/{user}/{case}"


def _handed(w: World, file: Loaded[File]) -> tuple[Release, ...]:
    """Take the case from its helper, where it was put down as his."""
    mine = helping(file.state.helper or "", file.id)
    return (Release(mine, file.stream),) if w.holder(mine) else ()


def need_agreement(w: World, case: str) -> Loaded[File]:
    """Return a file with an active agreement."""
    file = need_file(w, case)
    if file.state.agreement != "active":
        raise DomainError(reasons.NO_AGREEMENT)
    return file


@decide(cmd.SignAgreement)
def sign_agreement(c: cmd.SignAgreement, w: World) -> Outcome:
    """Sign with a certified person; helper, content and measures are named (R83, R84, R86)."""
    file = need_file(w, c.case)
    case = need_certified(w, c.case)
    if file.state.agreement == "active":
        raise DomainError(reasons.AGREEMENT_ACTIVE)
    if not c.content:
        raise DomainError(reasons.AGREEMENT_INCOMPLETE)
    if not c.one_to_one and _zero_household(file.state, case):
        raise DomainError(reasons.ONE_TO_ONE)
    _need_own_officer(w, c.helper)
    event = ev.AgreementSigned(
        template=c.template,
        helper=c.helper,
        content=c.content,
        measures=c.measures,
        one_to_one=c.one_to_one,
        scan=c.scan,
    )
    active = Take(claim(c.case), file.stream, reasons.AGREEMENT_ACTIVE)
    return (*on(file, event), active, Take(helping(c.helper, c.case), file.stream))


def _zero_household(file: File, case: Case) -> bool:
    """Tell whether one-to-one service is owed (R86)."""
    return file.household is not None or case.category == "zero_household"


def _need_own_officer(w: World, user: str) -> None:
    """Refuse a helper who does not work in the principal's office on the day (R84)."""
    account = w.directory.accounts.get(user)
    if account is None or account.office != w.principal.office or not account.is_open(w.day):
        raise DomainError(reasons.HELPER_UNKNOWN)


@decide(cmd.SupplementAgreement)
def supplement_agreement(c: cmd.SupplementAgreement, w: World) -> Outcome:
    """Add to the active agreement (R84)."""
    file = need_agreement(w, c.case)
    return on(file, ev.AgreementSupplemented(changes=c.changes, scan=c.scan))


@decide(cmd.ChangeHelper)
def change_helper(c: cmd.ChangeHelper, w: World) -> Outcome:
    """Hand the person over to another officer of the office; history is kept (R84, R86)."""
    file = need_agreement(w, c.case)
    if file.state.helper == c.to:
        return ()
    if file.state.helper != c.from_user:
        raise DomainError(reasons.NOT_THE_HELPER)
    _need_own_officer(w, c.to)
    event = ev.HelperChanged(from_user=c.from_user, to=c.to, reason=c.reason)
    return (*on(file, event), *_handed(w, file), Take(helping(c.to, c.case), file.stream))


@decide(cmd.EndAgreement)
def end_agreement(c: cmd.EndAgreement, w: World) -> Outcome:
    """End the agreement and with it the plan; another one may be signed (R83)."""
    file = need_file(w, c.case)
    if file.state.agreement == "ended":
        return ()
    if file.state.agreement != "active":
        raise DomainError(reasons.NO_AGREEMENT)
    ended = on(file, ev.AgreementEnded(reason=c.reason))
    return (*ended, Release(claim(c.case), file.stream), *_handed(w, file))
