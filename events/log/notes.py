"""Signed checkpoints as text: C2SP tlog-checkpoint in a signed note, Ed25519."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_DASH = "— "


class NoteError(ValueError):
    """A text that is no checkpoint, or that none of the known keys signed."""


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

    @property
    def key_id(self) -> bytes:
        """The four bytes that lead a signature by this key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the key as published."""
        encoded = b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a published key; raises NoteError."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteError("not a verifier key") from error
        key = cls(name, raw[1:])
        if raw[:1] != _ED25519 or key.key_id.hex() != key_id:
            raise NoteError("not an Ed25519 verifier key")
        return key


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Return the checkpoint as a note signed by the named key."""
    body = checkpoint.body()
    verifier = VerifierKey(name, key.public_key().public_bytes_raw())
    signature = verifier.key_id + key.sign(body.encode())
    return f"{body}\n{_DASH}{name} {b64encode(signature).decode()}\n"


def add_signature(note: str, name: str, key: Ed25519PrivateKey) -> str:
    """Countersign a note (a witness, or a new key during rotation)."""
    signed = sign(parse(note), name, key)
    return note + signed.rpartition("\n\n")[2]


def parse(note: str) -> Checkpoint:
    """Read a note's checkpoint without looking at signatures; raises NoteError."""
    body, separator, signatures = note.rpartition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) < 3 or not lines[0] or not signatures.endswith("\n"):
        raise NoteError("not a signed checkpoint")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0"):
        raise NoteError("the size is not a number")
    try:
        raw = b64decode(root, validate=True)
    except binascii.Error as error:
        raise NoteError("the root is not base64") from error
    checkpoint = Checkpoint(origin, int(size), raw)
    if len(raw) != sha256().digest_size or checkpoint.body() != body + "\n":
        raise NoteError("not a plain checkpoint")
    return checkpoint


def verify(note: str, *keys: VerifierKey) -> Checkpoint:
    """Return the checkpoint if a known key signed it; raises NoteError.

    Signatures by unknown keys are ignored; a wrong one by a known key is refused.
    """
    checkpoint = parse(note)
    signed = checkpoint.body().encode()
    good = 0
    for line in note.rpartition("\n\n")[2].splitlines():
        name, signature = _signature(line)
        for key in keys:
            if key.name == name and signature.startswith(key.key_id):
                _check(key, signature[_KEY_ID_BYTES:], signed)
                good += 1
    if not good:
        raise NoteError("none of the known keys signed this checkpoint")
    return checkpoint


def _signature(line: str) -> tuple[str, bytes]:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        raw = b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise NoteError("a signature is not base64") from error
    if not line.startswith(_DASH) or not separator or len(raw) <= _KEY_ID_BYTES:
        raise NoteError("not a signature line")
    return name, raw


def _check(key: VerifierKey, signature: bytes, signed: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature as error:
        raise NoteError(f"the signature of {key.name} is wrong") from error
