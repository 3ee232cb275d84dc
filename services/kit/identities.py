"""From a token of the issuer to an account of this node.

An account is bound to the identity (issuer and subject) that first signs in under its login, as a
claim names it; from then on the subject alone counts, so a login that the issuer gives to somebody
else opens nothing. Office, roles and areas come from the directory, never from the token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosql
import asyncpg
import structlog

from services.kit.decider import DomainError, Reason
from services.kit.keyring import connected
from services.kit.oidc import LEEWAY, IdentityCheck, IdentityRefusedError, IssuerAwayError

QUERIES: Any = aiosql.from_path(Path(__file__).with_name("identities.sql"), "asyncpg")
log = structlog.get_logger()

NO_ISSUER = Reason(
    "no_issuer", "", "本系统没有接入统一身份认证。", "This node knows no identity provider.",
    "请用本地账号登录。", "Sign in with a local account.", 404,
)  # fmt: skip
ISSUER_AWAY = Reason(
    "issuer_away", "", "统一身份认证暂时没有应答。", "The identity provider does not answer.",
    "请稍后重试，或用本地账号登录。", "Try again later, or sign in with a local account.", 503,
)  # fmt: skip
REFUSED = Reason(
    "identity_refused", "", "统一身份认证的凭证无效或已过期。",
    "The identity provider's token is not valid here, or has ended.",
    "请重新登录。", "Sign in again.", 401,
)  # fmt: skip
UNKNOWN = Reason(
    "identity_unknown", "", "该身份在本系统没有账号。", "This identity has no account here.",
    "请联系系统管理员开通账号。", "Ask the operator to open an account.", 403,
)  # fmt: skip
TAKEN = Reason(
    "identity_taken", "", "该账号已绑定另一身份。", "The account is bound to another identity.",
    "请联系系统管理员核实后解除绑定。", "Ask the operator to check and to unbind it.", 403,
)  # fmt: skip
CLOSED = Reason(
    "account_closed", "", "该身份的账号已注销或单位已撤销。",
    "The account of this identity, or its office, is closed.",
    "请联系系统管理员。", "Ask the operator.", 403,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identities:
    """Says whose account a token of the issuer opens; each token once."""

    check: IdentityCheck
    claim: str
    pool: asyncpg.Pool[asyncpg.Record]
    real_now: Callable[[], datetime]

    async def account(
        self, token: str, nonce: str | None, logins: Mapping[str, str], opens: Callable[[str], bool]
    ) -> str:
        """Return the account that a token opens.

        `logins` gives accounts by login, `opens` tells whether one may act today. Raises
        DomainError (401, 403, 503), KeysUnavailableError.
        """
        try:
            found = await self.check.identity(token, nonce)
        except IssuerAwayError as error:
            log.warning("issuer_away", why=str(error))
            raise DomainError(ISSUER_AWAY) from error
        except IdentityRefusedError as error:
            log.info("identity_refused", why=str(error))
            raise DomainError(REFUSED) from error
        login = _login(found.claims, self.claim)
        async with connected(self.pool) as connection:
            await self._use_up(connection, token, float(found.claims["exp"]))
            key = {"issuer": found.issuer, "subject": found.subject}
            account = await QUERIES.account(connection, **key) or logins.get(login)
            if account is None:
                raise DomainError(UNKNOWN)
            if not opens(account):
                raise DomainError(CLOSED)
            await QUERIES.bind(connection, **key, account=account)
            if await QUERIES.account(connection, **key) != account:
                raise DomainError(TAKEN)
        return str(account)

    async def _use_up(self, connection: Any, token: str, ends: float) -> None:  # noqa: ANN401
        """Take a token once; its signature does not count, which could be written in two ways."""
        digest = hashlib.sha256(token.rpartition(".")[0].encode()).digest()
        until = datetime.fromtimestamp(ends + LEEWAY, UTC)
        await QUERIES.forget(connection, before=self.real_now())
        if not await QUERIES.use_up(connection, digest=digest, until=until):
            log.info("identity_refused", why="used before")
            raise DomainError(REFUSED)

    async def unbind(self, account: str) -> None:
        """Let the next identity that signs in under the account's login have it."""
        async with connected(self.pool) as connection:
            await QUERIES.unbind(connection, account=account)


def _login(claims: Mapping[str, Any], claim: str) -> str:
    """Return the login that a claim names; an address only where the issuer has checked it."""
    if claim == "email" and claims.get("email_verified") is not True:
        return ""
    return str(claims.get(claim) or "").strip().lower()
