"""The decisions of this context by command, and what several of them do alike."""

from __future__ import annotations

from typing import TypeVar

from events.rules.duties import names_of, same_person
from events.rules.roles import HEADS
from services.kit.decider import FORBIDDEN, Deciders, DomainError, Fold, Loaded, World
from services.registry import reasons

S = TypeVar("S")

decide = Deciders()


def begin(w: World, fold: Fold[S], own: str, subject: str) -> Loaded[S]:
    """Return a stream that has an id of its own choosing, whether it exists or begins now."""
    loaded = w.load(fold, own)
    return loaded if loaded.exists else w.new(fold, subject, own)


def forbid(why_zh: str, why_en: str) -> DomainError:
    """Make the refusal of a wish that the asker has no right to."""
    return DomainError(FORBIDDEN, rule="deny.registry", why_zh=why_zh, why_en=why_en)


def need_other_hand(w: World, *hands: str | None) -> None:
    """Refuse a second signature that comes from one of the first hands (four eyes)."""
    names = names_of(w.principal.user, w.principal.on_behalf_of)
    if same_person(names, {hand for hand in hands if hand}):
        raise DomainError(reasons.SAME_PERSON)


def only_to_begin(w: World) -> None:
    """Let the system open offices, accounts and roles only until the province has its head."""
    if not w.principal.system:
        return
    heads = HEADS & {"province_head"}
    if any(heads & account.roles(w.day) for account in w.directory.accounts.values()):
        raise forbid("初始设置已完成", "the first set-up is over")
