"""The pool of jobs as the employment service keeps it: posts with places, and who has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from services.demo.persons import Identity
from services.demo.plan import after


@dataclass(slots=True)
class Post:
    """A post on offer; `ended` holds the last days of those who left a place."""

    id: str
    employer: str
    title: str
    occupation: str
    places: int
    wage: int
    until: date
    public: bool = False
    sex: str | None = None
    taken: int = 0
    ended: list[date] = field(default_factory=list)

    def room(self, day: date) -> bool:
        """Tell whether a place is left from a day on, and time to fill it."""
        freed = sum(last < day for last in self.ended)
        return self.taken - freed < self.places and after(day, 45) <= self.until

    def suits(self, who: Identity) -> bool:
        """Tell whether the post takes persons of that sex."""
        return self.sex is None or self.sex == who.sex


@dataclass(slots=True)
class Market:
    """Every post by id, and the batch of labour export that runs."""

    posts: dict[str, Post] = field(default_factory=dict)
    batch: str = ""
    batch_left: int = 0

    def choose(
        self, dice: Random, who: Identity, day: date, *, public: bool, suitable: bool = True
    ) -> Post | None:
        """Choose a post with room for a person; None where there is none."""
        fits = [
            p
            for p in self.posts.values()
            if p.public is public and p.room(day) and p.suits(who) is suitable
        ]
        return dice.choice(fits) if fits else None

    def take(self, post: Post) -> None:
        """Keep a place for somebody."""
        post.taken += 1

    def free(self, post: str, last: date) -> None:
        """Give a place back after its last day."""
        self.posts[post].ended.append(last)
