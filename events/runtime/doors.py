"""Settings of the doors: where people open the console, who vouches for them, how often."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_safe(url: str) -> bool:
    """Tell whether an address may carry secrets: https, or http on this computer."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or plain)


def _safe(url: str) -> str:
    if not is_safe(url):
        raise ValueError("https is needed (http only on this computer)")
    return url


SafeUrl = Annotated[str, AfterValidator(_safe)]


class Doors(BaseSettings):
    """How people and systems come in."""

    console_url: str | None = Field(
        None, description="address of the console in the browser; https makes its cookies secure"
    )
    proxies: str = Field(
        "127.0.0.1", description="addresses or networks whose X-Forwarded-For is believed"
    )
    queries_per_second: float = Field(
        50, gt=0, description="queries of one account, on average; ten times as many at once"
    )
    searches_per_second: float = Field(
        1, gt=0, description="searches of one account, on average; sixty times as many at once"
    )

    oidc_issuer: SafeUrl | None = Field(None, description="OpenID Connect issuer, as in `iss`")
    oidc_client_id: str | None = Field(None, description="the console as the issuer knows it")
    oidc_client_secret: SecretStr | None = Field(None, description="its secret, if it has one")
    oidc_audience: str | None = Field(
        None, description="`aud` that tokens must name; the client id where absent"
    )
    oidc_claim: str = Field(
        "preferred_username", description="claim that names the login of the account"
    )
    oidc_scope: str = Field("openid profile email", description="scopes the console asks for")
    oidc_name: str | None = Field(None, description="what the button of the sign-in page says")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("BANGFU_OIDC_ISSUER needs BANGFU_OIDC_CLIENT_ID")
        return self
