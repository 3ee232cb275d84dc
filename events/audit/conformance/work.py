"""Offers, posts and employment: what was offered, what was taken, and whether it could be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from events.audit.conformance.care import Cares
from events.audit.conformance.days import DAY
from events.audit.conformance.household import Households
from events.audit.conformance.terms import END_DAYS, HIRE_DAYS
from events.audit.conformance.world import Offer, Person, World
from events.audit.facts import Fact

_ENDS = {
    "posts.offer_accepted.v1": (frozenset({"offered"}), "accepted"),
    "posts.offer_refused.v1": (frozenset({"offered"}), "refused"),
    "posts.not_taken_up.v1": (frozenset({"offered", "accepted"}), "refused"),
    "posts.offer_withdrawn.v1": (frozenset({"offered", "accepted"}), "withdrawn"),
    "posts.offer_taken_up.v1": (frozenset({"offered", "accepted"}), "taken_up"),
}
_HIGH = frozenset({"province", "city", "county"})
_EMPLOYERS = frozenset({"enterprise", "public_post"})


@dataclass(slots=True)
class Post:
    """A post: how many places, which are taken by whom."""

    places: int
    taken: dict[int, str] = field(default_factory=dict)
    freed: dict[int, date] = field(default_factory=dict)
    closed: date | None = None


class Work:
    """Judges the streams of offers, posts and employment."""

    def __init__(self, world: World, cares: Cares, households: Households) -> None:
        self.world, self.cares, self.households = world, cares, households
        self.posts: dict[str, Post] = {}
        self.hires: dict[str, tuple[str, str, date, int]] = {}
        """Awaited registrations: event id → (code, office, due, seq of the fact)."""
        self._checks = {
            f"posts.{name}.v1": check
            for name, check in {
                "job_offered": self._offered,
                "refusal_judged": self._judged,
                "refusal_rejudged": self._judged,
                "vacancy_listed": self._listed,
                "public_post_developed": self._listed,
                "post_changed": self._changed,
                "post_closed": self._post_closed,
                "place_taken": self._place_taken,
                "place_freed": self._place_freed,
                "placed_in_job": self._placed,
                "employment_ended": self._ended,
                "hire_registered": self._registered,
                "end_registered": self._registered,
            }.items()
        }

    def fold(self, fact: Fact) -> None:
        """Take a fact about an offer, a post or an employment."""
        if fact.type in _ENDS:
            self._outcome(fact)
        elif check := self._checks.get(fact.type):
            check(fact)

    def finish(self) -> None:
        """Note the hires and ends that nobody registered in time."""
        for code, office, due, seq in self.hires.values():
            if self.world.today > due:
                self.world.found(code, office, "", seq, due=due, done="–")

    def _offered(self, fact: Fact) -> None:
        """R31, R34: to a person with the status and without work; what counts is AS 30."""
        world, body = self.world, fact.body
        case, person = world.cases.get(body["case"]), world.people.get(body["person"])
        if case is None or case.state != "certified" or case.person != body["person"]:
            world.at("offer_without_status", fact)
        elif person is not None and person.job is not None and person.job[0] <= fact.day:
            world.at("offer_to_employed", fact, person.job[1])
        counts = self._counts(fact)
        if counts != body["counts"]:
            world.at("offer_counts_wrong", fact, counts=body["counts"])
        if body["post"] not in self.posts:
            world.at("post_unknown", fact)
        world.offers[fact.key] = Offer(body["case"], counts)
        if case is not None:
            case.offers.add(fact.key)

    def _counts(self, fact: Fact) -> bool:
        body, offices = fact.body, self.world.offices
        if commissioned := body.get("commissioned_by"):
            return offices.level(commissioned) in _HIGH
        official = body["source"] in {"labour_department", "pes"}
        return official and offices.level(fact.office) in _HIGH

    def _outcome(self, fact: Fact) -> None:
        offer = self.world.offers.get(fact.key)
        before, after = _ENDS[fact.type]
        if offer is None:
            self.world.at("refusal_without_offer", fact)
            return
        if offer.state not in before:
            self.world.at("offer_out_of_order", fact, state=offer.state)
        offer.state = after

    def _judged(self, fact: Fact) -> None:
        """R30, AS 14: a refusal is judged, by the street, in a mining area by the county."""
        world, offer = self.world, self.world.offers.get(fact.key)
        if offer is None:
            world.at("refusal_without_offer", fact)
            return
        if offer.state != "refused":
            world.at("judged_without_refusal", fact, state=offer.state)
        again = fact.type == "posts.refusal_rejudged.v1"
        if again and fact.body["supersedes"] != offer.judgement:
            world.at("nothing_to_decide", fact)
        case = world.cases.get(offer.case)
        if case is not None and not again:
            right = world.over(case, "street" if case.route == "street" else "county")
            if fact.office != right:
                world.at("wrong_office", fact, office=fact.office, right=right)
        if again and fact.names & offer.judges:
            world.at("same_hand", fact)
        offer.judgement, offer.judged = fact.id, fact.body["judged"]
        offer.judges = fact.names

    def _listed(self, fact: Fact) -> None:
        self.posts[fact.key] = Post(fact.body["places"])

    def _changed(self, fact: Fact) -> None:
        post, places = self.posts.get(fact.key), fact.body.get("places")
        if post is None or places is None:
            return
        if places < len(post.taken):
            self.world.at("over_capacity", fact, places=places, taken=len(post.taken))
        post.places = places

    def _post_closed(self, fact: Fact) -> None:
        if post := self.posts.get(fact.key):
            post.closed = fact.day

    def _place_taken(self, fact: Fact) -> None:
        post = self.posts.get(fact.key)
        if post is None:
            self.world.at("post_unknown", fact)
            return
        place = fact.body["place"]
        free = post.freed.get(place)
        if place in post.taken or (free is not None and fact.day <= free):
            self.world.at("place_taken_twice", fact, place=place)
        elif not 1 <= place <= post.places:
            self.world.at("over_capacity", fact, places=post.places, taken=place)
        if post.closed is not None and fact.day > post.closed:
            self.world.at("post_closed_before", fact, day=post.closed)
        post.taken[place] = fact.body["person"]

    def _place_freed(self, fact: Fact) -> None:
        post, place = self.posts.get(fact.key), fact.body["place"]
        if post is None or post.taken.pop(place, None) != fact.body["person"]:
            self.world.at("place_not_taken", fact, place=place)
        elif post is not None:
            post.freed[place] = fact.day

    def _placed(self, fact: Fact) -> None:
        """R59 to R80: one job at a time, with the status or for a counted household."""
        world, body = self.world, fact.body
        person = world.people.get(body["person"])
        if person is None:
            world.at("person_unknown", fact)
            return
        if person.job is not None:
            world.at("placed_twice", fact, person.job[1])
        elif person.left is not None and fact.day <= person.left[0]:
            world.at("placed_twice", fact, person.left[1])
        self._entitled(person, fact)
        unbroken = person.left is not None and fact.day == person.left[0] + DAY
        if not (unbroken and person.lapse_due is None) or person.stable is None:
            person.stable = fact.day
        person.job = (fact.day, fact.seq)
        person.placements[fact.id] = (fact.day, fact.seq)
        if person.case is not None:
            self.cares.placed(person.case, (fact.day, fact.seq))
        person.hired = body["channel"] in _EMPLOYERS
        if person.hired:
            self._await("hire_unregistered", fact, HIRE_DAYS)

    def _entitled(self, person: Person, fact: Fact) -> None:
        case = self.world.cases.get(person.case or "")
        if case is not None and case.state == "certified":
            return
        public = fact.body["channel"] == "public_post"
        household = self.households.certified(fact.body.get("household"), fact.body["person"])
        if public or not household:
            self.world.at("placed_without_status", fact)

    def _ended(self, fact: Fact) -> None:
        person = self.world.people.get(fact.key)
        if person is None or person.job is None:
            self.world.at("ended_without_job", fact)
            return
        if fact.day < person.job[0]:
            self.world.at("ended_before_start", fact, person.job[1], start=person.job[0])
        person.job_before, person.left_by = person.job, fact.id
        person.left, person.job = (fact.day, fact.seq), None
        if fact.body["then"] == "unemployed":
            person.stable, person.lapse_due = None, fact.seq
        if person.hired:
            self._await("end_unregistered", fact, END_DAYS)

    def _await(self, code: str, fact: Fact, days: int) -> None:
        """规定 62, T21: the employer registers a hire in 30 days, an end in 15."""
        due = fact.day + timedelta(days=days)
        self.hires[fact.id] = (code, fact.office, due, fact.seq)

    def _registered(self, fact: Fact) -> None:
        named = fact.body.get("placement") or fact.body.get("end") or ""
        awaited = self.hires.pop(named, None)
        if awaited is not None and fact.day > awaited[2]:
            code, office, due, seq = awaited
            self.world.found(code, office, "", seq, fact.seq, due=due, done=fact.day)
