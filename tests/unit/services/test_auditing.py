"""What the verbs that look back say when they are given too little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from events.runtime.settings import Settings
from services.auditing import (
    Asked,
    _send,
    as_published,
    read_published,
    reproduces,
    trial_named,
)

FIGURE = {"metric": "M1", "value": 49, "denominator": None, "rate": None, "median": None,
          "p90": None, "parts": [{"part": "closing", "value": 49}]}  # fmt: skip
REPLAYED = {
    "answer": FIGURE,
    "known": {"day": "2008-08-31", "seq": 5788},
    "question": {"figure": "M1", "from": "2008-06-01", "to": "2008-08-31"},
}


@pytest.mark.requirement("R54")
def test_what_a_replay_printed_can_be_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "figure.json"
    path.write_text(json.dumps(REPLAYED))
    published = read_published(path)
    assert as_published(Asked(()), published).known == ("5788",)
    assert reproduces(REPLAYED, published)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"question": {}}'])
def test_a_file_that_holds_no_figure_is_told_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figure.json"
    path.write_text(text)
    with pytest.raises(typer.BadParameter, match="不是已答复的指标"):
        read_published(path)


def test_a_trial_without_a_token_names_where_to_get_one() -> None:
    with pytest.raises(typer.BadParameter, match="BANGFU_TOKEN"):
        _send(Settings(), "registry.propose_trial", {}, "")


TRIAL, PROPOSAL = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"


@pytest.mark.requirement("X17")
def test_a_trial_is_named_in_the_form_that_was_printed_or_by_itself() -> None:
    assert trial_named(f"{TRIAL}/{PROPOSAL}") == (TRIAL, PROPOSAL)
    assert trial_named(TRIAL) == (TRIAL, "")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [("X/Y", "“X”"), (f"{TRIAL}/Y", "“Y”"), (f"{TRIAL}/", "“”"), ("2024", "“2024”")],
)
def test_an_identifier_that_is_none_is_told_with_the_part_that_is_wrong(
    given: str, wrong: str
) -> None:
    with pytest.raises(typer.BadParameter, match=f"{wrong}.*不是编号.*no identifier"):
        trial_named(given)


def test_an_approval_needs_the_proposal_too() -> None:
    with pytest.raises(typer.BadParameter, match="trial/proposal"):
        trial_named(TRIAL, whole=True)
