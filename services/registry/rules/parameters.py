"""Parameters: proposed by one hand, set by another that saw the preview (R5, X17). Pure.

Every office that sets a parameter has its own stream, `parameter-<office>.<key>`, about the
office: a city's value for its area does not stand in the way of the province's.
"""

from __future__ import annotations

from events.contracts import registry as ev
from events.rules.parameter import Parameter
from events.rules.ruleset import NoRuleSetError, rule_set_on
from services.kit.decider import NOT_FOUND, DomainError, Loaded, Outcome, World, on
from services.registry import reasons
from services.registry.deciding import begin, decide, forbid, need_other_hand
from services.registry.rules import commands as cmd
from services.registry.rules.state import PARAMETER, ParameterState, Wish


def parameter_id(office: str, key: str) -> str:
    """Name the parameter stream of an office: `<office>.<key>`."""
    return f"{office}.{key}"


@decide(cmd.ProposeRuleParameter)
def propose_rule_parameter(c: cmd.ProposeRuleParameter, w: World) -> Outcome:
    """Propose a value that the asker's office may set for its area (R5, X17)."""
    office = w.principal.office
    w.authorise(office, kind="office")
    parameter = _known(c, w)
    level = w.principal.level
    if level is None or not parameter.may_be_set_by(level):
        raise forbid("该参数不由本级设定", "this level does not set the parameter")
    if not parameter.accepts(c.value):
        raise DomainError(reasons.PARAMETER_VALUE, **_bounds(parameter))
    if c.until is not None and c.until < c.from_day:
        raise DomainError(reasons.DATE_ORDER)
    if c.from_day < w.day:
        raise DomainError(reasons.FROM_IN_PAST)
    target = begin(w, PARAMETER, parameter_id(office, c.key), f"office-{office}")
    if any(_same(wish, c) for wish in target.state.wishes.values()):
        return ()
    event = ev.RuleParameterProposed(
        key=c.key,
        value=c.value,
        from_day=c.from_day,
        until=c.until,
        document=c.document,
        reason=c.reason,
    )
    return on(target, event)


def _known(c: cmd.ProposeRuleParameter, w: World) -> Parameter:
    """Return the parameter from the rule set in force; refuse a key that it does not know."""
    try:
        parameters = rule_set_on(w.day).parameters
    except NoRuleSetError as error:
        raise DomainError(reasons.NO_RULE_SET) from error
    if c.key not in parameters:
        raise DomainError(reasons.PARAMETER_UNKNOWN, key=c.key)
    return parameters[c.key]


def _bounds(parameter: Parameter) -> dict[str, str | int | bool | list[str]]:
    """Say which values a parameter takes."""
    bounds: dict[str, str | int | bool | list[str]] = {"kind": parameter.kind}
    if parameter.minimum is not None:
        bounds["minimum"] = parameter.minimum
    if parameter.maximum is not None:
        bounds["maximum"] = parameter.maximum
    if parameter.choices:
        bounds["choices"] = [*parameter.choices]
    return bounds


def _same(wish: Wish, c: cmd.ProposeRuleParameter) -> bool:
    """Tell whether the same value was proposed for the same term and not turned down."""
    known = wish.event
    return wish.outcome != "rejected" and (known.value, known.from_day, known.until) == (
        c.value,
        c.from_day,
        c.until,
    )


@decide(cmd.ApproveRuleParameter)
def approve_rule_parameter(c: cmd.ApproveRuleParameter, w: World) -> Outcome:
    """Set a proposed value from its first day on, never backwards (X17)."""
    target, wish = _proposal(c, w)
    if wish.outcome == "set":
        return ()
    _need_open(wish, w)
    if wish.event.from_day < w.day:
        raise DomainError(reasons.FROM_IN_PAST)
    return on(target, ev.RuleParameterSet(proposal=c.proposal, preview=c.preview))


@decide(cmd.RejectRuleParameter)
def reject_rule_parameter(c: cmd.RejectRuleParameter, w: World) -> Outcome:
    """Turn a proposed value down (X17)."""
    target, wish = _proposal(c, w)
    if wish.outcome == "rejected":
        return ()
    _need_open(wish, w)
    return on(target, ev.RuleParameterRejected(proposal=c.proposal, reason=c.reason))


def _proposal(
    c: cmd.ApproveRuleParameter | cmd.RejectRuleParameter, w: World
) -> tuple[Loaded[ParameterState], Wish]:
    """Return the proposal that a head of the office, or of one above, decides."""
    target = w.need(PARAMETER, parameter_id(c.office, c.key))
    w.authorise(c.office, kind="office")
    wish = target.state.wishes.get(c.proposal)
    if wish is None:
        raise DomainError(NOT_FOUND, what=f"event-{c.proposal}")
    return target, wish


def _need_open(wish: Wish, w: World) -> None:
    """Refuse a proposal that was decided, and the proposer's own hand (four eyes)."""
    if wish.outcome != "open":
        raise DomainError(reasons.PROPOSAL_CLOSED)
    need_other_hand(w, *wish.hands)
