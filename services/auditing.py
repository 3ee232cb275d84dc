"""The audit verbs that look back: replay, diff, whatif."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeAlias
from uuid import UUID

import typer
from rich.progress import Progress

from events.log.history import SLICES
from events.log.port import LogClosedError
from events.runtime.settings import Settings
from services.commandline import Tell, audit, console, post_command, progress_bar, ticking
from services.kit.decider import Context, DomainError
from services.kit.keyring import KeysUnavailableError
from services.kit.sealing import canonical
from services.trials.running import Outcome, open_runner

DAY = ["%Y-%m-%d"]
Answer: TypeAlias = dict[str, Any]
KNOWN = "编号、checkpoint[:编号]、日期或时刻 / seq, checkpoint[:size], day or instant"
Person = Annotated[str, typer.Option(help="人员编号 / person id")]
Office = Annotated[str, typer.Option(help="单位编号 / office id")]
Code = Annotated[str, typer.Option(help="指标 / figure, e.g. M1")]
First = Annotated[datetime | None, typer.Option("--from", formats=DAY, help="起 / first day")]
Last = Annotated[datetime | None, typer.Option("--to", formats=DAY, help="止 / last day")]
Valid = Annotated[datetime | None, typer.Option(formats=DAY, help="发生日期 / day as which it is")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verb was asked; see `projections/replay/verbs.py`."""

    known: tuple[str, ...]
    person: str = ""
    office: str = ""
    ledger: bool = False
    figure: str = ""
    start: date | None = None
    finish: date | None = None
    valid: date | None = None
    fold: bool = False


Ask: TypeAlias = Callable[[Settings, Asked, Tell], Coroutine[Any, Any, Answer]]
"""How the read side answers; the composition root gives it."""


def look_back(replay: Ask, differ: Ask) -> None:
    """Add the verbs, answered by the read side's own folds."""

    @audit.command("replay")
    def _replay(
        person: Person = "",
        office: Office = "",
        ledger: Annotated[
            bool, typer.Option("--ledger", help="台账 / the office's ledger")
        ] = False,
        figure: Code = "",
        first: First = None,
        last: Last = None,
        valid: Valid = None,
        known: Annotated[str, typer.Option(help=KNOWN)] = "",
        fold: Annotated[
            bool, typer.Option("--fold", help="由日志重算 / from the log, not from the cube")
        ] = False,
        against: Annotated[
            Path | None, typer.Option(help="已答复的指标 JSON / a figure as it was answered")
        ] = None,
    ) -> None:
        """回放 / A person, an office, its ledger or a figure as it was known at a point."""
        asked = Asked((known,), person, office, ledger, figure, _day(first), _day(last),
                      _day(valid), fold)  # fmt: skip
        published = read_published(against) if against else None
        if published is not None:
            asked = as_published(asked, published)
        _need_subject(asked)
        answer = _answer(replay, asked)
        _print(answer)
        if published is not None:
            same = reproduces(answer, published)
            console.print(
                "一致 / reproduced" if same else "不一致 / differs from what was published"
            )
            raise typer.Exit(0 if same else 1)

    @audit.command("diff")
    def _diff(
        from_known: Annotated[str, typer.Option(help=KNOWN)],
        to_known: Annotated[str, typer.Option(help=KNOWN)] = "",
        person: Person = "",
        office: Office = "",
        figure: Code = "",
        first: First = None,
        last: Last = None,
        valid: Valid = None,
    ) -> None:
        """比较 / What changed between two points of knowledge, and the events behind it."""
        asked = Asked((from_known, to_known), person, office, ledger=True, figure=figure,
                      start=_day(first), finish=_day(last), valid=_day(valid))  # fmt: skip
        _need_subject(asked)
        _print(_answer(differ, asked))


