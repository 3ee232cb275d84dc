"""Zero-employment households: certified member by member, cleared by the first job (R14, R87)."""

from __future__ import annotations

from datetime import date
from functools import partial

from events.rules.time import add_months
from services.demo import leaving, working
from services.demo.certifying import Way, application, enrol, notice
from services.demo.helping import settle_in
from services.demo.member import Member
from services.demo.papers import paper
from services.demo.plan import after
from services.demo.wishes import Script, Wish
from services.demo.certifying import PHONE
