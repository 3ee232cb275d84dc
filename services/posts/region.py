"""Work in another region is computed from the divisions, never typed (R80, AS 40)."""

from __future__ import annotations

from events.rules.divisions import city_of, county_of
from services.kit.decider import World


def crosses_region(w: World, residence: str, work_division: str) -> bool:
    """Tell whether work and residence (an office) lie in different counties, or cities (AS 40)."""
    home = w.directory.path(residence)
    level = w.directory.parameter("posts.cross_region_level", home, w.day)
    border = city_of if level == "city" else county_of
    return border(home) != border(work_division)
