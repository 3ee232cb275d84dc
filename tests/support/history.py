"""The story of a few persons with whom everything was done, by whom and when it should."""

from __future__ import annotations

from datetime import date

from tests.support.tale import COMMUNITY, END, PIT_COMMUNITY, SEALED, Tale, july


def good() -> Tale:
    """Tell a history in which everything was done, by whom and when it should."""
    t = Tale()
    t.opening()
    for name in ("anna", "bao", "chen", "dong"):
        t.person(name)
    t.post("mill")
    t.certified("anna", july(1))
    members = [{"person": name, "counts_as": "normal"} for name in ("bao", "chen")]
    t.tell("registry.household_formed", "household-home", july(1), "officer",
           {"community": COMMUNITY, "members": members})  # fmt: skip
    t.certified("bao", july(1), "zero_household", member_of="home", household="home")
    t.certified("dong", july(1))
    t.person("gao", PIT_COMMUNITY, "pit_officer")
    t.in_the_pit("gao", july(1))
    _helped(t)
    _left(t)
    return t


def _helped(t: Tale) -> None:
    """Bao finds work within the month; Anna refuses once, then takes a post."""
    job = t.placed("bao", july(40))
    t.tell(
        "certification.household_cleared",
        "household-home",
        july(40),
        "system",
        {"member": "bao", "placement": job, "in_time": True, "days": 20, "others": []},
    )
    t.refused("first", "anna", july(45), 1)
    t.offer("second", "anna", july(60))
    t.tell("posts.offer_accepted", "offer-second", july(61), "pes", {})
    t.placed("anna", july(63), "enterprise", employer="factory", post="mill", place=1,
             offer="second")  # fmt: skip
    t.tell("posts.place_taken", "post-mill", july(63), "pes", {"person": "anna", "place": 1})
    t.tell("posts.offer_taken_up", "offer-second", july(63), "pes", {"post": "mill"})
    job = t.find("posts.placed_in_job", "anna")["event_id"]
    t.tell("posts.hire_registered", "employment-anna", july(70), "pes", {"placement": job})
    months = [date(2008, month, 20) for month in (8, 9, 10, 11, 12)]
    t.visits("anna", *months, employed=july(63))
    t.visits("bao", *months, employed=july(40))
    for name in ("anna", "bao"):
        t.report(name, date(2008, 10, 17))


def _left(t: Tale) -> None:
    """Dong refuses four times and leaves; the history ends with the year."""
    t.visits("dong", date(2008, 8, 20), date(2008, 9, 16))
    for n in range(1, 4):
        t.refused(f"offer{n}", "dong", july(45 + 5 * n), n)
    fourth = t.refused("offer4", "dong", july(70), 4)
    proposal = t.case(
        "dong",
        "exit_proposed",
        july(70),
        "system",
        {"ground": "refusals", "facts": [], "clause": "x"},
        command=fourth,
    )
    t.case(
        "dong",
        "exited",
        july(80),
        "certifier",
        {
            "proposal": proposal,
            "reason": SEALED,
            "from": str(july(80)),
            "told_on": str(july(80)),
            "judgements": [{"offer": f"offer{n}", "confirmed": True} for n in range(1, 5)],
        },
    )
    t.file("dong", "file_closed", july(80), "system", {"end": proposal})
    t.case("dong", "annotation_cancelled", july(81), "reviewer", {"end": proposal})
    t.tell("registry.wishes_recorded", "person-anna", END, "officer", {"wants_work": True})
