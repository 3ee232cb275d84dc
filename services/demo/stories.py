"""The stories that persons live through, by kind; each begins at the community's desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from events.rules.time import add_years
from services.demo import leaving, working
from services.demo.applying import Way, application, apply, enrol
from services.demo.certifying import decided
from services.demo.helping import settle_in
from services.demo.keeping import stable_from
from services.demo.member import Member
from services.demo.wishes import Script

Ending: TypeAlias = Callable[[Member], Script[None]]


def told(m: Member, way: Way, ending: Ending) -> Script[None]:
    """Tell a whole story: register, apply, be certified (or not), and what came of it."""
    yield from enrol(m)
    yield from m.workdays(1, 4)
    yield from apply(m, way)
    if (yield from decided(m, way)):
        yield from settle_in(m)
        yield from ending(m)


def ineligible(m: Member) -> Script[None]:
    """Apply without meeting any category: refused at the desk with every condition named."""
    yield from enrol(m)
    yield from m.workdays(1, 4)
    wish = application(m, Way(("aged_4050",)))
    yield from m.do(
        m.wish("officer", wish.name, may=("not_eligible",), **dict(wish.data)),
    )


def quick(m: Member) -> Script[None]:
    """Take the first post offered."""
    yield from m.days(10, 40)
    yield from _until_placed(m, public=False)


def public(m: Member) -> Script[None]:
    """Take a public-welfare post; where none is free, an enterprise's."""
    yield from m.days(15, 60)
    yield from _until_placed(m, public=True)


def settled(m: Member) -> Script[None]:
    """Take a public-welfare post, keep it half a year, and have the follow-up ended (R92)."""
    yield from m.days(2, 8)
    yield from _until_placed(m, public=True)
    if m.employed_since is None:
        return
    yield from m.until(stable_from(m.employed_since))
    yield from m.workdays(1, 6)
    if m.tracked:
        yield from m.do(m.on_case("head", "assistance.end_follow_up"))
        m.tracked = False


def slow(m: Member) -> Script[None]:
    """Excuse oneself, refuse a street's offer and a county's, and take a post in the end."""
    for unjust, by_street in ((False, False), (True, True), (True, False)):
        yield from m.days(15, 45)
        yield from working.turned_down(m, unjust=unjust, by_street=by_street)
    yield from m.days(10, 30)
    yield from _until_placed(m, public=m.chance(0.3))


def flexible(m: Member) -> Script[None]:
    """Find part-time work alone, which a visit finds out."""
    yield from m.days(30, 120)
    yield from working.found_work(m)


def exported(m: Member) -> Script[None]:
    """Leave with a batch of labour export."""
    yield from m.days(15, 60)
    for _ in range(8):
        if (yield from working.exported(m)):
            return
        yield from m.days(15, 30)


def own_business(m: Member) -> Script[None]:
    """Open a business of one's own."""
    yield from m.days(30, 90)
    yield from working.place(m, "self_employment")


def _until_placed(m: Member, *, public: bool) -> Script[None]:
    """Wait for a free place, of another kind too."""
    for _ in range(12):
        if (yield from working.offered_and_placed(m, public=public)):
            if m.chance(0.3):
                yield from m.days(20, 60)
                yield from working.confirmed(m)
            return
        public = False
        yield from m.days(10, 20)


def again(m: Member) -> Script[None]:
    """Find work, lose it, and be certified anew by the whole procedure (R35)."""
    yield from m.days(5, 15)
    yield from working.place(m, "flexible")
    yield from m.days(30, 90)
    yield from working.end_work(m)
    yield from m.workdays(1, 5)
    yield from working.register_again(m)
    yield from m.workdays(1, 4)
    way = Way(("aged_4050",))
    yield from apply(m, way)
    if (yield from decided(m, way)):
        yield from settle_in(m)
        yield from m.days(5, 20)
        yield from working.place(m, "flexible")


def job_change(m: Member) -> Script[None]:
    """Change jobs without a day between; the half year runs on (AS 16)."""
    yield from m.days(10, 30)
    if (yield from working.offered_and_placed(m)):
        yield from m.days(50, 120)
        yield from working.changed_jobs(m)


def idle(m: Member) -> Script[None]:
    """Find nothing."""
    yield from m.days(60, 90)
    yield from working.turned_down(m, unjust=False)


def gave_up(m: Member) -> Script[None]:
    """Give the wish to work up."""
    yield from m.days(30, 150)
    yield from leaving.gave_up(m)


def refusing(m: Member) -> Script[None]:
    """Refuse four times, and leave."""
    yield from leaving.refusing(m, confirm=True)


def excused(m: Member) -> Script[None]:
    """Refuse four times; the county finds one excused, and the status stays."""
    yield from leaving.refusing(m, confirm=False)


def rejudged(m: Member) -> Script[None]:
    """Refuse four times; one is judged again as excused."""
    yield from leaving.rejudged(m)


def silent(m: Member) -> Script[None]:
    """Report nothing, and leave."""
    yield from leaving.silent(m)


def silent_reversed(m: Member) -> Script[None]:
    """Report nothing, leave, and be taken back by the county."""
    yield from leaving.silent(m, undone="county")


def silent_set_aside(m: Member) -> Script[None]:
    """Report nothing, leave, and be taken back by the city."""
    yield from leaving.silent(m, undone="city")


def late_report(m: Member) -> Script[None]:
    """Report in time, recorded late."""
    yield from leaving.reported_in_time(m)


def dibao_ended(m: Member) -> Script[None]:
    """Lose the allowance."""
    yield from m.days(60, 150)
    yield from leaving.dibao_ended(m)


def retiring(m: Member) -> Script[None]:
    """Reach retirement age."""
    yield from leaving.retired(m, add_years(m.who.birth, 50))
