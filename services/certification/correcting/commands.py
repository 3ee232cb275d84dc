"""Wishes to correct certification's facts (domain.md C3.1)."""

from __future__ import annotations

from typing import ClassVar

from services.kit.correcting import commands as kit


class ProposeCorrection(kit.ProposeCorrection):
    """Say what holds instead of a recorded fact, or that it never happened (X2)."""

    type: ClassVar[str] = "certification.propose_correction"
    actors: ClassVar[tuple[str, ...]] = ("labour",)


class ApproveCorrection(kit.ApproveCorrection):
    """Let a proposed correction take effect: another person, a head or one level up (X2)."""

    type: ClassVar[str] = "certification.approve_correction"


class RejectCorrection(kit.RejectCorrection):
    """Turn a proposed correction down, with the reason (X2)."""

    type: ClassVar[str] = "certification.reject_correction"
