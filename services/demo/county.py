"""What the county does for everybody: employers, vacancies, public posts, batches, activities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from events.contracts.registry import WORDS
from events.rules.divisions import twelve
from events.rules.time import add_months
from services.demo.market import Post
from services.demo.offices import Place, communities, name_of, shanxi
from services.demo.papers import paper
from services.demo.persons import OCCUPATIONS
from services.demo.plan import after
from services.demo.town import Town
from services.demo.wishes import Script, Wish

FIRMS = ("物业管理", "商贸", "餐饮服务", "家政服务", "机械加工", "服装", "超市连锁", "物流", "建材")
HOSTS = (
    ("城市管理局", "party_gov"),
    ("园林绿化队", "public_institution"),
    ("环境卫生管理所", "public_institution"),
    ("社区服务中心", "other"),
)
POST_TYPES = (
    ("sanitation", "保洁员"), ("greening", "绿化养护员"), ("public_order", "治安协管员"),
    ("traffic", "交通协管员"), ("convenience", "便民服务员"), ("environment", "环保监督员"),
)  # fmt: skip
MINIMUM = 72_000
"""The wage of public-welfare posts, fen a month."""
DESTINATION = "110105"
KINDS = (("job_fair", "招聘会"), ("guidance", "就业指导活动"), ("education", "政策宣讲"))


def market(town: Town) -> Script[None]:
    """Register employers, develop public posts, list vacancies each quarter (R70, R74, R95)."""
    dice, plan = town.plan.dice("market"), town.plan
    firms = list(_firms(dice, max(6, plan.persons // 25), plan.county))
    answers = yield tuple(_employer(town, *firm) for firm in firms)
    employers = [a.made("employer") for a in answers]
    hosts = [e for e, (_, kind) in zip(employers, firms, strict=True) if kind != "enterprise"]
    kinds = [kind for _, kind in firms if kind != "enterprise"]
    yield from _public_posts(town, dice, list(zip(hosts, kinds, strict=True)))
    companies = [e for e, (_, kind) in zip(employers, firms, strict=True) if kind == "enterprise"]
    while town.today < plan.last:
        yield from _vacancies(town, dice, companies)
        yield town.calendar.next_workday(add_months(town.today, 3))


def _firms(dice: Random, number: int, county: str) -> Iterator[tuple[str, str]]:
    """Yield name and kind; the first ones are the hosts of public posts."""
    name = name_of(county)
    for host, kind in HOSTS:
        yield f"{name}{host}", kind
    for i in range(number):
        brand = dice.choice("晋汾龙华兴鑫") + dice.choice("源泰盛达通和")
        yield f"{name_of(county[:4])}{brand}{dice.choice(FIRMS)}有限公司（{i + 1}）", "enterprise"


def _employer(town: Town, name: str, kind: str) -> Wish:
    code = town.plan.dice("employer", name).randrange(10**8)
    body = {
        "name": name, "unified_code": f"{code:08d}-9", "kind": kind,
        "ownership": "private" if kind == "enterprise" else "state", "division": town.plan.county,
    }  # fmt: skip
    return Wish("posts.register_employer", _pes(town), body)


def _pes(town: Town) -> str:
    return f"pes.{town.plan.county}"


def _public_posts(town: Town, dice: Random, hosts: list[tuple[str, str]]) -> Script[None]:
    """Develop public posts with few places each (R74, R75)."""
    wanted = max(6, town.plan.persons // 12)
    bodies = [_public_post(town, dice, *dice.choice(hosts)) for _ in range(wanted)]
    answers = yield tuple(Wish("posts.develop_public_post", _pes(town), b) for b in bodies)
    for body, answer in zip(bodies, answers, strict=True):
        if own := answer.made("post"):
            town.market.posts[own] = Post(
                own, body["host"], body["title"], "", body["places"], MINIMUM, date.max, public=True
            )


def _public_post(town: Town, dice: Random, host: str, kind: str) -> dict[str, Any]:
    what, title = dice.choice(POST_TYPES)
    return {
        "post_type": what, "host": host, "host_type": kind, "title": title,
        "places": dice.randint(1, 4), "work_division": town.plan.county, "wage": MINIMUM,
        "from": town.today, "document": paper("official_document", town.today, title),
    }  # fmt: skip


def _vacancies(town: Town, dice: Random, companies: list[str]) -> Script[None]:
    """List vacancies for the next half year."""
    wanted = max(5, town.plan.persons // 25)
    bodies = [_vacancy(town, dice, dice.choice(companies)) for _ in range(wanted)]
    answers = yield tuple(Wish("posts.list_vacancy", _pes(town), b) for b in bodies)
    for body, answer in zip(bodies, answers, strict=True):
        if own := answer.made("post"):
            town.market.posts[own] = Post(
                own, body["employer"], body["title"], body["occupation"], body["places"],
                body["wage"]["to"], body["until"], sex=body["suits"].get("sex"),
            )  # fmt: skip


def _vacancy(town: Town, dice: Random, employer: str) -> dict[str, Any]:
    occupation = dice.choice(OCCUPATIONS)
    wage = dice.choice((72_000, 80_000, 90_000, 110_000))
    sex = dice.choice((None, None, "male", "female"))
    return {
        "employer": employer, "title": TITLES[occupation], "occupation": occupation,
        "places": dice.randint(2, 6), "work_division": town.plan.county,
        "wage": {"from": wage - 10_000, "to": wage}, "suits": {"sex": sex} if sex else {},
        "source": "employer", "from": town.today, "until": add_months(town.today, 6),
    }  # fmt: skip


TITLES = {code: WORDS[code][0] for code in OCCUPATIONS}


def exports(town: Town) -> Script[None]:
    """Open a batch of labour export each quarter, close it with the number placed (R79)."""
    officer, county = f"reviewer.{town.plan.county}", twelve(town.plan.county)
    yield after(town.plan.first, 14)
    while town.today < town.plan.last:
        places = max(4, town.plan.persons // 50)
        body = {
            "origin": county, "destination": DESTINATION, "organiser": county, "places": places,
            "leaves_on": after(town.today, 30), "contact_station": "驻京劳务联络站",
        }  # fmt: skip
        (answer,) = yield (Wish("posts.open_export_batch", officer, body),)
        town.market.batch, town.market.batch_left = answer.made("batch"), places
        yield town.calendar.next_workday(after(town.today, 70))
        placed = places - town.market.batch_left
        batch, town.market.batch_left = town.market.batch, 0
        yield town.calendar.next_workday(after(town.today, 3))
        yield (Wish("posts.close_export_batch", officer, {"batch": batch, "placed": placed}),)
        yield town.calendar.next_workday(after(town.today, 14))


def activities(town: Town, street: Place) -> Script[None]:
    """Organise an activity of a street every two months, and close it (R27, R98)."""
    dice, officer = town.plan.dice("activities", street.code), f"officer.{street.code}"
    yield after(town.plan.first, dice.randint(20, 60))
    while town.today < town.plan.last:
        kind, title = dice.choice(KINDS)
        day = town.calendar.next_workday(after(town.today, dice.randint(20, 40)))
        body = {
            "kind": kind,
            "title": f"{street.name}{title}",
            "from": day,
            "place": f"{street.name}文化站",
        }
        (answer,) = yield (Wish("assistance.organise_activity", officer, body),)
        activity = answer.made("activity")
        town.activities[street.code] = (activity, day)
        yield town.calendar.next_workday(after(day, 7))
        invited = dice.randint(5, 40)
        closed = {"activity": activity, "invited": invited, "attended": dice.randint(2, invited)}
        yield (Wish("assistance.close_activity", officer, closed),)
        yield town.calendar.next_workday(after(town.today, dice.randint(10, 30)))


def streets(town: Town) -> tuple[Place, ...]:
    """List the streets in which persons live."""
    codes = {p.code[:9] for p in communities(town.plan)}
    return tuple(p for p in shanxi() if p.code in codes)
