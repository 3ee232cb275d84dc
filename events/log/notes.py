"""Signed notes and checkpoints: C2SP signed-note, tlog-checkpoint, tlog-cosignature; Ed25519.

A log's key signs the text; a witness's key signs the text with the time at which it saw it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG_KEY = b"\x01"
"""A key that signs the text as it stands."""
WITNESS_KEY = b"\x04"
"""A key that signs the text with a time (cosignature/v1)."""
MOST_SIGNATURES = 64

_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_KEY_BYTES = 32
_DASH = "— "


class NoteError(ValueError):
    """A text that is no signed note or checkpoint, or that none of the known keys signed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The statement that a log has `size` events and this root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, written `name+keyid+base64` as C2SP does."""

    name: str
    public: bytes
    kind: bytes = LOG_KEY

    @property
    def key_id(self) -> bytes:
        """The four bytes that lead a signature by this key."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the key as published."""
        encoded = b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a published key; raises NoteError."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteError("not a verifier key (name+keyid+base64)") from error
        key = cls(_named(name), raw[1:], raw[:1])
        if key.kind not in {LOG_KEY, WITNESS_KEY} or len(key.public) != _KEY_BYTES:
            raise NoteError("not an Ed25519 verifier key")
        if key.key_id.hex() != key_id:
            raise NoteError("the key does not match its own id")
        return key


@dataclass(frozen=True, slots=True)
class Seen:
    """A good signature: whose, and for a witness when (POSIX seconds)."""

    key: VerifierKey
    at: int | None = None


def sign_text(body: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return a text, which must end in a newline, as a note signed by the named key."""
    verifier = VerifierKey(_named(name), key.public_key().public_bytes_raw())
    return f"{body}\n{_line(name, verifier.key_id + key.sign(body.encode()))}"


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Return the checkpoint as a note signed by the named key."""
    return sign_text(checkpoint.body(), name, key)


def add_signature(note: str, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a note once more (a new key during rotation, or a second signer)."""
    body, _ = split(note)
    return note + sign_text(body, name, key).rpartition("\n\n")[2]


def cosign(note: str, name: str, key: Ed25519PrivateKey, at: int) -> str:
    """Add a witness's signature, made at a POSIX time, to a checkpoint."""
    verifier = VerifierKey(_named(name), key.public_key().public_bytes_raw(), WITNESS_KEY)
    signature = key.sign(_cosigned(parse(note).body(), at))
    return note + _line(
        name, verifier.key_id + at.to_bytes(_TIME_BYTES, "big", signed=True) + signature
    )


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return a note's text and its signatures (name, key id and rest); raises NoteError."""
    body, separator, signatures = note.rpartition("\n\n")
    if not separator or not body or not signatures.endswith("\n"):
        raise NoteError("not a signed note")
    if any(ord(c) < 0x20 and c != "\n" for c in note):
        raise NoteError("a note has no control characters")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"more than {MOST_SIGNATURES} signatures")
    return body + "\n", [_signature(line) for line in lines]


def opened(note: str, keys: Sequence[VerifierKey]) -> tuple[str, tuple[Seen, ...]]:
    """Return a note's text and the good signatures of known keys; raises NoteError if none.

    Signatures by unknown keys are ignored; a wrong one by a known key is refused.
    """
    body, signatures = split(note)
    known = {(key.name, key.key_id): key for key in keys}
    seen: list[Seen] = []
    for name, raw in signatures:
        key = known.get((name, raw[:_KEY_ID_BYTES]))
        if key is not None:
            seen.append(_checked(key, raw[_KEY_ID_BYTES:], body))
    if not seen:
        raise NoteError("none of the known keys signed this note")
    return body, tuple(seen)


def verify(note: str, *keys: VerifierKey) -> Checkpoint:
    """Return the checkpoint if a known key signed it; raises NoteError."""
    opened(note, keys)
    return parse(note)


def parse(note: str) -> Checkpoint:
    """Read a note's checkpoint without looking at signatures; raises NoteError."""
    body, _ = split(note)
    lines = body[:-1].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise NoteError("not a plain checkpoint: origin, size and root")
    origin, size, root = lines
    if not (size.isascii() and size.isdigit()) or str(int(size[:19])) != size:
        raise NoteError("the size is not a number")
    try:
        raw = b64decode(root, validate=True)
    except ValueError as error:
        raise NoteError("the root is not base64") from error
    checkpoint = Checkpoint(origin, int(size), raw)
    if len(raw) != _KEY_BYTES or checkpoint.body() != body:
        raise NoteError("the root is not a hash")
    return checkpoint


def _named(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise NoteError("a key's name has neither spaces nor plus signs")
    return name


def _line(name: str, signature: bytes) -> str:
    return f"{_DASH}{name} {b64encode(signature).decode()}\n"


def _signature(line: str) -> tuple[str, bytes]:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteError("a signature is not base64") from error
    if not line.startswith(_DASH) or not separator or len(raw) <= _KEY_ID_BYTES:
        raise NoteError("not a signature line")
    return _named(name), raw


def _cosigned(body: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def _checked(key: VerifierKey, signature: bytes, body: str) -> Seen:
    signed, at = body.encode(), None
    if key.kind == WITNESS_KEY:
        at = int.from_bytes(signature[:_TIME_BYTES], "big", signed=True)
        signed, signature = _cosigned(body, at), signature[_TIME_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature as error:
        raise NoteError(f"the signature of {key.name} is wrong") from error
    return Seen(key, at)
