"""The audit verbs that prove: verify, export, verifier, key, witness, statements and rebase."""

from __future__ import annotations

import asyncio
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import asyncpg
import httpx
import typer

import events
from events.log.audit import whose
from events.log.book import database_book
from events.log.checkpoints import Signer, private_key
from events.log.errors import LogRefusedError
from events.log.export import Wanted, export
from events.log.manifest import CHECKPOINTS, Manifest
from events.log.notes import NoteError, VerifierKey, parse, sign_text
from events.log.offline import read_keys, text_in
from events.log.rebase import Kind, rebase, situation
from events.log.single import single_file
from events.log.told import ToldError
from events.log.verdict import tell_report, verify_folder
from events.log.witness import FolderTree, Witness, WitnessError, newest
from events.runtime.clock import SystemClock
from events.runtime.ids import RandomIds
from events.runtime.settings import Settings
from services.commandline import Tell, audit, console, progress_bar, signer_of, ticking, verify_log

SIGNERS = "rebase.pub"
Keys = Annotated[list[Path], typer.Option("--key", help="日志公钥 / the log's public key")]
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError)


@contextmanager
def told() -> Iterator[None]:
    """Tell what stops a verb in both languages, without a trace, and end with 2."""
    try:
        yield
    except (ToldError, LogRefusedError) as error:
        detail = getattr(error, "detail", "")
        console.print(f"\n{error.zh}\n{error.en}" + f" ({detail})" * bool(detail), soft_wrap=True)
        raise typer.Exit(2) from error
    except AWAY as error:
        console.print(f"没有应答 / no answer: {type(error).__name__} {error}", soft_wrap=True)
        raise typer.Exit(2) from error


def prove() -> None:
    """Add the verbs."""
    verbs: dict[str, Callable[..., None]] = {
        "verify": verify, "export": export_verb, "verifier": verifier, "key": key,
        "witness": witness, "sign": sign, "rebase": rebase_verb,
    }  # fmt: skip
    for name, verb in verbs.items():
        audit.command(name)(verb)


