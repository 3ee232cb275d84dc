"""Checkpoints are C2SP signed notes: unknown keys are ignored, wrong signatures refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.checkpoints import Signer
from events.log.errors import LogRefusedError
from events.log.notes import Checkpoint, NoteError, VerifierKey, add_signature, parse, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
POINT = Checkpoint("node/events/1", 1_000, bytes(range(32)))


def public(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    return VerifierKey(name, key.public_key().public_bytes_raw())


def test_a_signed_checkpoint_reads_back() -> None:
    assert verify(sign(POINT, "node", KEY), public("node", KEY)) == POINT


def test_the_text_is_origin_size_and_root() -> None:
    body, _, signature = sign(POINT, "node", KEY).partition("\n\n")

    assert body.split("\n") == [
        "node/events/1", "1000", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]  # fmt: skip
    assert signature.startswith("— node ")


def test_a_published_key_of_the_reference_implementation_is_read() -> None:
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    assert str(VerifierKey.parse(text)) == text


@pytest.mark.parametrize("text", ["", "a+b", "node+00000000+AQ==", "x+c74f20a3+AQ==", "n+zz+!"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_an_unknown_signature_is_ignored_beside_a_good_one() -> None:
    note = add_signature(sign(POINT, "node", KEY), "witness", OTHER)

    assert verify(note, public("node", KEY)) == POINT
    assert verify(note, public("witness", OTHER)) == POINT


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="none of the known keys"):
        verify(sign(POINT, "node", KEY), public("node", OTHER))


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("old", "new"), [("1000", "1001"), ("events/1", "events/2"), ("AAEC", "AAED")]
)
def test_a_changed_checkpoint_is_refused(old: str, new: str) -> None:
    with pytest.raises(NoteError, match="is wrong"):
        verify(sign(POINT, "node", KEY).replace(old, new, 1), public("node", KEY))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "node\n1\nAAAA\n",
        "node\n01\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— n AAAAAAAA\n",
        "node\n1\n!!\n\n— n AAAAAAAA\n",
        "node\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nmore\n\n— n AAAAAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        parse(note)


@pytest.mark.requirement("X13")
def test_a_signer_never_signs_two_roots_of_one_size(tmp_path: Path) -> None:
    Signer.open("node", tmp_path).sign(POINT)
    restarted = Signer.open("node", tmp_path)

    assert restarted.signed(POINT.origin) == (1_000, POINT.root)
    with pytest.raises(LogRefusedError) as refused:
        restarted.sign(Checkpoint(POINT.origin, 1_000, bytes(32)))
    assert refused.value.code == "two_roots"


def test_a_signer_never_goes_back(tmp_path: Path) -> None:
    signer = Signer.open("node", tmp_path)
    signer.sign(POINT)

    with pytest.raises(LogRefusedError):
        signer.sign(Checkpoint(POINT.origin, 999, bytes(32)))


def test_the_signing_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Signer.open("node", tmp_path)

    assert (tmp_path / "signer.key").stat().st_mode & 0o777 == 0o600
