"""What guards a cluster: certificates from an authority made for it, and a password per login.

The authority's key is never written: whoever holds the folder can use its certificates, but nobody
can issue another. To renew them, delete the folder and make all anew.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from events.runtime.clock import SystemClock
from events.runtime.kafka_access import Access

LIFETIME = timedelta(days=825)
CLOCKS_DIFFER = timedelta(minutes=10)
BROKER, ADMIN = "broker", "admin"
LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Guard:
    """A folder with `ca.pem`, `broker.pem`, `admin.pem` and `<login>.password` files."""

    folder: Path

    @property
    def ca(self) -> Path:
        """The certificate that every other one is signed by."""
        return self.folder / "ca.pem"

    @property
    def broker(self) -> Path:
        """Key and certificate of the brokers, which prove themselves to each other by it."""
        return self.folder / f"{BROKER}.pem"

    @property
    def admin(self) -> Access:
        """The administrator's way in, by certificate, at the brokers' inner listener."""
        return Access("SSL", self.ca, certificate=self.folder / f"{ADMIN}.pem")

    def access(self, user: str) -> Access:
        """Return the way in of a login."""
        return Access("SASL_SSL", self.ca, user, self.folder / f"{user}.password")

    def password(self, user: str) -> str:
        """Return a login's password, made on first use."""
        file = self.folder / f"{user}.password"
        if not file.exists():
            _write(file, secrets.token_urlsafe(32).encode())
        return file.read_text().strip()

    def make(self, hosts: Iterable[str] = LOOPBACK) -> None:
        """Make authority and certificates unless they are there; `hosts` name the brokers."""
        if self.ca.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = _Authority()
        _write(self.broker, authority.issue(BROKER, hosts))
        _write(self.folder / f"{ADMIN}.pem", authority.issue(ADMIN, ()))
        _write(self.ca, authority.pem)


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)


class _Authority:
    """A certificate authority that lives as long as this object."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("bangfu kafka")
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        own = _builder(self._name, self._name, self._key.public_key())
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._own = own.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.pem = self._own.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str, hosts: Iterable[str]) -> bytes:
        """Return a fresh key with its certificate, as one PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        uses = x509.ExtendedKeyUsage(
            [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        )
        builder = _builder(_named(name), self._name, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(uses, critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
        )
        if names := [_host(host) for host in hosts]:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return private + certificate.public_bytes(serialization.Encoding.PEM) + self.pem


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(
    name: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = SystemClock().now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