def verify(
    folder: Annotated[
        Path | None,
        typer.Argument(help="导出目录；不填即运行中的日志 / export; none: live log"),
    ] = None,
    keys: Keys = [],  # noqa: B006 - typer reads it once
    witness: Annotated[list[Path], typer.Option(help="见证方公钥 / a witness's public key")] = [],  # noqa: B006
    against: Annotated[list[Path], typer.Option(help="旧检查点 / checkpoints you kept")] = [],  # noqa: B006
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """重算全部哈希、链、编号和树 / Recompute hashes, chains and tree; 1 findings, 2 unusable."""
    if folder is not None:
        if not keys:
            raise typer.BadParameter("离线核验须给出 --key / name the log's public key")
        raise typer.Exit(verify_folder(folder, keys, witness, against, as_json=as_json))
    settings = Settings.of_node().with_servers()
    with told(), progress_bar() as bar:
        kept = [text_in(path) for path in against]
        report = asyncio.run(verify_log(settings, bar, kept))
    tell_report(report, as_json=as_json)
    raise typer.Exit(0 if report.clean else 1)


def export_verb(
    out: Annotated[Path, typer.Option(help="新目录，或续写的目录 / new or unfinished folder")],
    first: Annotated[int, typer.Option("--from", min=1, help="起始编号 / first seq")] = 1,
    last: Annotated[
        int, typer.Option("--to", min=0, help="截止编号，0 为最新 / last; 0 newest")
    ] = 0,
    headers_only: Annotated[
        bool, typer.Option("--headers-only", help="不含正文和盐 / without bodies and salt")
    ] = False,
) -> None:
    """导出供离线核验，中断后同一命令续写 / Export for an offline check; goes on after a break."""
    settings = Settings.of_node().with_servers()
    with told(), progress_bar() as bar:
        tell = ticking(bar, "导出 / export")
        manifest = asyncio.run(_export(settings, out, Wanted(first, last, headers_only), tell))
    sys.stdout.write(
        f"{out}: 第 {manifest.first}–{manifest.last} 号事件，{manifest.checkpoints} 个检查点 / "
        f"events {manifest.first}–{manifest.last}, {manifest.checkpoints} checkpoints\n"
    )


async def _export(settings: Settings, out: Path, wanted: Wanted, tell: Tell) -> Manifest:
    async with database_book(settings.secret("log_url")) as book:
        signer = Signer.known(book.source, settings.home / "signer")
        keys = [signer.verifier] if signer else []
        return await export(book, out, wanted, keys, _software(), tell)


def _software() -> dict[str, str]:
    head = Path(events.__file__).parents[1] / ".git" / "HEAD"
    ref = head.read_text().strip().removeprefix("ref: ") if head.exists() else ""
    file = head.parent / ref
    commit = file.read_text().strip() if ref and file.exists() else ref
    return {"version": version("bangfu"), "commit": commit}


def verifier() -> None:
    """打印单文件核验程序 / Print the offline verifier as one file: … > verify.py."""
    sys.stdout.write(single_file())


def key() -> None:
    """打印日志公钥，供书面公布 / Print the log's public key, to be handed out on paper."""
    settings = Settings.of_node().with_servers()
    with told():
        node = asyncio.run(whose(settings.secret("log_url")))
        sys.stdout.write(f"{signer_of(settings, node.source).verifier}\n")


def witness(
    keys: Keys,
    state: Annotated[Path, typer.Option(help="见证方自己的目录 / the witness's own folder")],
    name: Annotated[str, typer.Option(help="见证方名称 / name of the witness")],
    source: Annotated[
        str, typer.Option("--of", help="导出目录，或 http://…/api/log / an export, or an address")
    ],
    out: Annotated[Path | None, typer.Option(help="联署后的检查点 / the cosigned one")] = None,
) -> None:
    """见证：只联署未被改写的日志 / Cosign the newest checkpoint if the log merely grew."""
    with told():
        own = Witness.open(name, state)
        signed = asyncio.run(_witness(own, source, read_keys(keys)))
        point = parse(signed)
        (state / "witness.pub").write_text(f"{own.verifier}\n")
        file = out or state / f"checkpoint-{point.size:012}.txt"
        file.write_text(signed)
    sys.stdout.write(f"{file}: {point.origin}, {point.size}\n{own.verifier}\n")


async def _witness(own: Witness, source: str, keys: list[VerifierKey]) -> str:
    if source.startswith(("http://", "https://")):
        async with httpx.AsyncClient(base_url=source, timeout=30) as http:
            note = (await http.get("/checkpoint")).raise_for_status().text
            size, old = _grown(own, note)
            proof = await _proof(http, old, size) if old else []
    else:
        folder = Path(source)
        note = newest([text_in(p) for p in (folder / CHECKPOINTS).glob("*.txt")], keys)
        size, old = _grown(own, note)
        proof = await FolderTree(folder, size).consistency(old) if old else []
    return own.sign(note, keys, proof, int(SystemClock().now().timestamp()))


async def _proof(http: httpx.AsyncClient, old: int, new: int) -> list[bytes]:
    query = {"old": old, "new": new}
    answer = (await http.get("/proof/consistency", params=query)).raise_for_status()
    try:
        return [b64decode(part, validate=True) for part in answer.json()["proof"]]
    except (ValueError, LookupError, TypeError) as error:
        raise WitnessError("no_proof", "应答不是一致性证明", "the answer is no proof") from error


def _grown(own: Witness, note: str) -> tuple[int, int]:
    """Return the size of a checkpoint and the size to prove it from; 0 where no proof is needed."""
    try:
        point = parse(note)
    except NoteError as error:
        raise WitnessError("unsigned", "不是检查点", f"not a checkpoint: {error}") from error
    before = own.seen(point.origin)
    return point.size, before.size if before and before.size < point.size else 0


def sign(
    text: Annotated[Path, typer.Argument(help="要签的文本 / the text to sign")],
    name: Annotated[str, typer.Option(help="签署人 / who signs")],
    own: Annotated[Path, typer.Option("--key", help="签署人密钥，无则新建 / own key, made if new")],
    out: Annotated[Path, typer.Option(help="签后的声明 / the signed statement")],
) -> None:
    """签署声明 / Sign a statement, e.g. of `rebase --draft`, with a key of one's own."""
    with told():
        secret = private_key(own)
        try:
            out.write_text(sign_text(text_in(text), name, secret))
        except NoteError as error:
            raise ToldError(str(error), str(error)) from error
    sys.stdout.write(f"{VerifierKey(name, secret.public_key().public_bytes_raw())}\n")


def rebase_verb(
    moved: Annotated[bool, typer.Option("--moved", help="有意迁移 / moved on purpose")] = False,
    forked: Annotated[bool, typer.Option("--forked", help="恢复后另起一段 / a new epoch")] = False,
    reason: Annotated[
        str, typer.Option("--draft", help="理由；打印待签文本 / print the text")
    ] = "",
    statements: Annotated[
        list[Path], typer.Option("--statement", help="两份声明 / two signed statements")
    ] = [],  # noqa: B006
    signers: Annotated[
        Path | None, typer.Option(help="签署人公钥，默认 signer/rebase.pub / who may sign")
    ] = None,
) -> None:
    """日志被拒后的出路，须两人签署 / The way on for a refused log: two people sign for it."""
    if moved == forked:
        raise typer.BadParameter("须选 --moved 或 --forked 之一 / name one of the two")
    kind: Kind = "moved" if moved else "forked"
    settings = Settings.of_node().with_servers()
    with told():
        if reason:
            sys.stdout.write(asyncio.run(_draft(settings, kind, reason)))
            return
        people = read_keys([signers or settings.home / "signer" / SIGNERS])
        texts = [text_in(path) for path in statements]
        asyncio.run(_rebase(settings, kind, texts, people))
    console.print(
        "完成。启动各角色；分叉后请重建读模型 / Done. Start the roles; after a fork rebuild the "
        "read models (bangfu rebuild all).",
        soft_wrap=True,
    )


async def _signer(settings: Settings) -> tuple[str, Signer]:
    url = settings.secret("log_url")
    return url, signer_of(settings, (await whose(url)).source)


async def _draft(settings: Settings, kind: Kind, reason: str) -> str:
    url, signer = await _signer(settings)
    connection = await asyncpg.connect(url)
    try:
        about = await situation(connection, signer)
    finally:
        await connection.close()
    return f"{about.text(kind)}reason {' '.join(reason.split())}\n"


async def _rebase(
    settings: Settings, kind: Kind, statements: list[str], people: list[VerifierKey]
) -> None:
    url, signer = await _signer(settings)
    clock = SystemClock()
    ids = RandomIds(clock)
    now = settings.simulated_from if settings.simulated else clock.now()
    await rebase(url, signer, kind, statements, people, now, [ids.new(), ids.new()])
