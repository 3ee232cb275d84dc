"""How a client reaches the cluster: encrypted, and under a login of its own (audit.md 3.5)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

Security: TypeAlias = Literal["PLAINTEXT", "SSL", "SASL_SSL"]
MECHANISM = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True)
class Access:
    """A login with its password file, or a certificate of one's own; `ca` proves the cluster.

    Files are read at each connection, so a changed password needs no restart.
    """

    security: Security = "PLAINTEXT"
    ca: Path | None = None
    user: str = ""
    password_file: Path | None = None
    certificate: Path | None = None

    def options(self) -> dict[str, Any]:
        """Return what every aiokafka client is told. Raises OSError for files that are away."""
        if self.security == "PLAINTEXT":
            return {}
        out = {"security_protocol": self.security, "ssl_context": self._context()}
        if self.security == "SSL":
            return out
        return out | {
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self._password(),
        }

    def _password(self) -> str:
        return "" if self.password_file is None else self.password_file.read_text().strip()

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate is not None:
            context.load_cert_chain(self.certificate)
        return context