def read_published(path: Path) -> Answer:
    """Read a figure as the read side, or an earlier replay, answered it (R54)."""
    try:
        found: Answer = json.loads(path.read_bytes())
        if "question" in found:
            period = {name: found["question"][name] for name in ("from", "to")} | {"known": None}
            found = {**found["answer"], "known": found["known"], "period": period}
        as_published(Asked(()), found)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise typer.BadParameter(
            f"{path}: 不是已答复的指标，请给出 replay --figure 或查询接口的答复 / "
            "no figure as answered; give what replay --figure or the read side answered"
        ) from error
    return found


def as_published(asked: Asked, published: Answer) -> Asked:
    """Ask again for a figure with the words and the seq that its answer states."""
    period = published["period"]
    return replace(
        asked,
        known=(period["known"] or str(published["known"]["seq"]),),
        figure=published["metric"],
        start=date.fromisoformat(period["from"]),
        finish=date.fromisoformat(period["to"]),
    )


def reproduces(answer: Answer, published: Answer) -> bool:
    """Tell whether a replayed figure has the numbers that were published (R54, P14)."""
    own, numbers = answer["answer"], ("value", "denominator", "rate", "median", "p90")
    parts = {p["part"]: p["value"] for p in own["parts"]}
    stated = {p["part"]: p["value"] for p in published["parts"]}
    return parts == stated and all(own[name] == published[name] for name in numbers)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _need_subject(asked: Asked) -> None:
    if not asked.person and not asked.office:
        raise typer.BadParameter("请给出 --person 或 --office / give --person or --office")


def _answer(ask: Ask, asked: Asked) -> Answer:
    settings = Settings.of_node().with_servers().of_role("project")
    with progress_bar() as bar:
        try:
            answer = asyncio.run(ask(settings, asked, ticking(bar, "回放 / replay")))
        except (LookupError, RuntimeError) as error:
            if not hasattr(error, "zh"):
                raise
            console.print(f"{error.zh}\n{getattr(error, 'en', '')}")
            raise typer.Exit(2) from error
        except LogClosedError as error:
            console.print(f"日志数据库无应答 / the log's database does not answer: {error}")
            raise typer.Exit(2) from error
        for task in bar.tasks:
            bar.update(task.id, total=task.total or 1, completed=task.total or 1)
    return answer


def _print(answer: Answer) -> None:
    """Print canonical JSON: the same bytes for the same question."""
    sys.stdout.write(canonical(answer).decode() + "\n")


REFUSALS = "refusals_before_exit"
NAMES = {REFUSALS: "text.refusals", "report_exit_months": "text.report_exit_months"}
"""Short names of parameters that a trial may suppose to be otherwise."""
ALONE = 200_000
"""Events that one process has judged before others would have started."""
Trial = Annotated[str, typer.Option(help="试算编号/提议编号，如提议时所印 / as it was printed")]


def suppose(contexts: Sequence[Context]) -> None:
    """Add the verb for trials of rules, run by the write side's own deciders."""

    @audit.command("whatif")
    def _whatif(
        rule_set: Annotated[str, typer.Option(help="规则集 / rule set, e.g. 2024")] = "",
        parameter: Annotated[str, typer.Option(help=f"参数=值 / e.g. {REFUSALS}=5")] = "",
        reason: Annotated[str, typer.Option(help="理由 / why")] = "",
        known: Annotated[int | None, typer.Option(help="知悉点编号 / seq judged up to")] = None,
        approve: Trial = "",
        run: Trial = "",
        out: Annotated[Path | None, typer.Option(help="清单文件 / file of the list")] = None,
        token: Annotated[str, typer.Option(envvar="BANGFU_TOKEN", help="令牌 / token")] = "",
    ) -> None:
        """规则试算 / Judge history under other rules: propose, --approve by another, then --run."""
        settings = Settings.of_node()
        if run:
            raise typer.Exit(_run(settings, contexts, trial_named(run), out))
        if approve:
            trial, proposal = trial_named(approve, whole=True)
            body: Answer = {"trial": trial, "proposal": proposal}
            _send(settings, "registry.approve_trial", body, token)
            console.print(f"已批准 / approved\nbangfu audit whatif --run {approve}", soft_wrap=True)
            return
        wish = _wish(rule_set, parameter) | {"reason": reason or "whatif"}
        told = _send(
            settings,
            "registry.propose_trial",
            wish | ({} if known is None else {"known": known}),
            token,
        )
        event = told["events"][0]
        trial = event["stream"].partition("-")[2]
        console.print(
            "已提议，请由单位负责人或上级负责人批准 / proposed; another head approves:\n"
            f"bangfu audit whatif --approve {trial}/{event['event_id']}",
            soft_wrap=True,
        )


