"""A whole node with its console, served for a browser: every role over real servers, a few people.

The roles run in a process of their own, so that tests drive the browser synchronously.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid5

import httpx
from pydantic import SecretStr

from events.rules.idnumber import with_check_digit
from events.runtime.kafka import EmbeddedKafka
from events.runtime.postgres import EmbeddedPostgres
from events.runtime.process import free_port
from events.runtime.settings import Settings
from projections.engine.database import install
from projections.engine.fence import READER
from services.__main__ import first_accounts
from services.kit.bootstrap import First
from services.kit.role import prepare
from tests.support.provider import CLIENT, SECRET
from tests.support.servers import login_of

T = TypeVar("T")
SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c9")
START = datetime(2009, 3, 2, 2, 0, tzinfo=UTC)
DAY = "2009-03-02"
PASSWORD = "a long enough password"  # noqa: S105  # of accounts that live for one run
COMMUNITY, STREET, COUNTY, CITY, PROVINCE = (
    "140105001001", "140105001000", "140105000000", "140100000000", "140000000000",
)  # fmt: skip
TREE = (("1401", "太原市", "city"), ("140105", "小店区", "county"),
        ("140105001", "坞城街道", "street"), ("140105001001", "学府社区", "community"))  # fmt: skip
STAFF = (
    (CITY, "city_head"), (COUNTY, "county_head"), (STREET, "street_signer"),
    (COMMUNITY, "community_officer"),
)  # fmt: skip
"""From the top down: a head approves the roles of the level beneath."""
HEADS = {PROVINCE: "head", CITY: "head", COUNTY: "city_head", STREET: "county_head",
         COMMUNITY: "street_signer"}  # fmt: skip
NAMES = {
    "community_officer": "刘敏",
    "street_signer": "王强",
    "street_officer": "高洁",
    "county_head": "赵云",
    "city_head": "孙丽",
    "auditor": "钱进",
}
FIRST = (
    First("operator", "运维", PASSWORD, ("operator",)),
    First("rules", "规则", PASSWORD, ("rule_admin", "province_officer")),
    First("head", "厅长", PASSWORD, ("province_head",)),
)
SECONDS = 30.0
ROLES = ("write", "publish", "project", "read", "console")
EVIDENCE = ("id_card", "household_book", "unemployment_certificate", "photos", "last_contract")


@dataclass
class Person:
    """An invented person: what the register asks for, and the id it gave."""

    body: dict[str, Any]
    id: str = ""

    @property
    def name(self) -> str:
        """Return the full name."""
        return str(self.body["name"])


def paper(kind: str) -> dict[str, Any]:
    """Make a piece of evidence."""
    return {"kind": kind, "issuer": "有关单位", "issued_on": "2009-02-20", "sha256": "a" * 64}


@dataclass
class Town:
    """A served node."""

    settings: Settings
    served: subprocess.Popen[bytes]
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    people: int = 0

    @property
    def url(self) -> str:
        """Return the console's address."""
        return f"http://127.0.0.1:{self.settings.console_port}"

    def restart(self) -> None:
        """Kill the node with all its roles at once, and start it again."""
        self.served.kill()
        self.served.wait(SECONDS)
        self.served = _serve(self.settings)
        for name in ROLES:
            _ready(self.settings, name)

    def sign_in(self, login: str) -> None:
        """Take a token for a login."""
        url = f"{self.settings.write_api}/api/token"
        answer = eventually(
            lambda: httpx.post(url, json={"login": login, "password": PASSWORD}),
            lambda a: a.status_code == 200,
        )
        self.tokens[login] = answer.json()["token"]

    def do(self, login: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command that is accepted; the directory may need a moment to follow."""
        self.sent += 1
        headers = {
            "authorization": f"Bearer {self.tokens[login]}",
            "idempotency-key": str(uuid5(SPACE, f"{name}/{self.sent}")),
        }
        url = f"{self.settings.write_api}/api/commands/{name}"
        answer = eventually(
            lambda: httpx.post(url, json=body, headers=headers), lambda a: a.status_code == 200
        )
        found: dict[str, Any] = answer.json()
        return found

    def ask(self, login: str, path: str) -> httpx.Response:
        """Ask the read API."""
        headers = {"authorization": f"Bearer {self.tokens[login]}"}
        return httpx.get(f"{self.settings.read_api}{path}", headers=headers)

    def staff(self, office: str, role: str) -> None:
        """Open an account of an office with a role; its login is the role's name."""
        account = {"office": office, "name": NAMES[role], "login": role}
        opened = self.do("operator", "registry.open_account", account)
        user = str(opened["events"][0]["stream"]).split("-", 1)[1]
        wish = {"user": user, "role": role, "areas": [office], "from": DAY}
        proposed = self.do("operator", "registry.propose_role", wish)
        proposal = {"user": user, "proposal": proposed["events"][0]["event_id"]}
        self.do(HEADS[office], "registry.approve_role", proposal)
        headers = {"authorization": f"Bearer {self.tokens['operator']}"}
        body = {"login": role, "password": PASSWORD}
        url = f"{self.settings.write_api}/api/accounts/password"
        eventually(
            lambda: httpx.post(url, json=body, headers=headers), lambda a: a.status_code == 200
        )
        self.accounts[role] = user
        self.sign_in(role)

    def enrol(self, *, registered: str = "2007-01-10") -> Person:
        """Register a person of 4050 age, unemployed since a day, with wishes."""
        person = self.invent()
        who = "community_officer"
        made = self.do(who, "registry.register_person", person.body)
        person.id = str(made["events"][0]["stream"]).split("-", 1)[1]
        self.do(
            who, "registry.record_unemployment_registration",
            {"person": person.id, "last_ownership": "state", "last_employer": "机床厂",
             "last_job_ended_on": registered, "proof": [paper("termination")],
             "occurred_at": f"{registered}T09:00:00+08:00"},
        )  # fmt: skip
        return person

    def invent(self) -> Person:
        """Make a person up, no two with one ID number."""
        self.people += 1
        number = with_check_digit(f"14999919620{self.people // 28 + 1}{self.people % 28 + 1:02}002")
        body = {
            "name": f"陈玉{'梅兰竹菊芳华秀英珍丽'[self.people % 10]}", "sex": "female",
            "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
            "national_id": number, "phone": "13903510000", "address": "学府街1号楼",
            "residence": COMMUNITY, "hukou": {"division": "140105", "type": "urban"},
            "worker_type": "worker", "special_work": False, "education": "junior",
        }  # fmt: skip
        return Person(body)

    def file(self, person: Person) -> str:
        """File an application for a person and return the case."""
        filed = self.do(
            "community_officer", "certification.file_application",
            {"person": person.id, "categories": ["aged_4050"], "causes": ["skill"],
             "evidence": [paper(kind) for kind in EVIDENCE], "attest_ability": True,
             "attest_wish": True, "signed": paper("signed_form")},
        )  # fmt: skip
        return str(filed["events"][0]["stream"]).split("-", 1)[1]

    def settle(self) -> None:
        """Open the offices down to a community and the people who work there."""
        for first in FIRST:
            self.sign_in(first.login)
        for code, name, level in TREE:
            body = {"name": name, "kind": "labour", "level": level, "code": code, "from": DAY}
            self.do("rules", "registry.open_office", body)
        for office, role in STAFF:
            self.staff(office, role)


def eventually(probe: Any, holds: Any, within: float = SECONDS) -> Any:  # noqa: ANN401
    """Return what the probe tells once it holds; fail with the last answer at the deadline."""
    until = time.monotonic() + within
    pause = threading.Event()
    while True:
        try:
            found = probe()
        except httpx.HTTPError as error:
            found = error
        if not isinstance(found, httpx.HTTPError) and holds(found):
            return found
        told = getattr(found, "text", found)
        assert time.monotonic() < until, f"still {told!r} after {within} s"
        pause.wait(0.05)


@contextmanager
def running_town(postgres: EmbeddedPostgres, kafka: EmbeddedKafka, home: Path) -> Iterator[Town]:
    """Serve a node with its console until the block ends."""
    settings = apart(lambda: _settings(postgres, kafka, home))
    town = Town(settings, _serve(settings))
    try:
        for name in ROLES[:2]:
            _ready(settings, name)
        apart(lambda: first_accounts(settings, FIRST))
        for name in ROLES[2:]:
            _ready(settings, name)
        town.settle()
        yield town
    finally:
        town.served.terminate()
        town.served.wait(SECONDS)


def _serve(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "services", "serve", "all"], env={**os.environ, **_env(settings)}
    )