def trial_named(given: str, *, whole: bool = False) -> tuple[str, str]:
    """Return the trial and its proposal ("" where only the trial is given) of an identifier.

    Raises typer.BadParameter, saying what is wrong; `whole` needs both.
    """
    trial, slash, proposal = given.strip().partition("/")
    for part in (trial, proposal) if slash or whole else (trial,):
        try:
            UUID(part)
        except ValueError as error:
            raise typer.BadParameter(
                f"“{given}” 中的 “{part}” 不是编号；请照提议时所印给出 试算编号/提议编号 / "
                f"“{part}” in “{given}” is no identifier: give trial/proposal as it was printed"
            ) from error
    return trial, proposal


def _wish(rule_set: str, parameter: str) -> Answer:
    """Return what is supposed, as the command takes it."""
    if not parameter:
        return {"rule_set": rule_set}
    name, _, value = parameter.partition("=")
    try:
        known: Any = json.loads(value)
    except ValueError:
        known = value
    wish = {"key": NAMES.get(name, name), "value": known}
    return wish | ({"rule_set": rule_set} if rule_set else {})


def _send(settings: Settings, name: str, body: Answer, token: str) -> Answer:
    """Send a command; a refusal is told in its own words."""
    answer = post_command(settings, name, json.dumps(body), token)
    found: Answer = answer.json()
    if not answer.is_success:
        told = (found.get(key, "") for key in ("zh", "next_zh", "en", "next_en"))
        console.print("\n".join(filter(None, told)))
        raise typer.Exit(1)
    return found


Named: TypeAlias = tuple[str, str]
"""A trial and its proposal, which may be left out."""


def _run(settings: Settings, contexts: Sequence[Context], trial: Named, out: Path | None) -> int:
    """Run a trial with a progress bar; its list is private to its reader."""
    settings = settings.with_servers().of_role("write")
    path = out or settings.home / "trials" / f"{trial[0]}.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    try:
        with progress_bar() as bar, path.open("wb") as file:
            outcome = asyncio.run(_judged(settings, contexts, trial, file, bar))
    except DomainError as error:
        told = error.reason
        zh, en = told.zh.format(**error.data), told.en.format(**error.data)
        console.print(f"{zh}{told.next_zh}\n{en} {told.next_en}", soft_wrap=True)
        return 2
    except (LogClosedError, KeysUnavailableError) as error:
        console.print(f"数据库无应答 / a database does not answer: {type(error).__name__} {error}")
        return 2
    sys.stdout.write(json.dumps(asdict(outcome), ensure_ascii=False, sort_keys=True) + "\n")
    console.print(f"{outcome.differing} 件不同 / come out otherwise: {path}")
    return 1 if outcome.repeats is False else 0


async def _judged(
    settings: Settings, contexts: Sequence[Context], trial: Named, file: BinaryIO, bar: Progress
) -> Outcome:
    async with open_runner(settings, contexts) as runner:
        if await runner.sources.history.head() > ALONE:
            runner.processes = os.cpu_count() or 1
        tell = ticking(bar, "试算 / whatif", len(SLICES), unit=" 件")
        return await runner.run(trial[0], file, tell, trial[1])