def _env(settings: Settings) -> dict[str, str]:
    """Write the settings as the variables that a process of its own reads."""
    same = {"partitions", "brokers"}
    told = {k: v for k, v in settings.model_dump(exclude=same).items() if v is not None}
    words = {k: v.get_secret_value() if isinstance(v, SecretStr) else v for k, v in told.items()}
    words["logins"] = json.dumps(
        {
            role: {name: url.get_secret_value() for name, url in own.items()}
            for role, own in settings.logins.items()
        }
    )
    return {f"BANGFU_{k.upper()}": str(v) for k, v in words.items()}


def apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a thread: the browser's driver keeps this thread's loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


def _ready(settings: Settings, name: str) -> None:
    url = f"http://127.0.0.1:{getattr(settings, f'{name}_port')}/readyz"
    eventually(lambda: httpx.get(url), lambda a: a.status_code == 200)


async def _settings(postgres: EmbeddedPostgres, kafka: EmbeddedKafka, home: Path) -> Settings:
    urls = {
        f"{name}_url": SecretStr(await postgres.create_database(f"browser_{name}"))
        for name in ("log", "read", "keys")
    }
    ports = {name: free_port() for name in ROLES}
    settings = Settings(
        home=home,
        source="browser",
        simulated=True,
        simulated_from=START,
        kafka=kafka.bootstrap,
        log_level="WARNING",
        write_api=f"http://127.0.0.1:{ports['write']}",
        read_api=f"http://127.0.0.1:{ports['read']}",
        publish_api=f"http://127.0.0.1:{ports['publish']}",
        oidc_issuer=f"http://localhost:{free_port()}",
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_name="统一认证",
    )
    served = settings.model_copy(
        update=urls | {f"{name}_port": port for name, port in ports.items()}
    )
    await prepare(served)
    await install(served.secret("read_url"))
    asking = SecretStr(await login_of(served.secret("read_url"), READER))
    log = SecretStr(served.secret("log_url"))
    reading = {"read": {"read_url": asking, "log_url": log}}
    return served.model_copy(update={"logins": reading})
